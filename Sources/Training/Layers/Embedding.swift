import CKernels

/// √d E[symbol] + the position's sinusoids (Vaswani et al. 2017, sections 3.4 and 3.5).
package struct Embedding: Sendable {
    package let vocabulary: Int
    package let width: Int
    private let table: Int

    /// Numbers from N(0, 1/d).
    package init(vocabulary: Int, width: Int, name: String, in layout: inout ParameterLayout) {
        self.vocabulary = vocabulary
        self.width = width
        table = layout.add(name, [vocabulary, width], .normal(standardDeviation: 1 / Double(width).squareRoot()))
    }

    private var scale: Double { Double(width).squareRoot() }

    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, positions: UnsafePointer<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
        let y = pass.take(rows.rows * width)
        pass.kernels.embed_forward(
            rows.rows, width, rows.symbols, rows.positions, pass.parameters + table, scale, positions, y)
        return y
    }

    /// Adds the gradient of E; the buffer must hold zeros or that of the output layer.
    package func backward<Scalar>(_ pass: Pass<Scalar>, _ rows: SentenceRows, dy: UnsafePointer<Scalar>) {
        pass.kernels.embed_backward(rows.rows, width, rows.symbols, dy, scale, pass.gradient(table))
    }

    /// Sets the gradient of E to zero.
    package func clearGradient<Scalar>(_ pass: Pass<Scalar>) {
        pass.gradient(table).update(repeating: 0, count: vocabulary * width)
    }

    /// The tied output layer: logits [`rows`, vocabulary] = x Eᵀ.
    package func logits<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
        let logits = pass.take(rows * vocabulary)
        Scalar.multiply(
            rows: rows, columns: vocabulary, inner: width, x, transposed: false, pass.parameters + table, transposed: true,
            beta: 0, into: logits)
        return logits
    }

    /// The gradient of E, overwritten, and dx.
    package func logitsBackward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>, dLogits: UnsafePointer<Scalar>,
        dx: UnsafeMutablePointer<Scalar>
    ) {
        Scalar.multiply(
            rows: vocabulary, columns: width, inner: rows, dLogits, transposed: true, x, transposed: false, beta: 0,
            into: pass.gradient(table))
        Scalar.multiply(
            rows: rows, columns: width, inner: vocabulary, dLogits, transposed: false, pass.parameters + table,
            transposed: false, beta: 0, into: dx)
    }
}
