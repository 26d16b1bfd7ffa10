import CLibC
import SpecialFunctions

/// The inverse transform along a vertical line Re s = c as a Fourier series of period T, for laws whose Φ grows left of it.
///
/// With e^{-cv} f(v) made periodic, f(v) is off by Σ_{j≥1} e^{-cjT} f(v+jT), which is nothing where T reaches beyond the law, and the
/// distribution function by e^{-cT}/(1-e^{-cT}), which is subtracted. The sums end where Φ has become negligible.
struct LineInversion: TransformInversion {
    private let start, period, decay: Double
    /// Φ(s) e^{s v₀} at s = c + 2πij/T, and the same over s.
    private let transforms, quotients: [Complex]

    /// c T.
    private static let decayOfPeriod = 10.0

    /// - Parameters:
    ///   - start: v₀, below which there is nothing of the law.
    ///   - length: of the range of v from there.
    ///   - mostNodes: more are not taken.
    ///   - scale: a width of the law, for the density's error.
    ///   - logarithm: ln Φ(s) + s v₀.
    /// nil where the sum would not end.
    init?(start: Double, length: Double, mostNodes: Int, scale: Double, logarithm: (Complex) -> Complex) {
        self.start = start
        // Twice the range, so that v + T is beyond the law for every v in it.
        period = 2 * length
        decay = Self.decayOfPeriod / period
        let spacing = 2 * Double.pi / period
        let decay = decay
        func transform(_ index: Int) -> Complex { logarithm(Complex(decay, spacing * Double(index))).exponential }
        // Where it is small over an octave: the remaining sum is at most a multiple of Φ s.
        var count = 32
        while count <= mostNodes {
            let sizes = (0..<8).map { transform(count * (8 + $0) / 8).squaredMagnitude.squareRoot() * Double(count) * spacing * scale }
            if sizes.max()! < 1e-10 { break }
            count *= 2
        }
        guard count <= mostNodes else { return nil }
        var transforms: [Complex] = [], quotients: [Complex] = []
        for index in 0..<count {
            let value = transform(index)
            let weighted = (index == 0 ? 0.5 : 1) * value
            transforms.append(weighted)
            quotients.append(weighted / Complex(decay, spacing * Double(index)))
        }
        (self.transforms, self.quotients) = (transforms, quotients)
    }

    private func sum(_ values: [Complex], at v: Double) -> Double {
        let distance = v - start
        let step = 2 * Double.pi / period * distance
        let turn = Complex(cos(step), sin(step))
        var total = 0.0
        var index = 0
        while index < values.count {
            // Anew now and then, so that rounding does not add up.
            var place = Complex(cos(step * Double(index)), sin(step * Double(index)))
            for next in index..<min(index + 64, values.count) {
                total += values[next].real * place.real - values[next].imaginary * place.imaginary
                place = place * turn
            }
            index += 64
        }
        return 2 * exp(decay * distance) / period * total
    }

    func density(at v: Double) -> Double { v <= start || v >= start + period / 2 ? 0 : sum(transforms, at: v) }

    func distribution(at v: Double) -> Double {
        if v <= start { return 0 }
        if v >= start + period / 2 { return 1 }
        return sum(quotients, at: v) - 1 / expm1(Self.decayOfPeriod)
    }
}
