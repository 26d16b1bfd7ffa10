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

    @Test func agreesWithRandomReference() throws {
        for row in try ReferenceTable("random_averages").rows {
            let average = try ExponentialAverage(beta2: row["beta2"]!)
            let step = Int(row["t"]!)
            #expect(relativeError(average.rho(at: step), row["rho_t"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(average.satterthwaite(at: step), row["nu_t"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(average.biasCorrection(at: step), row["bias_correction"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(Warmup.untunedLinear(average, step: step), row["warmup_untuned_linear"]!) < 1e-15, "\(row)")
            #expect(relativeError(Warmup.untunedExponential(average, step: step), row["warmup_untuned_exponential"]!) < 2e-15, "\(row)")
        }
    }

    /// β2 by the logarithm of its distance from 0 or from 1, all 2¹⁰ times.
    static let decays: [Double] = {
        var generator = SplitMix(state: 41)
        return (0..<1024).map { index in
            let tiny = Double.random(in: -50...0, using: &generator)
            let power = (0..<50).reduce(1.0) { power, place in Double(place) < -tiny ? power / 2 : power }
            return index.isMultiple(of: 2) ? power * Double.random(in: 0.5..<1, using: &generator) : (1 - power / 4).nextDown
        }
    }()

    /// Both lengths rise in t from 1 to ρ_∞, stay below t, and Satterthwaite's is the longer one: the centre of mass is later than
    /// the weights' own concentration says.
    @Test func lengthsRise() throws {
        for beta2 in Self.decays where beta2 < 1 {
            let average = try ExponentialAverage(beta2: beta2)
            let steps = [1, 2, 3, 4, 7, 20, 100, 1001, 50_000, 10_000_000, 1 << 50]
            let rho = steps.map(average.rho), nu = steps.map(average.satterthwaite)
            for index in steps.indices {
                let most = min(Double(steps[index]), average.rhoInfinity) * (1 + Self.tolerance)
                #expect(rho[index] >= 1 && rho[index] <= most, "β2 = \(beta2), t = \(steps[index])")
                #expect(nu[index] >= 1 && nu[index] <= most, "β2 = \(beta2), t = \(steps[index])")
                #expect(rho[index] <= nu[index] * (1 + 2 * Self.tolerance), "β2 = \(beta2), t = \(steps[index])")
                if index > 0 {
                    #expect(rho[index] >= rho[index - 1] * (1 - Self.tolerance))
                    #expect(nu[index] >= nu[index - 1] * (1 - Self.tolerance))
                }
            }
        }
    }

    /// ν_t = (Σw)²/Σw² and ρ_t = 2 Σ (k+1) w_k/Σw - 1 (the centre of mass of t equal weights lies at (t+1)/2), by adding up.
    @Test(arguments: [0.01, 0.3, 0.5, 0.77, 0.9, 0.99, 0.999])
    func lengthsAreThoseOfTheWeights(beta2: Double) throws {
        let average = try ExponentialAverage(beta2: beta2)
        for step in [1, 2, 3, 5, 10, 47, 200] {
            let weights = (0..<step).reversed().map { k in (0..<k).reduce(1.0) { power, _ in power * beta2 } }
            let sum = weights.reduce(0, +)
            let squares = weights.reduce(0) { $0 + $1 * $1 }
            let moment = weights.reversed().enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
            // Two hundred roundings of either sign in each of the three sums.
            #expect(relativeError(average.satterthwaite(at: step), sum * sum / squares) < 1e-13)
            #expect(relativeError(average.rho(at: step), 2 * moment / sum - 1) < 1e-13)
            #expect(relativeError(average.biasCorrection(at: step), (1 - beta2) * sum) < 1e-13)
        }
    }

    /// The step from one form of ρ_t to the other, at tL = 2, is none.
    @Test func formsMeet() throws {
        for beta2 in [0.9, 0.99, 0.999, 0.9999, 0.99999] {
            let average = try ExponentialAverage(beta2: beta2)
            let switchover = Int(2 / (1 - beta2))
            let differences = (switchover - 6...switchover + 6).map { average.rho(at: $0 + 1) - average.rho(at: $0) }
            for (first, second) in zip(differences, differences.dropFirst()) {
                #expect(first > second && first - second < 0.2 * first, "β2 = \(beta2)")
            }
        }
    }

    /// β2 = 0 remembers one gradient, and the smallest β2 hardly more.
    @Test func noMemory() throws {
        let average = try ExponentialAverage(beta2: 0)
        for step in [1, 2, 1000, .max] {
            #expect(average.rho(at: step) == 1 && average.satterthwaite(at: step) == 1 && average.biasCorrection(at: step) == 1)
        }
        #expect(average.rhoInfinity == 1)
        let almost = try ExponentialAverage(beta2: .leastNonzeroMagnitude)
        #expect(almost.biasCorrection(at: 1) == 1 && almost.rho(at: 2) == 1)
        #expect(try ExponentialAverage(beta2: -0.0).rhoInfinity == 1)
    }

    @Test func refusalsNameTheValue() {
        let error = #expect(throws: ParameterError.self) { try ExponentialAverage(beta2: 1.25) }
        #expect(error?.parameter == .beta2 && error?.value == "1.25" && error?.exitClass == .usage)
        for beta2 in [1 + 1e-15, 1e308, -Double.leastNonzeroMagnitude, -.infinity, .signalingNaN] {
            #expect(throws: ParameterError.self) { try ExponentialAverage(beta2: beta2) }
        }
    }
}
