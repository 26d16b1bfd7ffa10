import Concurrency
import Distributions
import Errors
import Foundation
import Report
import Simulation
import Theory

/// The exact distribution of ψ_t, beside what Scale-inv-χ² predicts at ρ_t and ν_t, with the distance of each.
public struct DistributionTable: PiecewiseTable {
    private let beta2: [Double]
    private let processes: [GradientProcess]
    private let epsilon: Double
    private let steps: [Int]
    private let points: Int

    /// - Parameters:
    ///   - source: what the gradients about their mean are drawn from.
    ///   - autocorrelation: of normal ones.
    ///   - beta2, means, steps: every combination is a block of rows.
    ///   - epsilon: added to √v̂_t.
    ///   - points: rows of a block, from 2 to 100,000.
    /// - Throws: `ParameterError` as `AdaptiveRateLaw` and `GradientProcess` do, and for `points` outside its range.
    public init(
        source: GradientSource = .normal, autocorrelation: Double = 0, beta2: [Double], means: [Double], epsilon: Double, steps: [Int],
        points: Int
    ) throws(ParameterError) {
        guard (2...100_000).contains(points) else {
            throw ParameterError(parameter: .points, value: points, rule: "must be from 2 to 100000")
        }
        var processes: [GradientProcess] = []
        for mean in means { processes.append(try source.process(mean: mean, autocorrelation: autocorrelation)) }
        // A law is made where its rows are; that it can be made is known before. Some laws refuse a few squares.
        let isNormal = source == .normal && autocorrelation == 0
        let checked = isNormal ? [] : Set(steps.filter { $0 <= Self.fewSquares })
        for beta2 in beta2 {
            for process in processes {
                for step in checked.union([steps.min(), steps.max()].compactMap { $0 }).sorted() {
                    _ = try AdaptiveRateLaw(beta2: beta2, process: process, epsilon: epsilon, step: step)
                }
            }
        }
        self.beta2 = beta2
        self.processes = processes
        self.epsilon = epsilon
        self.steps = steps
        self.points = points
    }

    private static let fewSquares = 16

    public var rowCount: Int { product(beta2.count, processes.count, steps.count, points) }

    /// Points spread evenly over ψ between the exact quantiles 1e-4 and 1 - 1e-3. The distances are those of the whole laws,
    /// repeated on each row; the predicted laws have τ² = 1/(1+μ²).
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        let blockCount = product(beta2.count, processes.count, steps.count)
        // A law takes some ten milliseconds, so that the first rows come within a second or two.
        let blocksPerPiece = min(max(rowsPerPiece / points, 1), 32)
        var next = 0
        while next < blockCount {
            let piece = next..<min(next + blocksPerPiece, blockCount)
            let blocks = try concurrentMap(Array(piece), threads: threads) { index in
                let (step, process) = (index % steps.count, index / steps.count % processes.count)
                return try Block(
                    beta2: beta2[index / steps.count / processes.count], process: processes[process], epsilon: epsilon, step: steps[step],
                    points: points)
            }
            let parts = blocks.flatMap { block in (0..<points).chunks(of: 64).map { (block, $0) } }
            try body(concurrentMap(parts, threads: threads) { block, rows in block.table(rows) }.joined())
            next = piece.upperBound
        }
    }
}

/// The rows of one law.
private struct Block: Sendable {
    private let beta2: Double
    private let mean: Double
    private let step: Int
    private let law: AdaptiveRateLaw
    private let center: PredictedPsi
    private let satterthwaite: PredictedPsi
    private let toCenter: LawDistance
    private let toSatterthwaite: LawDistance
    private let low: Double
    private let high: Double
    private let points: Int

    init(beta2: Double, process: GradientProcess, epsilon: Double, step: Int, points: Int) throws {
        (self.beta2, mean, self.step) = (beta2, process.mean, step)
        law = try AdaptiveRateLaw(beta2: beta2, process: process, epsilon: epsilon, step: step)
        let average = try ExponentialAverage(beta2: beta2)
        center = try PredictedPsi(rho: average.rho(at: step), mean: mean, epsilon: epsilon)
        satterthwaite = try PredictedPsi(rho: average.satterthwaite(at: step), mean: mean, epsilon: epsilon)
        let exact = try LocatedLaw(law)
        toCenter = try exact.distance(to: center)
        toSatterthwaite = try exact.distance(to: satterthwaite)
        (low, high) = (try law.quantile(1e-4), try law.quantile(1 - 1e-3))
        self.points = points
    }

    func table(_ rows: Range<Int>) -> Table {
        let psi = rows.map { low + (high - low) * Double($0) / Double(points - 1) }
        func repeated(_ name: String, latex: String, _ value: Double) -> Column {
            Column(name, latex: latex, repeating: value, count: rows.count)
        }
        return Table([
            repeated("beta2", latex: #"$\beta_2$"#, beta2),
            repeated("mu", latex: #"$\mu$"#, mean),
            repeated("epsilon", latex: #"$\epsilon$"#, law.epsilon),
            Column("t", latex: "$t$", repeating: step, count: rows.count),
            Column("psi", latex: #"$\psi$"#, psi),
            Column("density", latex: "density", psi.map(law.density)),
            Column("distribution", latex: "$F$", psi.map(law.distribution)),
            Column("density_rho_t", latex: #"density at $\rho_t$"#, psi.map(center.density)),
            Column("distribution_rho_t", latex: #"$F$ at $\rho_t$"#, psi.map(center.distribution)),
            Column("density_nu_t", latex: #"density at $\nu_t$"#, psi.map(satterthwaite.density)),
            Column("distribution_nu_t", latex: #"$F$ at $\nu_t$"#, psi.map(satterthwaite.distribution)),
            repeated("ks_rho_t", latex: #"KS, $\rho_t$"#, toCenter.kolmogorovSmirnov),
            repeated("total_variation_rho_t", latex: #"TV, $\rho_t$"#, toCenter.totalVariation),
            repeated("ks_nu_t", latex: #"KS, $\nu_t$"#, toSatterthwaite.kolmogorovSmirnov),
            repeated("total_variation_nu_t", latex: #"TV, $\nu_t$"#, toSatterthwaite.totalVariation),
        ])
    }
}

/// An exact law with its quantiles, and a quick approximation that tells which of two densities is larger.
private struct LocatedLaw {
    private let law: AdaptiveRateLaw
    private let quick: InterpolatedRateLaw
    private let quantiles: [Double]
    private let low: Double
    private let high: Double

    /// Outside is less than 1e-9 of either law.
    private static let tail = 1e-9
    /// Where the quantiles are.
    private static let probabilities = [1e-6, 1e-3, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1 - 1e-3, 1 - 1e-6]

    init(_ law: AdaptiveRateLaw) throws {
        self.law = law
        quick = InterpolatedRateLaw(law)
        quantiles = try Self.probabilities.map(law.quantile)
        (low, high) = (try law.quantile(Self.tail), try law.quantile(1 - Self.tail))
    }

    func distance(to prediction: PredictedPsi) throws -> LawDistance {
        // Even in ln ψ over both laws.
        let low = min(low, try prediction.quantile(Self.tail))
        let high = max(high, try prediction.quantile(1 - Self.tail))
        let count = 400
        let grid = (0...count).map { low * pow(high / low, Double($0) / Double(count)) }
        return try LawDistance(
            grid: grid, quantiles: quantiles + Self.probabilities.map(prediction.quantile),
            approximateDensity: { prediction.density(at: $0) - quick.density(at: $0) },
            density: { prediction.density(at: $0) - law.density(at: $0) },
            distribution: { prediction.distribution(at: $0) - law.distribution(at: $0) })
    }
}
