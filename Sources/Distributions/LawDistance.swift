/// Distances between two laws on the line with continuous densities.
public struct LawDistance: Hashable, Sendable {
    /// sup |F - G|, Kolmogorov and Smirnov's.
    public let kolmogorovSmirnov: Double
    /// ½ ∫ |f - g|.
    public let totalVariation: Double

    /// From the points where the densities cross: F - G has its extremes there and is monotone between.
    ///
    /// - Parameters:
    ///   - grid: ascending points that hold all but a negligible mass of both laws and separate the crossings.
    ///   - density: f - g at a point.
    ///   - distribution: F - G at a point.
    /// - Throws: `GSLError` if the root finder fails.
    public init(
        grid: [Double], density: (Double) -> Double, distribution: (Double) -> Double
    ) throws(GSLError) {
        let finder = RootFinder()
        var (largest, total, previous) = (0.0, 0.0, 0.0)
        // The last point at which the densities differed, and which was the larger: a grid point may be a crossing.
        var last: (point: Double, isPositive: Bool)?
        for point in grid {
            let value = density(point)
            if value == 0 { continue }
            if let last, last.isPositive != (value > 0) {
                let crossing = try finder.root(in: last.point, point, relativeTolerance: 1e-10, of: density)
                let difference = distribution(crossing)
                largest = max(largest, abs(difference))
                total += abs(difference - previous)
                previous = difference
            }
            last = (point, value > 0)
        }
        kolmogorovSmirnov = largest
        totalVariation = (total + abs(previous)) / 2
    }
}
