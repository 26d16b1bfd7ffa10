import GradientStatistics
import Report
import Theory

/// How much of what is observed along a trace each ingredient of a law explains: Var[ψ_t] and the root mean square of the update
/// u_t = m̂_t/(√v̂_t + ε) across coordinates, against laws that know ever more of the trace.
struct GradientLadder: Sendable {
    /// What a law knows.
    enum Rung: String, CaseIterable {
        /// Nothing: independent N(0, σ²).
        case normal
        /// The |μ|/σ of each coordinate.
        case mean = "normal_with_means"
        /// The values that all coordinates take, drawn independently.
        case marginal
        /// The mean autocorrelation at lag 1, of a normal AR(1).
        case autocorrelation = "ar1"
        /// How large the gradients of all coordinates together are in each stretch of steps, independent and normal.
        case commonScales = "common_scales"
        /// The same of each coordinate by itself.
        case ownScales = "own_scales"

        /// Beside its line in the figure.
        var label: String {
            switch self {
            case .normal: "normal"
            case .mean: "each {/:Italic μ}"
            case .marginal: "marginal law"
            case .autocorrelation: "AR(1)"
            case .commonScales: "common {/:Italic σ_t}"
            case .ownScales: "each {/:Italic σ_t}"
            }
        }

        /// What it is to ``ProcessReference``; nil for what ``ExactReference`` has.
        var knowledge: ProcessReference.Knowledge? {
            switch self {
            case .normal, .mean: nil
            case .marginal: .marginal
            case .autocorrelation: .autocorrelation
            case .commonScales: .commonScales
            case .ownScales: .ownScales
            }
        }
    }

    /// At one step of an array.
    struct Row: Sendable {
        let step: Int
        let coordinates: Int
        let variance: Double?
        let updateRootMeanSquare: Double?
        /// By the law of each rung; nil where there is none.
        let variances: [Rung: Double]
        let updateSizes: [Rung: Double]
    }

    let rows: [Row]

    /// - Parameters:
    ///   - steps: those of the rows, of which the array has a cross section each.
    ///   - processes, processUpdates: at these steps; nil for a trace too short for it.
    ///   - updates: at these steps or more; nil where ε is outside of the law's domain.
    init(
        steps: [Int], sections: [AdaptiveRateTrace.CrossSection], reference: [ExactReference.Moments], processes: ProcessReference?,
        processUpdates: ProcessUpdateReference?, updates: UpdateSizeReference?, meansOverDeviation: [Double]
    ) {
        rows = steps.enumerated().map { row, step in
            let place = sections.firstIndex { $0.step == step }!
            var variances: [Rung: Double] = [:], updateSizes: [Rung: Double] = [:]
            if place < reference.count, !meansOverDeviation.isEmpty {
                variances[.normal] = reference[place].varianceAtZero
                variances[.mean] = reference[place].mixtureVariance
            }
            for rung in Rung.allCases {
                variances[rung] = variances[rung] ?? rung.knowledge.flatMap { processes?.variances[$0]?[row] }
            }
            if let updates, let index = updates.steps.firstIndex(of: step), !meansOverDeviation.isEmpty {
                updateSizes[.normal] = updates.secondMomentAtZero[index].squareRoot()
                updateSizes[.mean] = updates.secondMoment(at: index, meansOverDeviation: meansOverDeviation)?.squareRoot()
            }
            for rung in Rung.allCases {
                guard updateSizes[rung] == nil, let moments = rung.knowledge.flatMap({ processUpdates?.secondMoments[$0] }) else { continue }
                updateSizes[rung] = moments[row]?.squareRoot()
            }
            let section = sections[place]
            return Row(
                step: step, coordinates: section.count, variance: section.variance,
                updateRootMeanSquare: section.updateSecondMoment?.squareRoot(), variances: variances, updateSizes: updateSizes)
        }
    }

    /// The columns of `gradient_ladder.csv`.
    func table(array: String) -> Table {
        Table(
            [
                Column("array", repeating: array, count: rows.count),
                Column("t", rows.map(\.step)),
                Column("coordinates", rows.map(\.coordinates)),
                Column("var_psi", rows.map(\.variance)),
            ] + Rung.allCases.map { rung in Column("var_\(rung.rawValue)", rows.map { $0.variances[rung] }) }
                + [Column("update_rms", rows.map(\.updateRootMeanSquare))]
                + Rung.allCases.map { rung in Column("update_rms_\(rung.rawValue)", rows.map { $0.updateSizes[rung] }) })
    }
}
