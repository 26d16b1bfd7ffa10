import Errors
import TestSupport
import Testing
import Theory

@Suite struct ExponentialAverageTests {
    /// L and the functions of tL are each right to 2 ulp (4e-16); the worst combination, t - (2/L)(h - h), has ten such
    /// roundings and at most doubles them by subtracting.
    static let tolerance = 8e-15

    @Test(arguments: ["rho", "rho_extended"])
    func agreesWithReference(file: String) throws {
        for row in try ReferenceTable(file).rows {
            let average = try ExponentialAverage(beta2: row["beta2"]!)
            let step = Int(row["t"]!)
            #expect(relativeError(average.rho(at: step), row["rho_t"]!) < Self.tolerance, "β2 = \(row["beta2"]!), t = \(step)")
            #expect(relativeError(average.satterthwaite(at: step), row["nu_t"]!) < Self.tolerance, "β2 = \(row["beta2"]!), t = \(step)")
        }
    }

    @Test(arguments: [-0.1, 1, 1.5, .nan, .infinity, -.infinity])
    func rejects(beta2: Double) {
        #expect(throws: ParameterError.self) { try ExponentialAverage(beta2: beta2) }
    }

    @Test func limits() throws {
        for beta2 in [0, 1e-300, Double.leastNonzeroMagnitude, 0.3, 0.999, 1.0.nextDown] {
            let average = try ExponentialAverage(beta2: beta2)
            #expect(average.rho(at: 1) == 1)
            #expect(average.satterthwaite(at: 1) == 1)
            #expect(relativeError(average.rho(at: .max), average.rhoInfinity) < Self.tolerance)
            #expect(relativeError(average.satterthwaite(at: .max), average.rhoInfinity) < Self.tolerance)
        }
    }
}
