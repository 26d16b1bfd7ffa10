import Traces

/// θ_0 from a file.
enum StartingParameters {
    /// - Parameter arrayName: which array of a file with several.
    /// - Returns: the values in C order.
    /// - Throws: `TraceError` unless its shape is that of a step, with an axis of length 1 before it or not, and all of it is finite.
    static func read(
        _ file: RecordedTrace, arrayName: String?, for gradients: RecordedArray, of trace: RecordedTrace
    ) throws -> [Double] {
        guard let array = file.arrays.count == 1 ? file.arrays[0] : file.arrays.first(where: { $0.name == arrayName }) else {
            throw TraceError(
                path: file.path, found: "\(file.arrays.count) arrays (\(ReplayExperiment.listed(file.arrays)))",
                rule: arrayName == nil ? "one must be chosen by --array" : "none of them is \(arrayName!)")
        }
        let step = Array(gradients.shape.dropFirst())
        guard array.shape == step || array.shape == [1] + step else {
            throw TraceError(
                path: file.path, found: array.shapeText,
                rule: "must be that of a step of \(trace.path), which has \(gradients.shapeText)")
        }
        var values = [Double](repeating: 0, count: gradients.coordinateCount)
        try array.forEachBlock { block in
            var index = 0
            for row in block.steps {
                for column in block.coordinates {
                    values[row * array.coordinateCount + column] = block.values[index]
                    index += 1
                }
            }
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw TraceError(
                path: file.path, found: "\(values[index]) at coordinate \(index)", rule: "every parameter must be finite")
        }
        return values
    }
}
