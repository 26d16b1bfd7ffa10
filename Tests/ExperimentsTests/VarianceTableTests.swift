import Errors
import Experiments
import Foundation
import Report
import TestSupport
import Testing
import Theory

@Suite struct VarianceTableTests {
    private func reals(_ table: Table, _ column: String) throws -> [Double?] {
        guard case .real(let cells)? = table[column]?.values else { throw CocoaError(.featureUnsupported) }
        return (0..<cells.count).map { cells[$0] }
    }

    /// Where the integrals used to abort the table, or to be off by more than they said.
    @Test func everyRowHasItsIntegralWithinItsBound() throws {
        let rho = [2 + 4e-16, 2.001, 3, 5, 500, 1e12, 1e24, 5e26, 1e30, 1e33, 1e50, 1e200, 1e308]
        let table = try VarianceTable(rho: rho).table()
        let (closed, value, error) = (try reals(table, "var_closed_form"), try reals(table, "var_quadrature"), try reals(table, "quadrature_error"))
        for index in rho.indices {
            let (closed, value, error) = (closed[index]!, try #require(value[index]), try #require(error[index]))
            #expect(abs(value - closed) <= error + 4e-15 * closed, "ρ = \(rho[index])")
        }
    }

    /// 9/(8ρ²) and 9/(4ρ) to the last digits where the difference of the printed columns has none left.
    @Test func differencesDoNotCancel() throws {
        let rho = [1e15, 1e17, 1e30, 1e100, 1e140]
        let table = try VarianceTable(rho: rho).table()
        let (difference, relative) = (try reals(table, "difference"), try reals(table, "relative_difference"))
        for index in rho.indices {
            #expect(relativeError(difference[index]!, 9 / 8 / rho[index] / rho[index]) < 2e-14)
            #expect(relativeError(relative[index]!, 9 / 4 / rho[index]) < 2e-14)
        }
    }

    @Test func cellsOfTheFirstOrderAreEmptyUpToFour() throws {
        let table = try VarianceTable(rho: [2.5, 4, 4 + 1e-15, 5]).table()
        for column in ["var_first_order", "difference", "relative_difference"] {
            #expect(try reals(table, column).map { $0 == nil } == [true, true, false, false], "\(column)")
        }
    }

    @Test(arguments: [2, 1, 0, -3, Double.nan, .infinity])
    func refusals(rho: Double) {
        #expect { _ = try VarianceTable(rho: [5, rho]) } throws: { ($0 as? ParameterError)?.parameter == .rho }
    }
}
