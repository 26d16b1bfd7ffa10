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

/// The positions' sinusoids: sin(p ω_i) in the first half of a row, cos(p ω_i) in the second, ω_i = 10000^(-i/(h-1)) with
/// h = d/2 columns in a half; the arrangement of tensor2tensor and fairseq. An odd d leaves its last column 0.
package enum SinusoidalPositions {
    /// [`count`, `width`]. The same bits on every processor.
    package static func table<Scalar: TrainingScalar>(count: Int, width: Int, as type: Scalar.Type) -> [Scalar] {
        let half = width / 2
        var table = [Scalar](repeating: 0, count: count * width)
        for i in 0..<half {
            let frequency = varlab_exp(-varlab_log(10000) * Double(i) / Double(max(half - 1, 1)))
            for position in 0..<count {
                let (sine, cosine) = sineAndCosine(Double(position) * frequency)
                table[position * width + i] = Scalar(sine)
                table[position * width + half + i] = Scalar(cosine)
            }
        }
        return table
    }

    /// For 0 ≤ x < 1e5, with an absolute error of a few 1e-16: Taylor's series on [-π/4, π/4].
    package static func sineAndCosine(_ x: Double) -> (sine: Double, cosine: Double) {
        let quadrant = (x * (2 / Double.pi)).rounded()
        // π/2 in three parts; the first two have zeros at their ends, so that their products are exact.
        let r = ((x - quadrant * 0x1.921fb544p0) - quadrant * 0x1.0b4611a6p-34) - quadrant * 0x1.3198a2e037073p-69
        let z = r * r
        var sine = 0.0
        var cosine = 0.0
        for n in stride(from: 17.0, through: 3, by: -2) { sine = (1 + sine) * (-z / (n * (n - 1))) }
        for n in stride(from: 18.0, through: 2, by: -2) { cosine = (1 + cosine) * (-z / (n * (n - 1))) }
        sine = r + r * sine
        cosine = 1 + cosine
        switch Int(quadrant) & 3 {
        case 0: return (sine, cosine)
        case 1: return (cosine, -sine)
        case 2: return (-sine, -cosine)
        default: return (-cosine, sine)
        }
    }
}
