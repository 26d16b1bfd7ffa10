import Concurrency
import Errors
import Foundation
import GradientStatistics
import Theory
import Traces

/// What recorded gradients look like: histograms of ln|g|, moments and tests per coordinate, ψ_t next to the exact law.
public struct GradientsExperiment: Sendable {
    let inputs: [TraceInput]
    /// The steps of the histograms, ascending; nil for ``defaultSteps`` as far as the traces reach.
    public let steps: [Int]?
    /// Bins of the histograms; nil for bins of half a unit.
    public let bins: Int?
    public let beta2: Double
    /// In units of each coordinate's σ.
    public let epsilon: Double
    /// The level of the tests.
    public let level: Double
    public let skipsNonfinite: Bool

    /// Those of figures 2 and 3 of the paper, and what spans longer runs.
    public static let defaultSteps = [1, 5, 10, 25, 50, 75, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 40_000, 70_000]

    /// - Throws: `ParameterError` for anything outside its domain.
    public init(
        inputs: [TraceInput], steps: [Int]? = nil, bins: Int? = nil, beta2: Double = 0.999, epsilon: Double = 0,
        level: Double = 0.05, skipsNonfinite: Bool = false
    ) throws(ParameterError) {
        guard level > 0, level < 1 else {
            throw ParameterError(parameter: .level, value: level, rule: "must be in (0, 1)")
        }
        _ = try ExactLaw(beta2: beta2, means: [0], epsilon: epsilon)
        _ = try LogMagnitudeHistogram(largest: 1, bins: bins)
        self.inputs = inputs
        self.steps = steps.map { Set($0).sorted() }
        self.bins = bins
        self.beta2 = beta2
        self.epsilon = epsilon
        self.level = level
        self.skipsNonfinite = skipsNonfinite
    }

    /// Reads the files, several times each. The result does not depend on the number of threads.
    ///
    /// - Parameter progress: is called from any thread with the number of values seen and to be seen, over all passes.
    /// - Throws: `TraceError` for a file that cannot be read, ``NonfiniteGradient``, `ParameterError` for a step that no array
    ///   reaches.
    public func run(
        threads: Int, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> GradientsOutcome {
        let digests = InputDigests(inputs, isConcurrent: threads > 1)
        let traces = try inputs.map { try $0.open() }
        var arrays: [LabelledArray] = []
        for (file, trace) in traces.enumerated() {
            for array in trace.arrays {
                let label = Self.label(array, of: trace, among: traces)
                arrays.append(LabelledArray(label: label, file: file, path: trace.path, array: array))
            }
        }
        let longest = arrays.map(\.array.stepCount).max() ?? 0
        if let tooLate = steps?.first(where: { $0 > longest }) {
            throw ParameterError(parameter: .steps, value: tooLate, rule: "must not exceed the \(longest) recorded steps")
        }
        let chosen = steps ?? Self.defaultSteps.filter { $0 <= longest }
        // Scan, coordinates, ψ_t.
        let size = arrays.map { $0.array.stepCount * $0.array.coordinateCount }.reduce(0, +)
        let counter = ProgressCounter(total: 3 * size, report: progress)
        var scans = try concurrentMap(arrays, threads: threads) { try TraceScan($0, steps: chosen, progress: counter) }
        for file in traces.indices {
            let members = arrays.indices.filter { arrays[$0].file == file }
            guard !skipsNonfinite, var first = members.compactMap({ scans[$0].firstNonfinite }).first else { continue }
            first.count = members.map { scans[$0].nonfinite }.reduce(0, +)
            throw first
        }
        let largest = scans.map(\.largest).max() ?? 0
        scans = try concurrentMap(scans, threads: threads) { scan in
            var scan = scan
            try scan.addHistograms(largest: largest, bins: bins)
            return scan
        }
        var results: [ArrayResult] = []
        for (array, scan) in zip(arrays, scans) {
            let coordinates = try CoordinatePass.run(array.array, threads: threads, progress: counter)
            let psi = try PsiPass.run(array.array, coordinates: coordinates, experiment: self, progress: counter)
            results.append(ArrayResult(source: array, scan: scan, coordinates: coordinates, psi: psi))
        }
        return GradientsOutcome(
            experiment: self, steps: chosen, arrays: results, fileCount: traces.count, digests: try digests.values())
    }

    /// The array's name; with several files that of the file too, where there is more than one array in it or names repeat.
    private static func label(_ array: RecordedArray, of trace: RecordedTrace, among traces: [RecordedTrace]) -> String {
        let isUnique = traces.flatMap(\.arrays).count { $0.name == array.name } == 1
        if traces.count == 1 || (isUnique && trace.arrays.count == 1) { return array.name }
        return "\(trace.path):\(array.name)"
    }
}

/// An array with the name it has in tables.
struct LabelledArray: Sendable {
    let label: String
    let file: Int
    let path: String
    let array: RecordedArray
}

/// All that was computed of one array.
struct ArrayResult: Sendable {
    let source: LabelledArray
    let scan: TraceScan
    let coordinates: [CoordinateStatistics]
    let psi: PsiPass
}
