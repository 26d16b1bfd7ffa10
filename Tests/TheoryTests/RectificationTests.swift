import Errors
import TestSupport
import Testing
import Theory

@Suite struct RectificationTests {
    /// ρ-4 takes the rounding of ρ_t (8e-15 at most) times ρ/(ρ-4), which is 40 at the first rectified step of β2 = 0.99
    /// and 7000 where ρ_t = 4.0006 is the closest case of the reference file; the square root halves it.
    static func tolerance(rho: Double) -> Double { 8e-15 + 8e-15 * rho / max(rho - 4, 1e-3) }
    /// Square root of a quotient of two variances that are each right to 1e-12.
    static let exactTolerance = 1e-12

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("rectification").rows {
            let average = try ExponentialAverage(beta2: row["beta2"]!)
            let step = Int(row["t"]!)
            let rho = average.rho(at: step)
            let label = "β2 = \(row["beta2"]!), t = \(step)"

            let firstOrder = Rectification.firstOrder(rho: rho, rhoInfinity: average.rhoInfinity)
            #expect((firstOrder == nil) == (row["r_t"] == nil), "\(label)")
            if let firstOrder, let expected = row["r_t"] {
                #expect(relativeError(firstOrder, expected) < Self.tolerance(rho: rho), "\(label)")
            }
            let closedForm = Rectification.closedForm(rho: rho, rhoInfinity: average.rhoInfinity)
            #expect((closedForm == nil) == (row["r_closed_form"] == nil), "\(label)")
            if let closedForm, let expected = row["r_closed_form"] {
                #expect(relativeError(closedForm, expected) < 1e-13, "\(label)")
            }
            if let expected = row["r_exact"] {
                let law = try ExactLaw(beta2: row["beta2"]!, means: [0])
                let exact = Rectification.exact(
                    variance: law.moments(at: [step])[0][0].variance, limit: law.limit()[0].variance)
                #expect(relativeError(try #require(exact), expected) < Self.exactTolerance, "\(label)")
            }
            #expect(relativeError(Warmup.untunedLinear(average, step: step), row["warmup_untuned_linear"]!) < 1e-15)
            #expect(relativeError(Warmup.untunedExponential(average, step: step), row["warmup_untuned_exponential"]!) < 1e-15)
        }
    }

    @Test func thresholdDelaysRectification() {
        #expect(Rectification.firstOrder(rho: 4.5, rhoInfinity: 1999) != nil)
        #expect(Rectification.firstOrder(rho: 4.5, rhoInfinity: 1999, threshold: 5) == nil)
        #expect(Rectification.firstOrder(rho: 4, rhoInfinity: 1999) == nil)
        #expect(Rectification.firstOrder(rho: 3.9, rhoInfinity: 3.95, threshold: 0) == nil)
        #expect(Rectification.closedForm(rho: 2, rhoInfinity: 1999) == nil)
        #expect(Rectification.exact(variance: .infinity, limit: 1) == nil)
    }

    @Test func linearWarmup() throws {
        #expect(try Warmup.linear(step: 1, length: 4000) == 1.0 / 4000)
        #expect(try Warmup.linear(step: 4000, length: 4000) == 1)
        #expect(try Warmup.linear(step: 5000, length: 4000) == 1)
        #expect(throws: ParameterError.self) { try Warmup.linear(step: 1, length: 0) }
    }

    @Test func agreesWithRandomReference() throws {
        for row in try ReferenceTable("random_rates").rows {
            let rho = row["rho"]!, limit = row["rho_infinity"]!
            // ρ is given, so that ρ - 4 is exact.
            let first = Rectification.firstOrder(rho: rho, rhoInfinity: limit)
            #expect((first == nil) == (row["r_t"] == nil), "ρ = \(rho)")
            if let first, let expected = row["r_t"] { #expect(relativeError(first, expected) < 4e-15, "ρ = \(rho), ρ_∞ = \(limit)") }
            let closed = Rectification.closedForm(rho: rho, rhoInfinity: limit)
            #expect((closed == nil) == (row["r_closed_form"] == nil), "ρ = \(rho)")
            if let closed, let expected = row["r_closed_form"] { #expect(relativeError(closed, expected) < 4e-15, "ρ = \(rho), ρ_∞ = \(limit)") }
        }
    }

    /// Both factors rise in ρ from 0 to 1 at ρ_∞, and the first order stays below: Eq. 5 overstates the early variance the most.
    @Test(arguments: [4.5, 19, 199, 1999, 1e6, 1e15])
    func factorsRise(rhoInfinity: Double) throws {
        var last = (first: 0.0, closed: 0.0)
        for index in 1...400 {
            let rho = min(4 + (rhoInfinity - 4) * Double(index) * Double(index) / 160_000, rhoInfinity)
            let first = try #require(Rectification.firstOrder(rho: rho, rhoInfinity: rhoInfinity))
            let closed = try #require(Rectification.closedForm(rho: rho, rhoInfinity: rhoInfinity))
            #expect(first > last.first && first <= 1 + 2e-15, "ρ = \(rho)")
            #expect(closed > last.closed && closed <= 1 + 2e-15, "ρ = \(rho)")
            #expect(first <= closed * (1 + 4e-15), "ρ = \(rho)")
            last = (first, closed)
        }
        #expect(abs(last.first - 1) < 1e-15 && abs(last.closed - 1) < 1e-15)
    }

    @Test func undefinedIsNil() {
        for rho in [Double.nan, -1, 0, 2, 4] {
            #expect(Rectification.firstOrder(rho: rho, rhoInfinity: 1999) == nil)
            #expect(Rectification.firstOrder(rho: 100, rhoInfinity: rho) == nil)
        }
        for rho in [Double.nan, -1, 0, 2] {
            #expect(Rectification.closedForm(rho: rho, rhoInfinity: 1999) == nil)
            #expect(Rectification.closedForm(rho: 100, rhoInfinity: rho) == nil)
        }
        for (variance, limit) in [(Double.infinity, 1.0), (1, .infinity), (0, 1), (.nan, 1), (1, .nan), (-1, 1)] {
            #expect(Rectification.exact(variance: variance, limit: limit) == nil, "\(variance), \(limit)")
        }
        #expect(Rectification.exact(variance: 4, limit: 1) == 0.5)
        #expect(Rectification.firstOrder(rho: 100, rhoInfinity: 1999, threshold: .infinity) == nil)
    }

    /// The exact factor is below 1, rises in t and ends at 1, for any β2 with a finite limit.
    @Test(arguments: [0.4, 0.9, 0.99, 0.9999])
    func exactFactorRises(beta2: Double) throws {
        let law = try ExactLaw(beta2: beta2, means: [0])
        let limit = law.limit()[0].variance
        var last = 0.0
        for moments in law.moments(at: [3, 4, 5, 10, 50, 200, 1000, 10_000, 1_000_000])[0] {
            let factor = try #require(Rectification.exact(variance: moments.variance, limit: limit))
            #expect(factor >= last - 1e-12 && factor <= 1 + 1e-12)
            last = factor
        }
        #expect(abs(last - 1) < 1e-12)
        for moments in law.moments(at: [1, 2])[0] { #expect(Rectification.exact(variance: moments.variance, limit: limit) == nil) }
    }
}

@Suite struct WarmupTests {
    /// From near 0 to 1, never falling, at any decay; the exponential below the linear one doubled, 1 - e^{-x} ≤ x.
    @Test func untunedFactorsRise() throws {
        for beta2 in ExponentialAverageTests.decays where beta2 < 1 {
            let average = try ExponentialAverage(beta2: beta2)
            var last = (linear: 0.0, exponential: 0.0)
            for step in [1, 2, 3, 10, 100, 12_345, 1 << 30, .max] {
                let linear = Warmup.untunedLinear(average, step: step)
                let exponential = Warmup.untunedExponential(average, step: step)
                #expect(linear > 0 && linear <= 1 && linear >= last.linear)
                #expect(exponential > 0 && exponential <= 1 && exponential >= last.exponential)
                #expect(exponential <= 2 * linear * (1 + 1e-15))
                last = (linear, exponential)
            }
        }
    }

    @Test func linearFactor() throws {
        for length in [1, 2, 7, 4000, 1 << 40, .max] {
            #expect(try Warmup.linear(step: length, length: length) == 1 && Warmup.linear(step: .max, length: length) == 1)
            #expect(try Warmup.linear(step: 1, length: length) == 1 / Double(length))
            #expect(try Warmup.linear(step: length / 2 + 1, length: length) >= 0.5)
        }
        for length in [0, -1, .min] {
            let error = #expect(throws: ParameterError.self) { try Warmup.linear(step: 1, length: length) }
            #expect(error?.parameter == .warmupSteps && error?.value == String(length))
        }
    }

    /// Ma and Yarats: half of the way is gone at t = 1/(1-β2), all of it at twice that.
    @Test(arguments: [0.9, 0.99, 0.999, 0.9999])
    func untunedLinearEndsAtTwiceTheMemory(beta2: Double) throws {
        let average = try ExponentialAverage(beta2: beta2)
        let memory = Int((1 / (1 - beta2)).rounded())
        #expect(abs(Warmup.untunedLinear(average, step: memory) - 0.5) < 1e-12)
        #expect(Warmup.untunedLinear(average, step: 2 * memory - 1) < 1 && Warmup.untunedLinear(average, step: 2 * memory + 1) == 1)
        #expect(abs(Warmup.untunedExponential(average, step: memory) - 0.6321205588285577) < 1e-12)
    }
}
