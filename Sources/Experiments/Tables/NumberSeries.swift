import Errors
import Traces

/// One number for each step, read from a file: the scales or means of gradients over the steps, weights of their squares.
public enum NumberSeries {
    /// At most so many numbers.
    static let most = 10_000_000

    /// The numbers of a file in any format that a trace has, of a single column: `.npy`, `.npz` or `.safetensors` of shape [steps] or
    /// [steps, 1], or CSV with or without a name above. `-` is standard input.
    /// - Parameter parameter: what the numbers are for, in errors.
    /// - Throws: `TraceError` when the file cannot be read; `ParameterError` when it has several columns or arrays, or too many numbers.
    public static func read(_ path: String, for parameter: Parameter) throws -> [Double] {
        try readWithRecord(path, for: parameter).values
    }

    /// The same with the record of the file.
    public static func readWithRecord(_ path: String, for parameter: Parameter) throws -> (values: [Double], input: InputFile) {
        let input = TraceInput.file(path)
        let trace = try input.open()
        guard trace.arrays.count == 1, trace.arrays[0].coordinateCount == 1 else {
            throw ParameterError(parameter: parameter, value: path, rule: "must hold one column of numbers")
        }
        let array = trace.arrays[0]
        guard array.stepCount <= most else {
            throw ParameterError(parameter: parameter, value: path, rule: "must hold at most \(most) numbers")
        }
        var values = [Double](repeating: 0, count: array.stepCount)
        try array.forEachBlock { block in
            for (index, step) in block.steps.enumerated() { values[step] = block.values[index] }
        }
        return (values, try input.record(of: trace))
    }
}
