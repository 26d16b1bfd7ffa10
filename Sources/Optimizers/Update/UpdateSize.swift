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
        guard count > 0 else { return 0 }
        var constants = step.update
        func pointer(_ buffer: UnsafeBufferPointer<Float>) -> UnsafePointer<Float>? { buffer.isEmpty ? nil : buffer.baseAddress }
        let sum = state.momentum.withUnsafeBufferPointer { momentum in
            state.secondMoment.withUnsafeBufferPointer { squares in
                state.gradientAverage.withUnsafeBufferPointer { averages in
                    varlab_update_size(
                        &constants, count, previous.baseAddress!, gradients.baseAddress!, pointer(momentum), pointer(squares), pointer(averages), variant)
                }
            }
        }
        return (sum / Double(count)).squareRoot()
    }
}
