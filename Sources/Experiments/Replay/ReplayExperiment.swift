import Concurrency
import Errors
import Files
import Foundation
import Optimizers
import Report
import Theory
import Traces

/// What optimizers would have done with recorded gradients: each gets the same trace, whatever its own steps would have led to.
public struct ReplayExperiment: Sendable {
    /// One optimizer of the list.
    struct Entry: Sendable {
        /// As the user wrote it, but for a law of r_t that was asked for beside it.
        let name: String
        let method: OptimizationMethod

        /// `trajectory-adam-warmup-4000.npy`
        var trajectoryFile: String {
            let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "+-._".contains($0)) ? $0 : "-" }
            return "trajectory-\(String(safe)).npy"
        }
    }

    let gradients: TraceInput
    /// Of a file with several arrays.
    let arrayName: String?
    /// θ_0; nil for 0.
    let parameters: TraceInput?
    let entries: [Entry]
    let settings: MethodSettings
    let implementation: Implementation
    /// Only the first so many steps; nil for all.
    let stepLimit: Int?
    let skipsNonfinite: Bool
    /// The recorded gradients whose law an r_t is of.
    let rectificationInput: InputFile?

    /// - Parameters:
    ///   - optimizers: as `MethodSpecification(parsing:)` reads them; no method twice.
    ///   - parameters: θ_0, of the shape of a step.
    ///   - skipsNonfinite: whether a step with NaN or infinite gradients is left out by every optimizer, as PyTorch's GradScaler
    ///     does: neither parameters nor averages nor the count of steps move.
    ///   - rectification: the law that `radam-exact` has its r_t from; nil for independent normal gradients.
    /// - Throws: `ParameterError` for anything outside its domain.
    public init(
        gradients: TraceInput, array: String? = nil, parameters: TraceInput? = nil, optimizers: [String],
        settings: MethodSettings = MethodSettings(), like implementation: Implementation = .paper, steps: Int? = nil,
        skipsNonfinite: Bool = false, rectification: RectificationSource? = nil
    ) throws(ParameterError) {
        if let steps, steps < 1 { throw ParameterError(parameter: .steps, value: steps, rule: "must be at least 1") }
        var entries: [Entry] = []
        var seen: [MethodSpecification: String] = [:]
        for name in optimizers {
            let asked = try MethodSpecification(parsing: name)
            let specification = rectification.map { asked.rectified(by: $0.law) } ?? asked
            if let other = seen.updateValue(name, forKey: specification) {
                throw ParameterError(
                    parameter: .optimizer, value: name, rule: other == name ? "is in the list twice" : "is the same as \(other)")
            }
            entries.append(
                Entry(name: specification == asked ? name : specification.description, method: try specification.method(settings, like: implementation)))
        }
        self.gradients = gradients
        arrayName = array
        self.parameters = parameters
        self.entries = entries
        self.settings = settings
        self.implementation = implementation
        stepLimit = steps
        self.skipsNonfinite = skipsNonfinite
        rectificationInput = rectification?.input
    }

    /// Reads the trace once and lets every optimizer take its steps.
    ///
    /// In memory are the optimizers' own state and a record of each step, never the trace or a trajectory.
    ///
    /// - Parameters:
    ///   - folder: where the trajectories go, as they grow; nil for none.
    ///   - threads: so many optimizers work at once; the results do not depend on it.
    ///   - progress: called with the number of steps taken and to be taken.
    /// - Throws: `TraceError` for a file that cannot be used, ``NonfiniteGradient``, `ParameterError` for an array or a step that
    ///   the trace does not have, `OutputError`.
    public func run(
        writing folder: OutputFolder?, threads: Int, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> ReplayOutcome {
        let trace = try gradients.open()
        let array = try Self.choose(arrayName, from: trace)
        if let stepLimit, stepLimit > array.stepCount {
            throw ParameterError(
                parameter: .steps, value: stepLimit, rule: "must not exceed the \(array.stepCount) recorded steps")
        }
        let steps = stepLimit ?? array.stepCount
        // The gradient and θ_0; of each optimizer θ and the averages with what is read of them at a step.
        try TraceMemory.require(16 + 40 * entries.count, perCoordinateOf: [array])
        let start = try parameters?.open()
        let initial = try start.map { try StartingParameters.read($0, arrayName: arrayName, for: array, of: trace) }
        let replays = try entries.map { entry in
            var file: TrajectoryFile?
            if let folder {
                file = TrajectoryFile(
                    try folder.stage(entry.trajectoryFile), shape: [steps] + array.shape.dropFirst(), rowLength: array.coordinateCount)
            }
            return try OptimizerReplay(entry.method, count: array.coordinateCount, initial: initial, file: file)
        }
        var nonfinite = NonfiniteScan(path: trace.path, array: array.name, remedy: "skips such steps")
        var skippedSteps: [Int] = []
        let inner = max(1, threads / max(1, replays.count))
        try WholeSteps(array: array, count: steps).forEach { chunk in
            let skipped = nonfinite.look(at: chunk.values, steps: chunk.steps, coordinates: 0..<array.coordinateCount)
            skippedSteps += skipped.map { $0 + 1 }.sorted()
            // After the first one there is nothing more to do than to count them.
            if nonfinite.first != nil, !skipsNonfinite { return }
            _ = try concurrentMap(replays, threads: threads) { try $0.take(chunk, skipping: skipped, threads: inner) }
            progress(chunk.steps.upperBound, steps)
        }
        if !skipsNonfinite, let first = nonfinite.first { throw first }
        for replay in replays { try replay.finish() }
        var inputs = [try gradients.record(of: trace)]
        if let parameters, let start { inputs.append(try parameters.record(of: start)) }
        if let rectificationInput { inputs.append(rectificationInput) }
        return ReplayOutcome(
            experiment: self, array: array, steps: steps, records: replays.map(\.records), skippedSteps: skippedSteps,
            inputs: inputs)
    }

    private static func choose(_ name: String?, from trace: RecordedTrace) throws -> RecordedArray {
        let names = listed(trace.arrays)
        guard let name else {
            guard trace.arrays.count == 1 else {
                throw TraceError(
                    path: trace.path, found: "\(trace.arrays.count) arrays (\(names))", rule: "one must be chosen by --array")
            }
            return trace.arrays[0]
        }
        guard let array = trace.arrays.first(where: { $0.name == name }) else {
            throw ParameterError(parameter: .array, value: name, rule: "\(trace.path) has \(names)")
        }
        return array
    }

    /// The arrays' names, as many as a line can bear.
    static func listed(_ arrays: [RecordedArray]) -> String {
        let shown = arrays.prefix(12).map(\.name).joined(separator: ", ")
        return arrays.count > 12 ? "\(shown) and \(arrays.count - 12) more" : shown
    }
}

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
