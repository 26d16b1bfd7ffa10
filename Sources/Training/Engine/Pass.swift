import CKernels

/// What every layer needs in one pass forward and backward: the parameters, where the gradients go, memory and kernels.
package struct Pass<Scalar: TrainingScalar> {
    package let parameters: UnsafePointer<Scalar>
    /// Nil when the loss alone is wanted.
    package let gradients: UnsafeMutablePointer<Scalar>?
    package let workspace: Workspace
    package let kernels: NetworkKernels<Scalar>
    /// Nil where nothing is dropped.
    package let key: StepKey?

    package init(
        parameters: UnsafePointer<Scalar>, gradients: UnsafeMutablePointer<Scalar>?, workspace: Workspace,
        kernels: NetworkKernels<Scalar>, key: StepKey?
    ) {
        self.parameters = parameters
        self.gradients = gradients
        self.workspace = workspace
        self.kernels = kernels
        self.key = key
    }

    /// Memory that lasts for the pass.
    package func take(_ count: Int) -> UnsafeMutablePointer<Scalar> { workspace.take(count, of: Scalar.self) }

    /// Where the gradient of the parameters from `offset` on belongs.
    func gradient(_ offset: Int) -> UnsafeMutablePointer<Scalar> {
        guard let gradients else { preconditionFailure("a backward pass needs a buffer of gradients") }
        return gradients + offset
    }
}
