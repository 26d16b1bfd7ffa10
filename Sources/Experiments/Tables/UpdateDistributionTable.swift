import Concurrency
import Distributions
import Errors
import Report
import Theory

/// Density and distribution function of the update u_t = m̂_t/(√v̂_t + ε).
public struct UpdateDistributionTable: PiecewiseTable {
    private let parameters: UpdateParameters
    private let points: Int

    /// - Parameter points: rows of each law, from 2 to 100,000.
    /// - Throws: `ParameterError` for `points` outside its range.
    public init(parameters: UpdateParameters, points: Int) throws(ParameterError) {
        guard (2...100_000).contains(points) else {
            throw ParameterError(parameter: .points, value: points, rule: "must be from 2 to 100000")
        }
        self.parameters = parameters
        self.points = points
    }

    public var rowCount: Int { product(parameters.count, points) }

    /// Points spread evenly between minus and plus the size |u| that is exceeded with probability 1e-4; where the wrong sign is rarer than that,
    /// between the quantiles 1e-4 and 1 - 1e-4 of |u|, with the sign of μ. `density` is empty where u is ±1 (t = 1 at ε = 0).
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for index in 0..<parameters.count {
            let combination = parameters[index]
            let law = try combination.law()
            let distribution = UpdateDistribution(law)
            let range = try Self.range(distribution)
            for rows in (0..<points).chunks(of: rowsPerPiece) {
                let places = rows.map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(points - 1) }
                let values = concurrentMap(places, threads: threads) { distribution.values(at: $0) }
                try body(Table(UpdateParameters.columns(Array(repeating: combination, count: rows.count)) + [
                    Column("u", latex: "$u$", places),
                    Column("density", latex: "density", values.map(\.density)),
                    Column("distribution", latex: "$F$", values.map(\.lower)),
                    Column("upper_tail", latex: "$1-F$", values.map(\.upper)),
                ]))
            }
        }
    }

    /// The probability outside the range.
    private static let outside = 1e-4

    private static func range(_ distribution: UpdateDistribution) throws(ParameterError) -> ClosedRange<Double> {
        let law = distribution.law
        let high = try distribution.quantileOfSize(1 - outside)
        guard let wrong = law.wrongSignProbability, wrong < outside else { return -high...high }
        let low = min(high, try distribution.quantileOfSize(outside))
        return law.mean < 0 ? -high ... -low : low...high
    }
}
