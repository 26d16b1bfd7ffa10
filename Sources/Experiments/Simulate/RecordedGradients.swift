import Errors
import Simulation
import Theory
import Traces

/// Recorded gradients as a source for the simulation: all coordinates of all arrays of a file, each
/// standardised, pooled.
public enum RecordedGradients {
    /// The most values, 1 GiB of them: drawing needs them all in memory.
    public static let mostValues = 1 << 27

    /// The source, and the file that it was read from.
    ///
    /// - Parameters:
    ///   - path: of the recorded trace.
    ///   - blockLength: how many consecutive steps of a coordinate are drawn together.
    /// - Throws: `TraceError` when the file cannot be read; `ParameterError` when its arrays differ in their number of steps,
    ///   when it has more than ``mostValues``, and for what `GradientSource.samples` refuses.
    public static func source(path: String, blockLength: Int) throws -> (source: GradientSource, input: InputFile) {
        let name = "trace:\(path)"
        let input = TraceInput.file(path)
        let trace = try input.open()
        let arrays = trace.arrays
        let steps = arrays[0].stepCount
        guard arrays.allSatisfy({ $0.stepCount == steps }) else {
            throw ParameterError(parameter: .gradients, value: name, rule: "its arrays must have the same number of steps")
        }
        var count = 0
        for array in arrays {
            // Cannot overflow: an array's size has been checked against the file's.
            count += array.coordinateCount * steps
        }
        guard count <= mostValues else {
            throw ParameterError(
                parameter: .gradients, value: name, rule: "has \(count) values, of which at most 2^27 can be drawn from")
        }
        // Coordinate after coordinate.
        var values = [Double](repeating: 0, count: count)
        var start = 0
        for array in arrays {
            try array.forEachBlock { block in
                var index = 0
                for step in block.steps {
                    for coordinate in block.coordinates {
                        values[start + coordinate * steps + step] = block.values[index]
                        index += 1
                    }
                }
            }
            start += array.coordinateCount * steps
        }
        return (try .samples(values, seriesLength: steps, blockLength: blockLength, name: name), try input.record(of: trace))
    }
}
