import Concurrency
import GradientStatistics
import Report
import Theory
import Traces

/// The third pass over an array: ψ_t along the trace, across coordinates, with what the exact law says of it.
struct PsiPass: Sendable {
    /// At about 60 steps to each factor of ten.
    let sections: [AdaptiveRateTrace.CrossSection]
    let reference: [ExactReference.Moments]
    /// Coordinates without a deviation, or with values that are not finite: a gap has no place in v_t.
    let leftOut: Int

    static func run(
        _ array: RecordedArray, coordinates: [CoordinateStatistics], experiment: GradientsExperiment, progress: ProgressCounter
    ) throws -> PsiPass {
        let deviations = coordinates.map { coordinate -> Double? in
            let moments = coordinate.moments
            guard moments.count == array.stepCount, !moments.isDead, let deviation = moments.standardDeviation,
                deviation > 0, deviation.isFinite
            else { return nil }
            return deviation
        }
        let steps = logSteps(to: array.stepCount, perDecade: 60)
        var trace = AdaptiveRateTrace(
            average: try ExponentialAverage(beta2: experiment.beta2), epsilon: experiment.epsilon, deviations: deviations,
            steps: steps)
        try array.forEachBlock { block in
            trace.add(steps: block.steps, coordinates: block.coordinates, values: block.values)
            progress.add(block.values.count)
        }
        let ratios = zip(coordinates, deviations).compactMap { coordinate, deviation in
            deviation == nil ? nil : coordinate.moments.meanOverDeviation
        }
        let reference = try ExactReference(
            beta2: experiment.beta2, epsilon: experiment.epsilon, meansOverDeviation: ratios, steps: steps)
        return PsiPass(
            sections: trace.sections, reference: reference.moments, leftOut: deviations.count { $0 == nil })
    }
}
