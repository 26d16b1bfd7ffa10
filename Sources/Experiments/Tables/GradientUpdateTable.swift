import Concurrency
import Errors
import Report
import Simulation
import Theory

/// The moments of the update u_t = m̂_t/(√v̂_t + ε) for independent gradients of any law.
public struct GradientUpdateTable: PiecewiseTable {
    private let parameters: UpdateParameters
    private let gradients: String
    /// By their means.
    private let laws: [Double: GradientUpdateLaw]

    /// - Parameters:
    ///   - source: what the gradients about their mean are drawn from; of recorded ones their own marginal law.
    ///   - parameters: every combination is a row; means and ε in units of the source's.
    /// - Throws: `ParameterError` as `GradientProcess` and `GradientUpdateLaw` do.
    public init(source: GradientSource, parameters: UpdateParameters, threads: Int) throws {
        self.parameters = parameters
        gradients = source.specification
        let means = Array(Set(parameters.means))
        let made = try concurrentMap(means, threads: threads) { try GradientUpdateLaw(source.process(mean: $0)) }
        laws = Dictionary(zip(means, made)) { first, _ in first }
    }

    public var rowCount: Int { parameters.count }

    /// One row per combination; `mean` is empty where it does not exist, `signal_to_noise` where the variance is 0 or infinite.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for rows in (0..<rowCount).chunks(of: 64) {
            let combinations = rows.map { parameters[$0] }
            let moments = try concurrentMap(combinations, threads: threads) { row in
                try laws[row.mean]!.moments(beta1: row.beta1, beta2: row.beta2, epsilon: row.epsilon, step: row.step)
            }
            try body(Table(
                [Column("gradients", latex: "gradients", repeating: gradients, count: rows.count)] + UpdateParameters.columns(combinations)
                    + UpdateTable.momentColumns(moments)))
        }
    }
}
