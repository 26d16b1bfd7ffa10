import CLibC
import SpecialFunctions
import Theory

/// The sums over k of `UpdateTransform` at any z: term by term while 2|z|w_k is large, the rest by powers whose sums are known beforehand.
struct UpdateTransformSums: Sendable {
    let terms: UpdateTerms
    /// For every eighth term i and j = 0, 1, …: Σ_{k≥i} of n_k, n_k a_k and n_k a_k², each times (w_k/w_i)^j.
    private let powerSums: [Double]

    /// Terms between two places at which the sum may change to powers.
    private static let chunk = 8
    /// The highest power, and the size of 2|z|w below which they serve: the first left out is 0.3^33 < 1e-17.
    private static let powers = 32, largest = 0.3

    init(_ terms: UpdateTerms) {
        self.terms = terms
        let count = terms.relativeWeights.count, stride = 3 * (Self.powers + 1)
        var sums = [Double](repeating: 0, count: stride), all: [[Double]] = []
        var reference = 0.0
        for k in (0..<count).reversed() {
            let w = terms.relativeWeights[k], a = terms.momentumWeights[k], n = terms.multiplicities[k]
            // The sums so far, taken relative to this weight, which is not smaller.
            let ratio = w > 0 ? reference / w : 0
            var power = 1.0
            for j in 0...Self.powers {
                sums[3 * j] = sums[3 * j] * power + n
                sums[3 * j + 1] = sums[3 * j + 1] * power + n * a
                sums[3 * j + 2] = sums[3 * j + 2] * power + n * a * a
                power *= ratio
            }
            reference = w
            if k % Self.chunk == 0 { all.append(sums) }
        }
        powerSums = Array(all.reversed().joined())
    }

    func transform(at z: Complex) -> UpdateTransform {
        var sums = Sums()
        let scale = 2 * terms.largestWeight
        let (real, imaginary) = (scale * z.real, scale * z.imaginary)
        let size = max(abs(real), abs(imaginary))
        for k in terms.relativeWeights.indices {
            let (x, y) = (real * terms.relativeWeights[k], imaginary * terms.relativeWeights[k])
            if k % Self.chunk == 0, size * terms.relativeWeights[k] < Self.largest / 2.0.squareRoot() {
                addPowers(from: k, Complex(x, y), to: &sums)
                break
            }
            let n = terms.multiplicities[k], a = n * terms.momentumWeights[k]
            let inverse = Complex(1) / Complex(1 + x, y)
            let lost = Complex(x, y) * inverse
            sums.noncentral = sums.noncentral + n * lost
            sums.excess = sums.excess + n * (Complex(x, y) * lost)
            sums.average = sums.average + a * inverse
            sums.shrinkage = sums.shrinkage + a * lost
            sums.variance = sums.variance + (a * terms.momentumWeights[k]) * inverse
            if abs(y) > 1e100 {
                sums.logarithm.real -= n * log(hypot(1 + x, y))
            } else {
                sums.logarithm.real -= 0.5 * n * log1p(x * (2 + x) + y * y)
            }
            if y != 0 { sums.logarithm.imaginary -= n * atan2(y, 1 + x) }
        }
        return UpdateTransform(
            z: z, logarithm: 0.5 * sums.logarithm, noncentral: 0.5 * sums.noncentral, excess: 0.5 * sums.excess, average: sums.average,
            shrinkage: sums.shrinkage, variance: sums.variance)
    }

    private struct Sums {
        var logarithm = Complex(0), noncentral = Complex(0), excess = Complex(0)
        var average = Complex(0), shrinkage = Complex(0), variance = Complex(0)
    }

    /// The terms from k on, where 2zw_k is x.
    private func addPowers(from k: Int, _ x: Complex, to result: inout Sums) {
        let magnitude = x.squaredMagnitude
        let count = magnitude > 0 ? min(Self.powers, max(2, Int((-80 / log(magnitude)).rounded(.up)))) : 2
        let first = k / Self.chunk * 3 * (Self.powers + 1)
        powerSums.withUnsafeBufferPointer { sums in
            var (log, lost, beyond, mean, square) = (Complex(0), Complex(0), Complex(0), Complex(0), Complex(0))
            // In -x, Horner's way, each from its lowest power on.
            let argument = -x
            for j in stride(from: count, to: 1, by: -1) {
                let place = first + 3 * j
                log = log * argument
                log.real += sums[place] / Double(j)
                beyond = beyond * argument
                beyond.real += sums[place]
                mean = mean * argument
                mean.real += sums[place + 1]
                square = square * argument
                square.real += sums[place + 2]
            }
            let (total, momentum, momentumSquare) = (Complex(sums[first + 3]), sums[first + 4], sums[first + 5])
            lost = x * (total + argument * beyond)
            log = x * (total + argument * log)
            mean = argument * (Complex(momentum) + argument * mean)
            square = argument * (Complex(momentumSquare) + argument * square)
            result.logarithm = result.logarithm - log
            result.noncentral = result.noncentral + lost
            result.excess = result.excess + x * x * beyond
            result.average = result.average + Complex(sums[first + 1]) + mean
            result.shrinkage = result.shrinkage - mean
            result.variance = result.variance + Complex(sums[first + 2]) + square
        }
    }
}
