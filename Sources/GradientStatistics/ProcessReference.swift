import Concurrency
import Errors
import Theory

/// Var[ψ_t] across coordinates by laws that each know one thing of a trace, each coordinate divided by its own root mean square S over the T steps:
/// the marginal law of its gradients, their autocorrelation, or how large they are along the trace.
///
/// The variances are those of `ExactProcessLaw` at E[S²] = 1, times the factor by which the division by S lowers them. That is exact for independent
/// normal gradients, and here taken times what `RelativeWeights` says of the process in the first order, the marginal law but for its fourth moment
/// being as the normal one. The means, whose variance between coordinates is in a mixture, are those of `ExactProcessLaw`.
/// Of 200 simulated steps each law's variance is that of its own process to 2% (own scales: 7%) for independent normal gradients, else to 21%.
package struct ProcessReference: Sendable {
    /// What a law knows.
    package enum Knowledge: CaseIterable, Sendable {
        /// The values of all coordinates at all steps, drawn independently. At ε = 0 those that are not exactly 0, since with others ψ_t is infinite with a
        /// positive probability, and the coordinates where it is are in no variance.
        case marginal
        /// The mean autocorrelation r at lag 1 of the coordinates: a normal AR(1).
        case autocorrelation
        /// The σ_i of the stretches, the same for all coordinates: independent normal gradients of these.
        case commonScales
        /// The σ_i of the stretches of every coordinate: a mixture over the coordinates, with the variance of the mean between them. At ε = 0 those that have had
        /// a gradient other than 0.
        case ownScales
    }

    /// At each step; nil where there is no such law.
    package let variances: [Knowledge: [Double?]]

    /// - Parameters:
    ///   - epsilon: in units of S.
    ///   - autocorrelation: r; nil if unknown.
    ///   - stepCount: T.
    ///   - normalization: Var[S ψ_t]/Var[ψ_t] of independent normal gradients at each step.
    ///   - steps: ascending, from 1 to T.
    package init(
        beta2: Double, epsilon: Double, ingredients: TraceIngredients, autocorrelation: Double?, stepCount: Int, normalization: [Double],
        steps: [Int], threads: Int
    ) throws {
        precondition(normalization.count == steps.count, "a factor for each step")
        let average = try ExponentialAverage(beta2: beta2)
        let plain = steps.map(RelativeWeights(average: average, stepCount: stepCount).factor)
        /// The factors of a process, equal to the exact ones for what is known to be normal, independent and of one scale.
        @Sendable func factors(_ weights: RelativeWeights) -> [Double] {
            steps.indices.map { index in
                plain[index] > 0 ? min(1, normalization[index] * weights.factor(at: steps[index]) / plain[index]) : normalization[index]
            }
        }
        /// nil for what has no exact law: β2 = 0 with scales, and more steps than it takes one by one.
        @Sendable func moments(_ process: GradientProcess?) -> [ExactMoments?]? {
            process.flatMap { try? ExactProcessLaw(beta2: beta2, process: $0, epsilon: epsilon).moments(at: steps) }
        }
        @Sendable func variances(_ process: GradientProcess?, _ factors: [Double]) -> [Double?]? {
            moments(process).map { zip($0, factors).map { moments, factor in moments.map { $0.variance * factor } } }
        }
        let members = ingredients.members
        /// What takes longest begins first.
        enum Task { case marginal, autocorrelation, commonScales, member(TraceIngredients.Member) }
        enum Law { case variances(Knowledge, [Double?]?), member(MixtureMember?) }
        let tasks: [Task] = [.marginal, .autocorrelation, .commonScales] + members.map { .member($0) }
        let laws: [Law] = concurrentMap(tasks, threads: threads) { task in
            switch task {
            case .marginal:
                let hasZeros = epsilon == 0 && ingredients.values.contains(0)
                let process = hasZeros ? try? GradientProcess(.recorded, recorded: ingredients.values.filter { $0 != 0 }) : ingredients.marginal
                return .variances(.marginal, variances(process, normalization))
            case .autocorrelation:
                guard let autocorrelation, ingredients.count > 0 else { return .variances(.autocorrelation, nil) }
                return .variances(.autocorrelation, variances(
                    try? GradientProcess(.normal, autocorrelation: autocorrelation),
                    factors(RelativeWeights(average: average, stepCount: stepCount, autocorrelation: autocorrelation))))
            case .commonScales:
                guard let scales = ingredients.commonScales?.values else { return .variances(.commonScales, nil) }
                return .variances(.commonScales, variances(
                    try? GradientProcess(.normal, scales: scales), factors(RelativeWeights(average: average, stepCount: stepCount, scales: scales))))
            case .member(let member):
                guard let scales = StretchScales(meanSquares: member.meanSquares, steps: stepCount, valuesPerStep: 1),
                    let moments = moments(try? GradientProcess(.normal, scales: scales.values))
                else { return .member(nil) }
                let weights = RelativeWeights(
                    average: average, stepCount: stepCount, scales: scales.values, shrinkage: scales.shrinkage,
                    stretches: StretchScales.bounds(steps: stepCount))
                return .member(MixtureMember(firstStep: epsilon > 0 ? 1 : member.firstNonzero, moments: moments, factors: factors(weights)))
            }
        }
        var made: [Knowledge: [Double?]] = [:]
        var known: [MixtureMember] = []
        for law in laws {
            switch law {
            case .variances(let knowledge, let variances): made[knowledge] = variances
            case .member(let member): if let member { known.append(member) }
            }
        }
        if !known.isEmpty, known.count == members.count {
            made[.ownScales] = steps.indices.map { MixtureMember.variance(known, at: $0, step: steps[$0]) }
        }
        self.variances = made
    }
}

/// A coordinate's law in a mixture of several.
private struct MixtureMember: Sendable {
    let firstStep: Int
    let moments: [ExactMoments?]
    let factors: [Double]

    /// The mean of the variances and the variance of the means.
    static func variance(_ members: [MixtureMember], at index: Int, step: Int) -> Double? {
        let present = members.filter { $0.firstStep <= step }
        let moments = present.compactMap { $0.moments[index] }
        guard !moments.isEmpty, moments.count == present.count else { return nil }
        let count = Double(moments.count)
        let within = zip(moments, present).reduce(0) { $0 + $1.0.variance * $1.1.factors[index] } / count
        let centre = moments.reduce(0) { $0 + $1.mean } / count
        guard within.isFinite, centre.isFinite else { return .infinity }
        return within + moments.reduce(0) { $0 + ($1.mean - centre) * ($1.mean - centre) } / count
    }
}

extension TraceIngredients {
    /// Of the mean over coordinates.
    var commonScales: StretchScales? {
        meanSquares.flatMap { squares in
            StretchScales(
                meanSquares: StretchScales.bounds(steps: squares.count).map { squares[$0].reduce(0, +) / Double($0.count) },
                steps: squares.count, valuesPerStep: count)
        }
    }
}
