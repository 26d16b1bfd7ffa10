import Optimizers
import Testing

/// Trajectories of PyTorch, optax and the authors' code on one trace with gradients from 1e-6 to 30 and an exact zero.
struct ParityTests {
    /// Ours and theirs round each step differently by a few units; and θ itself is rounded once a step.
    static let tolerance = 1e-12
    /// Their ρ_t = ρ_∞ - 2tβ2^t/(1-β2^t) loses digits at small t: r_t is off by 1e-11 at β2 = 0.999.
    static let rectifiedTolerance = 1e-9

    @Test(arguments: ["optimizers", "optimizers_extended"])
    func followsTheReference(file: String) throws {
        let reference = try Trajectories(file)
        for (name, expected) in reference.methods {
            let method = try OptimizationMethod(describedBy: name)
            var optimizer = try Optimizer<Double>(method, count: 5)
            var parameters = reference.initial
            let relative = method.rectification == nil ? Self.tolerance : Self.rectifiedTolerance
            for (index, gradients) in reference.gradients.enumerated() {
                optimizer.update(&parameters, gradients: gradients)
                for coordinate in 0..<5 {
                    let theirs = expected[index][coordinate]
                    let rounding = Double(index + 1) * max(theirs.ulp, reference.initial[coordinate].ulp)
                    let bound = relative * abs(theirs - reference.initial[coordinate]) + rounding
                    let difference = abs(parameters[coordinate] - theirs)
                    #expect(difference <= bound, "\(name), t = \(index + 1), theta_\(coordinate)")
                }
            }
        }
    }
}
