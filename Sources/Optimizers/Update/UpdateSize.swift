import CKernels

extension Optimizer where Scalar == Float {
    /// √(Σ u²/n) of the update u = θ_{t-1} - θ_t that a step was about to make, weight decay included.
    ///
    /// It is computed from the averages, the gradient and θ_{t-1}, as the step itself does it before it is subtracted: θ in single
    /// precision moves by whole units of its last place, and a smaller update is lost in the difference of two θ.
    ///
    /// - Parameters:
    ///   - step: the last one, as ``update(_:gradients:threads:)`` returned it.
    ///   - gradients: those it was taken with.
    ///   - previous: θ_{t-1}.
    package func updateRootMeanSquare(
        of step: OptimizerStep, gradients: UnsafeBufferPointer<Float>, previous: UnsafeBufferPointer<Float>
    ) -> Double {
        precondition(gradients.count == count && previous.count == count, "as many values as parameters")
        let constants = step.update
        guard count > 0, constants.rule != VARLAB_HOLD else { return 0 }
        let divides = constants.rule == VARLAB_ADAPTIVE && !constants.normalises_first
        let decay = 1 - constants.parameter_scale
        var sum = 0.0
        state.momentum.withUnsafeBufferPointer { momentum in
            state.secondMoment.withUnsafeBufferPointer { squares in
                state.gradientAverage.withUnsafeBufferPointer { averages in
                    for i in 0..<count {
                        let parameter = Double(previous[i])
                        var update = 0.0
                        if constants.gradient_step != 0 {
                            update = constants.gradient_step * (constants.gradient_scale * Double(gradients[i]) + constants.coupled_decay * parameter)
                        }
                        if constants.momentum_step != 0 { update += constants.momentum_step * Double(momentum[i]) }
                        if divides, update != 0 {
                            var square = Double(squares[i])
                            if !averages.isEmpty { square = max(0, square - Double(averages[i]) * Double(averages[i])) }
                            update /= (square / constants.bias_correction + constants.inner_epsilon).squareRoot() + constants.epsilon
                        }
                        update += decay * parameter
                        sum += update * update
                    }
                }
            }
        }
        return (sum / Double(count)).squareRoot()
    }
}
