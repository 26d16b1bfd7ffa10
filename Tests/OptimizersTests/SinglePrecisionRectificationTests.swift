import Optimizers
import TestSupport
import Testing

/// RAdam in single precision, against optax on JAX's default float32.
struct SinglePrecisionRectificationTests {
    /// ρ_t is the same to the bit, as XLA's power is correctly rounded here. The factor of r_t may differ by its division and
    /// root: XLA may reorder a product and a division by a constant, half a unit each.
    static let units: Float = 2

    @Test(arguments: [true, false]) func followsOptax(isCompiled: Bool) throws {
        let rows = try Self.rows(isCompiled: isCompiled)
        #expect(rows.count == 1000)
        for row in rows {
            let (beta2, step) = (row["beta2"]!, Int(row["t"]!))
            let rectification = SinglePrecisionRectification(beta2: beta2, like: .optax, isCompiled: isCompiled)
            let rho = rectification.rho(at: step)
            #expect(rho == row["rho"]!, "beta2 \(beta2), t = \(step)")
            #expect((rho >= 5) == (row["rectified"]! == 1), "beta2 \(beta2), t = \(step)")
            if let expected = row["r"].map({ Float($0) }) {
                let difference = abs(rectification.factor(rho: rho) - expected)
                #expect(difference <= Self.units * expected.ulp, "beta2 \(beta2), t = \(step)")
            }
        }
    }

    /// Within `jax.jit`, and outside of it.
    private static func rows(isCompiled: Bool) throws -> [[String: Double]] {
        try ReferenceTable(isCompiled ? "single_precision" : "single_precision_eager", in: "OptimizersTests/Reference").rows
    }

    /// At β2 = 0.9999 t = 3 is rectified outside of `jit` alone.
    @Test func bothWaysOfOptaxDiffer() throws {
        func rectified(isCompiled: Bool) throws -> [Double] {
            try Self.rows(isCompiled: isCompiled).filter { $0["beta2"] == 0.9999 && $0["rectified"] == 1 }.map { $0["t"]! }
        }
        #expect(try Array(rectified(isCompiled: true).prefix(3)) == [2, 4, 5])
        #expect(try Array(rectified(isCompiled: false).prefix(3)) == [2, 3, 4])
    }

    @Test(arguments: [true, false]) func firstRectifiedStepIsThatOfOptax(isCompiled: Bool) throws {
        let rows = try Self.rows(isCompiled: isCompiled)
        for beta2 in [0.9, 0.99, 0.999, 0.9999, 0.99999] {
            var settings = MethodSettings()
            settings.beta2 = beta2
            let expected = rows.first { $0["beta2"] == beta2 && $0["rectified"] == 1 }.map { Int($0["t"]!) }
            let schedule = try MultiplierSchedule(
                .radam(), settings: settings, like: .optax, precision: isCompiled ? .float32 : .float32Eager)
            #expect(schedule.firstRectifiedStep == expected)
        }
    }

    /// Doubles rounded once: as near to the accurate factor as single precision allows. The textbook ρ_t is off by about
    /// 2^-53 · 2/(t(1-β2)²), 1e-10 at β2 = 0.999.
    @Test(arguments: [Implementation.authors, .torch])
    func pythonsDoublesAreAccurate(implementation: Implementation) throws {
        let steps = Array(6...3000)
        let double = try MultiplierSchedule(.radam(), like: implementation).multipliers(at: steps)
        let single = try MultiplierSchedule(.radam(), like: implementation, precision: .float32).multipliers(at: steps)
        for (double, single) in zip(double, single) {
            #expect(abs(single.value - double.value) <= Double(Float(double.value).ulp) && single.rule == double.rule)
        }
    }

    /// With β2 rounded to 1 nothing is ever rectified: ρ_t is not a number in the paper's formula, and -∞ in optax.
    @Test func roundedToOne() {
        #expect(SinglePrecisionRectification(beta2: 1 - 1e-8, like: .paper).rho(at: 10).isNaN)
        #expect(SinglePrecisionRectification(beta2: 1 - 1e-8, like: .optax).rho(at: 10) == -.infinity)
    }
}
