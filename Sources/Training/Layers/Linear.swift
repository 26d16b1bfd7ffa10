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
