import Errors
import Experiments
import Foundation
import Report
import Simulation
import TestSupport
import Testing

@Suite struct DistributionTableTests {
    private func reals(_ table: Table, _ column: String) throws -> [Double] {
        guard case .real(let cells)? = table[column]?.values else { throw CocoaError(.featureUnsupported) }
        return (0..<cells.count).map { cells[$0]! }
    }

    private func table(
        beta2: [Double] = [0.999], means: [Double], epsilon: Double = 0, steps: [Int], points: Int = 2
    ) throws -> Table {
        try DistributionTable(beta2: beta2, means: means, epsilon: epsilon, steps: steps, points: points).table(threads: 2)
    }

    /// At t = 1 both laws are known in closed form: 1/ψ is |N(μ, 1)|, and predicted |N(0, 1+μ²)|. Their densities cross at the roots of
    /// a quadratic. At μ = 1000 both crossings lie between two of 400 points over the wider law.
    @Test(arguments: [6.0, 30, 1000, 1e5])
    func distancesAtOneStepAreThoseOfNormalLaws(mean: Double) throws {
        let scale = (1 + mean * mean).squareRoot()
        let a = 0.5 * (1 - 1 / (scale * scale))
        let root = (mean * mean - 4 * a * (mean * mean / 2 + log(2 / scale))).squareRoot()
        let tail = { (x: Double) in 0.5 * erfc(x / 2.0.squareRoot()) }
        let differences = [-1.0, 1].map { sign in
            let crossing = (mean + sign * root) / (2 * a)
            return tail(crossing - mean) - 2 * tail(crossing / scale)
        }
        let table = try table(means: [mean], steps: [1])
        let largest = differences.map { abs($0) }.max()!
        // F - G is 0 at both ends: the sum of its rises is from 0 to one extreme, to the other, and back.
        let total = (abs(differences[0]) + abs(differences[1]) + abs(differences[1] - differences[0])) / 2
        // The crossing is found to 1e-10 of ψ, 1e-10 μ deviations, of which an extreme feels the square.
        let tolerance = 1e-9 + 1e-18 * mean * mean
        for law in ["rho_t", "nu_t"] {
            #expect(abs(try reals(table, "ks_" + law)[0] - largest) < tolerance)
            #expect(abs(try reals(table, "total_variation_" + law)[0] - total) < tolerance)
        }
        if mean == 1000 { #expect(abs(largest - 0.6808) < 5e-5 && abs(total - 0.9962) < 5e-5) }
    }

    /// Two laws that differ have distances above 0, the total variation is the larger one, and both are below 1.
    @Test func distancesOfRandomParameters() throws {
        var generator = SplitMix(state: 5)
        func uniform() -> Double { generator.uniform() }
        for index in 0..<15 {
            let beta2 = [pow(10, -12 * uniform()), 1 - pow(10, -6 * uniform()), uniform()][index % 3]
            let mean = pow(10, -1 + 7 * uniform())
            let step = [1, 2, 5, 40][Int(4 * uniform())]
            guard beta2 > 0, beta2 < 1 else { continue }
            let table = try table(beta2: [beta2], means: [mean], steps: [step])
            for law in ["rho_t", "nu_t"] {
                let (ks, variation) = (try reals(table, "ks_" + law)[0], try reals(table, "total_variation_" + law)[0])
                #expect(variation >= ks && ks > 0 && variation <= 1 + 1e-9, "β2 = \(beta2), μ = \(mean), t = \(step)")
            }
        }
    }

    /// Densities are not negative and distribution functions rise, over the whole domain.
    @Test func rowsAreThoseOfLaws() throws {
        let table = try table(
            beta2: [0, 1e-300, 1e-10, 0.0005, 0.05, 1 - 0x1p-53], means: [0, 3.2, 1e6], epsilon: 1e-7, steps: [2, 9], points: 9)
        for column in ["density", "density_rho_t", "density_nu_t"] {
            #expect(try reals(table, column).allSatisfy { $0 >= 0 && $0.isFinite }, "\(column)")
        }
        for column in ["distribution", "distribution_rho_t", "distribution_nu_t"] {
            let values = try reals(table, column)
            #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(column)")
            for start in stride(from: 0, to: values.count, by: 9) {
                let block = values[start..<start + 9]
                #expect(zip(block, block.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 }, "\(column) \(start)")
            }
        }
        // The ends of a block are the exact quantiles 1e-4 and 1 - 1e-3.
        let distribution = try reals(table, "distribution")
        for start in stride(from: 0, to: distribution.count, by: 9) {
            #expect(relativeError(distribution[start], 1e-4) < 1e-6)
            #expect(abs(distribution[start + 8] - (1 - 1e-3)) < 1e-6)
        }
    }

    /// Gradients that are not independent normal ones: the columns are the same, the law their own.
    @Test func otherGradients() throws {
        let cauchy = try DistributionTable(
            source: GradientSource(specification: "student-t:1"), beta2: [0.9], means: [0], epsilon: 0, steps: [1, 4], points: 5
        ).table(threads: 2)
        #expect(cauchy.columns.map(\.name) == (try table(means: [0], steps: [1])).columns.map(\.name))
        // At t = 1 ψ is 1/|g|, again Cauchy's.
        let (psi, distribution) = (try reals(cauchy, "psi"), try reals(cauchy, "distribution"))
        for row in 0..<5 { #expect(abs(distribution[row] - 2 * atan(psi[row]) / .pi) < 1e-9) }
        #expect(try reals(cauchy, "ks_nu_t").allSatisfy { $0 > 0 && $0 < 1 })
        let chain = try DistributionTable(autocorrelation: 0.9, beta2: [0.9], means: [0, 1], epsilon: 1e-3, steps: [2, 50], points: 5)
            .table(threads: 2)
        for start in stride(from: 0, to: 20, by: 5) {
            let values = try reals(chain, "distribution")[start..<start + 5]
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
            #expect(abs(values.first! - 1e-4) < 1e-9 && abs(values.last! - (1 - 1e-3)) < 1e-9)
        }
        #expect { _ = try DistributionTable(source: .samples([-1, 0, 2]), beta2: [0.9], means: [0], epsilon: 0, steps: [3], points: 5) } throws: {
            ($0 as? ParameterError)?.parameter == .gradients
        }
        #expect {
            _ = try DistributionTable(
                source: GradientSource(.laplace), autocorrelation: 0.5, beta2: [0.9], means: [0], epsilon: 0, steps: [3], points: 5)
        } throws: { ($0 as? ParameterError)?.parameter == .autocorrelation }
    }

    @Test func refusals() throws {
        let parameters: [(Parameter, () throws -> Table)] = [
            (.beta2, { try table(beta2: [0.9, 1], means: [0], steps: [1]) }), (.beta2, { try table(beta2: [-0.1], means: [0], steps: [1]) }),
            (.mu, { try table(means: [0, 1.1e6], steps: [1]) }), (.mu, { try table(means: [.nan], steps: [1]) }),
            (.epsilon, { try table(means: [0], epsilon: -1, steps: [1]) }), (.epsilon, { try table(means: [0], epsilon: 1e9, steps: [1]) }),
            (.steps, { try table(means: [0], steps: [5, 0]) }), (.points, { try table(means: [0], steps: [1], points: 1) }),
            (.points, { try table(means: [0], steps: [1], points: 100_001) }),
        ]
        for (parameter, make) in parameters {
            #expect { _ = try make() } throws: { ($0 as? ParameterError)?.parameter == parameter }
        }
    }
}
