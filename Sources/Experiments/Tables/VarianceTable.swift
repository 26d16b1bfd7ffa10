import Concurrency
import Distributions
import Errors
import Report
import Theory

/// Figure 8: Var[ψ] over ρ at τ = 1 by the closed form, by first order, and by integrating the density.
public struct VarianceTable: PiecewiseTable {
    private let rho: [Double]

    /// - Throws: `ParameterError` unless every ρ is greater than 2 and finite.
    public init(rho: [Double]) throws(ParameterError) {
        for rho in rho {
            guard rho > 2, rho.isFinite else {
                throw ParameterError(
                    parameter: .rho, value: rho, rule: "must be greater than 2 (the variance is infinite below) and finite")
            }
        }
        self.rho = rho
    }

    public var rowCount: Int { rho.count }

    /// One row per ρ; the first order and what derives from it is empty for ρ ≤ 4. The difference is |Eq. 5 - Eq. 2|, the
    /// relative one divides it by Eq. 2.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        // A row's integrals take as long as ten rows of other tables.
        for piece in rho.indices.chunks(of: rowsPerPiece / 8) {
            try body(try concurrentMap(piece.chunks(of: rowsPerPiece / 64), threads: threads) { try block(rho[$0]) }.joined())
        }
    }

    private func block(_ rho: ArraySlice<Double>) throws -> Table {
        let closed = try rho.map { try AdaptiveRateVariance.closedForm(rho: $0) }
        let first = try rho.map { $0 > 4 ? try AdaptiveRateVariance.firstOrder(rho: $0) : nil }
        // Empty where the integrals do not converge: a number without a bound is none.
        let quadrature = rho.map { try? ScaledInverseChi(degreesOfFreedom: $0).varianceByQuadrature() }
        return Table([
            Column("rho", latex: #"$\rho$"#, Array(rho)),
            Column("var_closed_form", latex: "Eq.~2", closed),
            Column("var_first_order", latex: "Eq.~5", first),
            Column("difference", latex: #"$|\Delta|$"#, try rho.map {
                $0 > 4 ? try AdaptiveRateVariance.firstOrderExcess(rho: $0) : nil
            }),
            Column("relative_difference", latex: #"$|\Delta|/\text{Eq.~2}$"#, try rho.map {
                $0 > 4 ? try AdaptiveRateVariance.relativeFirstOrderExcess(rho: $0) : nil
            }),
            Column("var_quadrature", latex: "quadrature", quadrature.map { $0?.value }),
            Column("quadrature_error", latex: "its error", quadrature.map { $0?.errorBound }),
        ])
    }
}
