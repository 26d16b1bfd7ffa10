import SpecialFunctions

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
        let values = grid.map(density)
        var (largest, total, previous) = (0.0, 0.0, 0.0)
        for index in grid.indices.dropFirst() where values[index - 1] * values[index] < 0 {
            let crossing = try finder.root(in: grid[index - 1], grid[index], relativeTolerance: 1e-10, of: density)
            let difference = distribution(crossing)
            largest = max(largest, abs(difference))
            total += abs(difference - previous)
            previous = difference
        }
        kolmogorovSmirnov = largest
        totalVariation = (total + abs(previous)) / 2
    }
}
