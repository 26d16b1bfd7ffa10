import CLibC

/// Distances between two laws on the line with continuous densities.
public struct LawDistance: Hashable, Sendable {
    /// sup |F - G|, Kolmogorov and Smirnov's.
    public let kolmogorovSmirnov: Double
    /// ½ ∫ |f - g|.
    public let totalVariation: Double

    /// From the points where the densities cross: F - G has its extremes there and is monotone between.
    ///
    /// - Parameters:
    ///   - grid: ascending points that hold all but a negligible mass of both laws.
    ///   - quantiles: further points, in any order, such as quantiles of both laws: where one law is far narrower than the grid's
    ///     spacing, it is they that separate the crossings.
    ///   - approximateDensity: f - g at a point, quickly, to find where the sign changes; nil to use `density`.
    ///   - density: f - g at a point.
    ///   - distribution: F - G at a point.
    /// - Throws: `ComputationError` if the root finder fails.
    public init(
        grid: [Double], quantiles: [Double] = [], approximateDensity: ((Double) -> Double)? = nil,
        density: (Double) -> Double, distribution: (Double) -> Double
    ) throws(ComputationError) {
        let finder = RootFinder()
        var (largest, total, previous) = (0.0, 0.0, 0.0)
        let brackets = if let approximateDensity {
            Self.brackets(grid, quantiles, approximateDensity)
        } else {
            Self.brackets(grid, quantiles, density)
        }
        for (lower, upper) in brackets {
            let crossing = try Self.crossing(between: lower, upper, of: density, finder)
            let difference = distribution(crossing)
            largest = max(largest, abs(difference))
            total += abs(difference - previous)
            previous = difference
        }
        kolmogorovSmirnov = largest
        // TV ≥ KS; where there is one crossing they are equal, and only rounding would make it the smaller.
        totalVariation = max((total + abs(previous)) / 2, largest)
    }

    /// Intervals in which the densities cross once, as far as the points tell: between two points of the grid, or where the sign
    /// changes more than once between them, between the quantiles there.
    private static func brackets(
        _ grid: [Double], _ quantiles: [Double], _ density: (Double) -> Double
    ) -> [(lower: Double, upper: Double)] {
        typealias Place = (point: Double, isPositive: Bool)
        var brackets: [(lower: Double, upper: Double)] = []
        // The last point at which the densities differed, and which was the larger: a point may be a crossing.
        func place(_ point: Double) -> Place? {
            let value = density(point)
            return value > 0 ? (point, true) : value < 0 ? (point, false) : nil
        }
        var inner = quantiles.sorted()[...]
        var chain: [Place] = []
        for point in grid {
            while let quantile = inner.first, quantile < point {
                if let place = place(quantile) { chain.append(place) }
                inner.removeFirst()
            }
            guard let end = place(point) else { continue }
            chain.append(end)
            let changes = zip(chain, chain.dropFirst()).filter { $0.isPositive != $1.isPositive }
            if changes.count == 1, grid.contains(chain[0].point) {
                brackets.append((chain[0].point, point))
            } else {
                brackets += changes.map { ($0.point, $1.point) }
            }
            chain = [end]
        }
        return brackets
    }

    /// The crossing between two points. Where the signs there were those of an approximation, and the densities differ by less
    /// than its error at one of them, that point is the crossing.
    private static func crossing(
        between lower: Double, _ upper: Double, of density: (Double) -> Double, _ finder: RootFinder
    ) throws(ComputationError) -> Double {
        let (atLower, atUpper) = (density(lower), density(upper))
        if (atLower > 0) == (atUpper > 0) { return abs(atLower) < abs(atUpper) ? lower : upper }
        return try ComputationError.naming("where two densities cross between \(lower) and \(upper)") { () throws(GSLError) in
            try finder.root(in: lower, upper, relativeTolerance: 1e-10, of: density)
        }
    }
}
