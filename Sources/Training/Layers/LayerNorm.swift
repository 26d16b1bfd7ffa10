/// y = γ (x - mean)/√(variance + ε) + β over each row, with the biased variance and ε = 1e-5 (Ba, Kiros, Hinton 2016).
package struct LayerNorm: Sendable {
    package static let epsilon = 1e-5
    package let width: Int
    private let gain: Int
    private let shift: Int

    package init(width: Int, name: String, in layout: inout ParameterLayout) {
        self.width = width
        gain = layout.add("\(name).g", [width], .ones)
        shift = layout.add("\(name).b", [width], .zeros)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let normalized: UnsafeMutablePointer<Scalar>
        let inverseDeviation: UnsafeMutablePointer<Scalar>
        package let output: UnsafeMutablePointer<Scalar>
    }

    package func forward<Scalar>(_ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>) -> State<Scalar> {
        let state = State(normalized: pass.take(rows * width), inverseDeviation: pass.take(rows), output: pass.take(rows * width))
        pass.kernels.norm_forward(
            rows, width, x, pass.parameters + gain, pass.parameters + shift, Self.epsilon, state.normalized,
            state.inverseDeviation, state.output)
        return state
    }

    /// dx may be dy; with `accumulate` the gradient is added to what `dx` holds.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ state: State<Scalar>, dy: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
        accumulate: Bool
    ) {
        pass.kernels.norm_backward(
            rows, width, dy, pass.parameters + gain, state.normalized, state.inverseDeviation, accumulate, dx,
            pass.gradient(gain), pass.gradient(shift))
    }
}
