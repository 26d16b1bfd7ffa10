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
