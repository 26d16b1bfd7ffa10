/// y = x Wᵀ + b with W [outputs, inputs], and then perhaps max(y, 0).
package struct Linear: Sendable {
    package let inputs: Int
    package let outputs: Int
    private let weight: Int
    private let bias: Int

    /// Zero biases, and Xavier-uniform weights unless another law is given.
    package init(
        inputs: Int, outputs: Int, name: String, initialization: ParameterInitialization? = nil,
        in layout: inout ParameterLayout
    ) {
        self.inputs = inputs
        self.outputs = outputs
        weight = layout.add(
            "\(name).w", [outputs, inputs], initialization ?? .xavierUniform(inputs: inputs, outputs: outputs))
        bias = layout.add("\(name).b", [outputs], .zeros)
    }

    /// y [`rows`, outputs] from x [`rows`, inputs].
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, rectified: Bool = false
    ) -> UnsafeMutablePointer<Scalar> {
        let y = pass.take(rows * outputs)
        Scalar.multiply(
            rows: rows, columns: outputs, inner: inputs, x, transposed: false, pass.parameters + weight, transposed: true,
            beta: 0, into: y)
        pass.kernels.add_bias(rows, outputs, pass.parameters + bias, rectified, y)
        return y
    }

    /// The gradients of W and b, and dx; with `accumulate` it is added to what `dx` holds. dy is that of y before max.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, dy: UnsafePointer<Scalar>,
        dx: UnsafeMutablePointer<Scalar>, accumulate: Bool
    ) {
        pass.kernels.bias_gradient(rows, outputs, dy, pass.gradient(bias))
        Scalar.multiply(
            rows: outputs, columns: inputs, inner: rows, dy, transposed: true, x, transposed: false, beta: 0,
            into: pass.gradient(weight))
        Scalar.multiply(
            rows: rows, columns: inputs, inner: outputs, dy, transposed: false, pass.parameters + weight, transposed: false,
            beta: accumulate ? 1 : 0, into: dx)
    }
}

/// max(x W₁ᵀ + b₁, 0) W₂ᵀ + b₂ (Vaswani et al. 2017, section 3.3).
package struct FeedForward: Sendable {
    private let inner: Linear
    private let outer: Linear

    package init(width: Int, feedForward: Int, name: String, in layout: inout ParameterLayout) {
        inner = Linear(inputs: width, outputs: feedForward, name: "\(name).f1", in: &layout)
        outer = Linear(inputs: feedForward, outputs: width, name: "\(name).f2", in: &layout)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let hidden: UnsafeMutablePointer<Scalar>
        package let output: UnsafeMutablePointer<Scalar>
    }

    package func forward<Scalar>(_ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>) -> State<Scalar> {
        let hidden = inner.forward(pass, rows: rows, x, rectified: true)
        return State(hidden: hidden, output: outer.forward(pass, rows: rows, hidden))
    }

    /// With `accumulate` the gradient is added to what `dx` holds.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, _ state: State<Scalar>, dy: UnsafePointer<Scalar>,
        dx: UnsafeMutablePointer<Scalar>, accumulate: Bool
    ) {
        pass.workspace.temporarily {
            let dHidden = pass.take(rows * inner.outputs)
            outer.backward(pass, rows: rows, state.hidden, dy: dy, dx: dHidden, accumulate: false)
            pass.kernels.rectify_backward(rows * inner.outputs, state.hidden, dHidden)
            inner.backward(pass, rows: rows, x, dy: dHidden, dx: dx, accumulate: accumulate)
        }
    }
}
