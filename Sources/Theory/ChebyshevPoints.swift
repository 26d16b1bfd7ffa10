/// Interpolation on (-1, 1) in the zeros of a Chebyshev polynomial, in the same bits on every processor.
struct ChebyshevPoints {
    let nodes: [Double]
    /// T_k at the nodes, row k.
    private let polynomials: [[Double]]

    init(count: Int) {
        // cos(jπ/2n) for every j, each by itself: a recurrence would add its rounding to the coefficients.
        let cosines = (0..<(4 * count)).map { j in
            let folded = j > 2 * count ? 4 * count - j : j
            return -Self.sine(Double.pi * (Double(folded - count) / Double(2 * count)))
        }
        nodes = (0..<count).map { cosines[2 * $0 + 1] }
        polynomials = (0..<count).map { k in (0..<count).map { cosines[k * (2 * $0 + 1) % (4 * count)] } }
    }

    /// The coefficients of the polynomial through these values at the nodes.
    func coefficients(_ values: [Double]) -> [Double] {
        polynomials.indices.map { k in
            var sum = 0.0
            for index in values.indices { sum += polynomials[k][index] * values[index] }
            return sum * (k == 0 ? 1 : 2) / Double(values.count)
        }
    }

    /// The weights of the nodes for a sum over other points, given Σ T_k over these.
    func weights(sums: [Double]) -> [Double] {
        nodes.indices.map { index in
            var weight = sums[0]
            for k in 1..<nodes.count { weight += 2 * polynomials[k][index] * sums[k] }
            return weight / Double(nodes.count)
        }
    }

    /// The same of four functions at once.
    func coefficients(_ values: [SIMD4<Double>]) -> [SIMD4<Double>] {
        polynomials.indices.map { k in
            var sum = SIMD4<Double>.zero
            for index in values.indices { sum += SIMD4(repeating: polynomials[k][index]) * values[index] }
            return sum * (k == 0 ? 1 : 2) / Double(values.count)
        }
    }

    /// sin x for |x| ≤ π/2.
    private static func sine(_ x: Double) -> Double {
        let square = x * x
        var sum = 1.0
        for n in stride(from: 24.0, through: 2, by: -2) { sum = 1 - square / (n * (n + 1)) * sum }
        return x * sum
    }
}
