import Concurrency
import Distributions
import Errors
import Report
import Theory

/// Every approximation of Var[ψ_t] and every factor derived from it, step by step, beside the exact value at μ = 0, ε = 0.
public struct RhoTable: PiecewiseTable {
    private let averages: [ExponentialAverage]
    private let steps: [Int]
    private let threshold: Double
    private let warmupLength: Int

    /// - Parameters:
    ///   - beta2: decay rates, one block of rows each.
    ///   - steps: ascending, from 1 on.
    ///   - threshold: r_t is given where ρ_t exceeds it (the paper: 4; the authors' code and PyTorch: 5).
    ///   - warmupLength: T_w of the linear warmup.
    /// - Throws: `ParameterError` for a β2 outside [0, 1) or positive and below 1e-100, a negative threshold or NaN, or
    ///   T_w < 1.
    public init(beta2: [Double], steps: [Int], threshold: Double = 4, warmupLength: Int = 4000) throws(ParameterError) {
        var averages: [ExponentialAverage] = []
        for beta2 in beta2 { averages.append(try ExactLaw(beta2: beta2, means: [0]).average) }
        guard threshold >= 0 else {
            throw ParameterError(parameter: .threshold, value: threshold, rule: "must not be negative")
        }
        _ = try Warmup.linear(step: 1, length: warmupLength)
        self.averages = averages
        self.steps = steps
        self.threshold = threshold
        self.warmupLength = warmupLength
    }

    public var rowCount: Int { product(averages.count, steps.count) }

    /// One row per β2 and step. A cell is empty where its quantity is undefined; an infinite variance is `inf`.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for average in averages {
            let law = try ExactLaw(beta2: average.beta2, means: [0])
            let limit = law.limit()[0].variance
            let sweep = law.sweep(through: steps.last ?? 1)
            for places in steps.indices.chunks(of: rowsPerPiece) {
                let variances = sweep.moments(at: steps[places])[0].map(\.variance)
                // Everything but the law itself is a step's own, and can be computed by itself.
                let blocks = try concurrentMap((0..<places.count).chunks(of: rowsPerPiece / 8), threads: threads) { chunk in
                    let first = places.lowerBound
                    return try block(
                        average, steps: steps[first + chunk.lowerBound..<first + chunk.upperBound], exact: variances[chunk], limit: limit)
                }
                try body(blocks.joined())
            }
        }
    }

    private func block(
        _ average: ExponentialAverage, steps: ArraySlice<Int>, exact: ArraySlice<Double>, limit: Double
    ) throws -> Table {
        let rhoInfinity = average.rhoInfinity
        let rho = steps.map(average.rho)
        let nu = steps.map(average.satterthwaite)
        let finder = RootFinder()
        let rectification = rho.map {
            Rectification.firstOrder(rho: $0, rhoInfinity: rhoInfinity, threshold: threshold)
        }
        func repeated(_ name: String, latex: String, _ value: Double) -> Column {
            Column(name, latex: latex, repeating: value, count: steps.count)
        }
        return Table([
            repeated("beta2", latex: #"$\beta_2$"#, average.beta2),
            Column("t", latex: "$t$", Array(steps)),
            repeated("rho_infinity", latex: #"$\rho_\infty$"#, rhoInfinity),
            Column("rho_t", latex: #"$\rho_t$"#, rho),
            Column("nu_t", latex: #"$\nu_t$"#, nu),
            Column("rho_exact", latex: #"$\rho_t^{\mathrm{exact}}$"#, try exact.map { try rhoMatching($0, finder: finder) }),
            Column("var_first_order", latex: #"Eq.~5 at $\rho_t$"#, try rho.map {
                $0 > 4 ? try AdaptiveRateVariance.firstOrder(rho: $0) : nil
            }),
            Column("var_closed_form", latex: #"Eq.~2 at $\rho_t$"#, try rho.map { try AdaptiveRateVariance.closedForm(rho: $0) }),
            Column("var_closed_form_nu", latex: #"Eq.~2 at $\nu_t$"#, try nu.map { try AdaptiveRateVariance.closedForm(rho: $0) }),
            Column("var_exact", latex: #"$\operatorname{Var}[\psi_t]$"#, Array(exact)),
            Column("r_t", latex: "$r_t$", rectification),
            Column("r_closed_form", latex: #"$r_t^{\mathrm{Eq.\,2}}$"#, rho.map {
                Rectification.closedForm(rho: $0, rhoInfinity: rhoInfinity)
            }),
            Column("r_exact", latex: #"$r_t^{\mathrm{exact}}$"#, exact.map {
                Rectification.exact(variance: $0, limit: limit)
            }),
            Column("warmup_linear", latex: "linear", try steps.map { try Warmup.linear(step: $0, length: warmupLength) }),
            Column("warmup_untuned_linear", latex: "untuned linear", steps.map { Warmup.untunedLinear(average, step: $0) }),
            Column("warmup_untuned_exponential", latex: "untuned exponential", steps.map {
                Warmup.untunedExponential(average, step: $0)
            }),
            Column("rectified", latex: "rectified", rectification.map { $0 != nil }),
        ])
    }
}

/// The ρ at which Eq. 2 gives this variance; nil where none does.
func rhoMatching(_ variance: Double, finder: RootFinder) throws -> Double? {
    variance.isFinite ? try AdaptiveRateVariance.rho(matching: variance, finder: finder) : nil
}
