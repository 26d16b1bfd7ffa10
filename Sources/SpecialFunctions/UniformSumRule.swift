/// A sum over `count` equally spaced points by a few of them: Gauss quadrature for the discrete uniform measure.
///
/// Σ_{k=0}^{N-1} f(k) ≈ Σ_j weight_j f(offset_j), exact for polynomials up to degree 2n-1; the offsets are zeros of the
/// discrete Chebyshev polynomial of degree n and not whole numbers (Gautschi, Orthogonal Polynomials, section 1.5.2).
/// For f analytic around the interval the error falls geometrically in n, whatever N is.
public struct UniformSumRule: Sendable {
    public let offsets: [Double]
    public let weights: [Double]

    /// - Precondition: `count` > `order` ≥ 2, `order` even.
    public init(count: Int, order: Int = 8) {
        precondition(order >= 2 && order % 2 == 0 && count > order)
        let n = Double(count)
        // Monic recurrence p_{k+1} = x p_k - β_k p_{k-1} in x = (offset - (N-1)/2)/N, which is symmetric about 0.
        let beta = (1..<order).map { k in
            let k = Double(k)
            return k * k * (1 - (k / n) * (k / n)) / (4 * (4 * k * k - 1))
        }
        /// How many zeros lie above x: sign changes of the Sturm sequence of the Jacobi matrix.
        func zerosAbove(_ x: Double) -> Int {
            var negative = 0
            var pivot = -x
            if pivot > 0 { negative += 1 }
            for b in beta {
                pivot = -x - b / (pivot == 0 ? 1e-300 : pivot)
                if pivot > 0 { negative += 1 }
            }
            return negative
        }
        var positive: [Double] = []
        for index in 1...(order / 2) {
            var low = 0.0
            var high = 0.5
            while true {
                let middle = low + (high - low) / 2
                if middle <= low || middle >= high { break }
                if zerosAbove(middle) >= index { low = middle } else { high = middle }
            }
            positive.append(low)
        }
        let abscissae = positive.map { -$0 } + positive.reversed()
        offsets = abscissae.map { (n - 1) / 2 + n * $0 }
        // Christoffel numbers 1/Σ p̃_k², with the orthonormal polynomials of total mass 1, times N.
        weights = abscissae.map { x in
            var previous = 0.0
            var current = 1.0
            var sum = 1.0
            var lastRoot = 0.0
            for b in beta {
                let root = b.squareRoot()
                let next = (x * current - lastRoot * previous) / root
                previous = current
                current = next
                lastRoot = root
                sum += current * current
            }
            return n / sum
        }
    }
}
