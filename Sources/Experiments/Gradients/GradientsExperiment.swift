import Concurrency
import Errors
import Foundation
import GradientStatistics
import Report
import Theory
import Traces

/// What recorded gradients look like: histograms of ln|g|, moments and tests per coordinate, ψ_t next to the exact law.
public struct GradientsExperiment: Sendable {
    let inputs: [TraceInput]
    /// The steps of the histograms, ascending; nil for ``defaultSteps`` as far as the traces reach.
    public let steps: [Int]?
    /// Bins of the histograms; nil for bins of half a unit.
    public let bins: Int?
    /// Of the momentum in the update.
    public let beta1: Double
    public let beta2: Double
    /// In units of each coordinate's root mean square.
    public let epsilon: Double
    /// The level of the tests.
    public let level: Double
    public let skipsNonfinite: Bool

    /// Of all arrays together, for their marginal laws: 8 MB.
    private static let mostValues = 1 << 20

    /// Those of figures 2 and 3 of the paper, and what spans longer runs.
    public static let defaultSteps = [1, 5, 10, 25, 50, 75, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 40_000, 70_000]

    /// - Throws: `ParameterError` for anything outside its domain.
    public init(
        inputs: [TraceInput], steps: [Int]? = nil, bins: Int? = nil, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 0,
        level: Double = 0.05, skipsNonfinite: Bool = false
    ) throws(ParameterError) {
        guard level > 0, level < 1 else {
            throw ParameterError(parameter: .level, value: level, rule: "must be in (0, 1)")
        }
        _ = try ExactLaw(beta2: beta2, means: [0], epsilon: epsilon)
        _ = try ExponentialAverage(decay: beta1, parameter: .beta1)
        _ = try LogMagnitudeHistogram(largest: 1, bins: bins)
        self.inputs = inputs
        self.steps = steps.map { Set($0).sorted() }
        self.bins = bins
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.level = level
        self.skipsNonfinite = skipsNonfinite
    }

    /// Reads each file once, and the steps of the histograms a second time. The result does not depend on the number of threads.
    ///
    /// - Parameter progress: is called from any thread with the number of values seen and to be seen.
    /// - Throws: `TraceError` for a file that cannot be read, that is changed meanwhile, or that has more coordinates than memory is
    ///   meant for; `NonfiniteGradient`; `ParameterError` for a step that no array reaches.
    public func run(
        threads: Int, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> GradientsOutcome {
        let traces = try inputs.map { (input) throws(TraceError) in try input.open() }
        var arrays: [LabelledArray] = []
        for (file, trace) in traces.enumerated() {
            for array in trace.arrays {
                let label = Self.label(array, of: trace, among: traces)
                arrays.append(LabelledArray(label: label, file: file, path: trace.path, array: array))
            }
        }
        try TraceMemory.require(CoordinatePass.bytesPerCoordinate, perCoordinateOf: arrays.map(\.array))
        let longest = arrays.map(\.array.stepCount).max() ?? 0
        if let tooLate = steps?.first(where: { $0 > longest }) {
            throw ParameterError(parameter: .steps, value: tooLate, rule: "must not exceed the \(longest) recorded steps")
        }
        let chosen = steps ?? Self.defaultSteps.filter { $0 <= longest }
        let size = arrays.map { $0.array.stepCount * $0.array.coordinateCount }.reduce(0, +)
        let passes = try read(arrays, steps: chosen, threads: threads, progress: ProgressCounter(total: size, report: progress))
        let largest = passes.map(\.largest).max() ?? 0
        let updates = updateReference(passes, steps: chosen, threads: threads)
        let results = try concurrentMap(Array(zip(arrays, passes)), threads: threads) { source, pass in
            let reached = chosen.filter { $0 <= source.array.stepCount }
            let reference = try reference(pass)
            return ArrayResult(
                source: source, steps: reached,
                histograms: try pass.histograms(largest: largest, bins: bins),
                coordinates: pass.coordinates, nonfinite: pass.nonfinite.first?.count ?? 0, sections: pass.rates.sections,
                reference: reference,
                ladder: GradientLadder(
                    steps: reached, sections: pass.rates.sections, reference: reference,
                    processes: try processes(pass, reference: reference, steps: reached, threads: max(1, threads / passes.count)),
                    processUpdates: try processUpdates(pass, steps: reached, threads: max(1, threads / passes.count)), updates: updates,
                    meansOverDeviation: pass.scaledMeans))
        }
        let records = try zip(inputs, traces).map { (input, trace) throws(TraceError) in try input.record(of: trace) }
        return GradientsOutcome(experiment: self, steps: chosen, arrays: results, inputs: records)
    }

    /// - Throws: `NonfiniteGradient` for the first file that has one, when all arrays of the file have been read.
    private func read(
        _ arrays: [LabelledArray], steps: [Int], threads: Int, progress: ProgressCounter
    ) throws -> [CoordinatePass] {
        let plan = CoordinatePass.Plan(
            average: try ExponentialAverage(beta2: beta2), momentum: try ExponentialAverage(decay: beta1, parameter: .beta1), epsilon: epsilon,
            skipsNonfinite: skipsNonfinite, threads: threads, sampleSize: max(1 << 10, Self.mostValues / arrays.count))
        var passes: [CoordinatePass] = []
        var refused: NonfiniteGradient?
        for (index, source) in arrays.enumerated() {
            let pass = try CoordinatePass(
                source.array, label: source.label, path: source.path, histogramSteps: steps,
                rateSteps: Self.rateSteps(to: source.array.stepCount, with: steps), plan: plan, progress: progress)
            passes.append(pass)
            guard !skipsNonfinite else { continue }
            if let first = pass.nonfinite.first {
                if refused == nil { refused = first } else { refused!.count += first.count }
            }
            let isLastOfFile = index + 1 == arrays.count || arrays[index + 1].file != source.file
            if isLastOfFile, let refused { throw refused }
        }
        return passes
    }

    /// About 60 to each factor of ten, and the chosen ones.
    private static func rateSteps(to last: Int, with chosen: [Int]) -> [Int] {
        Set(logSteps(to: last, perDecade: 60) + chosen.filter { $0 <= last }).sorted()
    }

    /// The law of the update for all arrays; nil for an ε, allowed for ψ_t, that it does not take.
    private func updateReference(_ passes: [CoordinatePass], steps: [Int], threads: Int) -> UpdateSizeReference? {
        let largest = passes.flatMap(\.scaledMeans).map(abs).max() ?? 0
        return try? UpdateSizeReference(beta1: beta1, beta2: beta2, epsilon: epsilon, largestMean: largest, steps: steps, threads: threads)
    }

    private func reference(_ pass: CoordinatePass) throws(ParameterError) -> [ExactReference.Moments] {
        try ExactReference(
            beta2: beta2, epsilon: epsilon, meansOverDeviation: pass.scaledMeans, stepCount: pass.stepCount,
            steps: pass.rates.sections.map(\.step)
        ).moments
    }

    /// The laws that know the gradients' marginal law, autocorrelation or scales, at the chosen steps.
    private func processes(
        _ pass: CoordinatePass, reference: [ExactReference.Moments], steps: [Int], threads: Int
    ) throws -> ProcessReference? {
        guard !reference.isEmpty else { return nil }
        let normalization = zip(pass.rates.sections, reference).filter { steps.contains($0.0.step) }.map(\.1.normalization)
        return try ProcessReference(
            beta2: beta2, epsilon: epsilon, ingredients: pass.ingredients, autocorrelation: pass.meanAutocorrelation,
            stepCount: pass.stepCount, normalization: normalization, steps: steps, threads: threads)
    }

    /// The same laws of the update.
    private func processUpdates(_ pass: CoordinatePass, steps: [Int], threads: Int) throws -> ProcessUpdateReference? {
        guard pass.ingredients.count > 0 else { return nil }
        return try ProcessUpdateReference(
            beta1: beta1, beta2: beta2, epsilon: epsilon, ingredients: pass.ingredients, autocorrelation: pass.meanAutocorrelation,
            stepCount: pass.stepCount, steps: steps, threads: threads)
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
    /// The chosen steps that it has, and a histogram for each.
    let steps: [Int]
    let histograms: [LogMagnitudeHistogram]
    let coordinates: [CoordinateStatistics]
    /// How many values are NaN or infinite.
    let nonfinite: Int
    /// ψ_t at about 60 steps to each factor of ten, and what the exact law says of it.
    let sections: [AdaptiveRateTrace.CrossSection]
    let reference: [ExactReference.Moments]
    /// At the chosen steps.
    let ladder: GradientLadder

    /// Coordinates without a deviation, or with values that are not finite: a gap has no place in v_t.
    var leftOut: Int { coordinates.count { $0.scale(steps: source.array.stepCount) == nil } }
}
