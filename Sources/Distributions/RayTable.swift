import CLibC
import SpecialFunctions
import Theory

/// ln φ along the ray arg s = θ, tabulated over u = ln |s| by Chebyshev sums on pieces.
///
/// Where φ has a zero near the ray the pieces are halved. Of large |s| μ² the part -s μ² is left in, else taken out, as each is smooth.
struct RayTable: Sendable {
    private struct Piece: Sendable {
        let start, width: Double
        /// Whether s μ² has been added.
        let isCentred: Bool
        let real, imaginary: [Double]
    }

    let direction: Complex
    private let lowest: Double
    /// Of each stretch of ``width`` from the lowest on, the index of its first piece.
    private let firsts: [Int]
    private let pieces: [Piece]
    private let squaredMean: Double
    private let logWeights: [Double]
    private let power: Double

    private static let width = 0.5
    private static let degree = 16
    private static let deepest = 12
    /// ln |φ| below which its digits do not matter.
    private static let nothing = -60.0

    /// - Parameter range: of ln |s|, for which the table must serve with any of the weights.
    init(_ transform: ComplexGradientTransform, angle: Double, runs: WeightRuns, logs range: ClosedRange<Double>) {
        direction = Complex(cos(angle), sin(angle))
        squaredMean = transform.mean * transform.mean
        logWeights = runs.weights.map { log($0) }
        power = transform.powerAtZero
        // Below, -ln φ is a power of s to the last digit that counts in the sum over the weights.
        let straight = transform.meanSquare.isFinite ? -30 - log(transform.meanSquare) : -30 / power
        lowest = (max(straight, range.lowerBound + (logWeights.last ?? 0)) / Self.width).rounded(.down) * Self.width
        let range = lowest...max(range.upperBound + logWeights[0], lowest + 1)
        var builder = Builder(transform: transform, direction: direction)
        var firsts: [Int] = []
        var start = lowest
        while start < range.upperBound {
            firsts.append(builder.pieces.count)
            builder.add(from: start, width: Self.width, depth: 0)
            start += Self.width
        }
        self.firsts = firsts
        pieces = builder.pieces
    }

    /// ln Φ at |s| = e^u, for `isCentred` ln Φ + s μ² Σw; the imaginary part up to a multiple of 2π where |Φ| is nothing.
    func sum(_ runs: WeightRuns, at u: Double, isCentred: Bool) -> Complex {
        let size = squaredMean * exp(u)
        var sum = Complex(0), shift = 0.0
        for index in logWeights.indices {
            let (value, isValueCentred) = logarithm(at: u + logWeights[index])
            sum = sum + runs.multiplicities[index] * value
            if isValueCentred != isCentred { shift += (isCentred ? 1 : -1) * runs.multiplicities[index] * runs.weights[index] }
        }
        return squaredMean == 0 ? sum : sum + (size * shift) * direction
    }

    private func logarithm(at u: Double) -> (value: Complex, isCentred: Bool) {
        if u < lowest {
            let value = logarithm(at: lowest)
            return (exp(power * (u - lowest)) * value.value, value.isCentred)
        }
        var index = firsts[min(max(Int((u - lowest) / Self.width), 0), firsts.count - 1)]
        while index + 1 < pieces.count, pieces[index + 1].start <= u { index += 1 }
        let piece = pieces[index]
        let x = 2 * (u - piece.start) / piece.width - 1
        var (next, afterNext) = (Complex(0), Complex(0))
        for k in stride(from: Self.degree, to: 0, by: -1) {
            (next, afterNext) = (
                Complex(2 * x * next.real - afterNext.real + piece.real[k], 2 * x * next.imaginary - afterNext.imaginary + piece.imaginary[k]), next
            )
        }
        return (Complex(x * next.real - afterNext.real + piece.real[0], x * next.imaginary - afterNext.imaginary + piece.imaginary[0]), piece.isCentred)
    }

    private struct Builder {
        let transform: ComplexGradientTransform
        let direction: Complex
        var pieces: [Piece] = []
        /// The last value of the centred logarithm, from which its angle goes on.
        private var lastAngle: Double? = 0

        init(transform: ComplexGradientTransform, direction: Complex) {
            self.transform = transform
            self.direction = direction
        }

        private static let cosines = (0...degree).map { cos(Double.pi * Double(degree - $0) / Double(degree)) }

        mutating func add(from start: Double, width: Double, depth: Int) {
            let isLast = depth == RayTable.deepest
            let size = exp(start + width) * transform.mean * transform.mean
            // Taken out of much larger numbers it would cost digits.
            for isCentred in size == 0 || size < 30 ? [true] : size < 1e3 ? [true, false] : [false, true] {
                guard let made = piece(from: start, width: width, isCentred: isCentred, always: isLast && !isCentred || isLast && size < 30) else { continue }
                pieces.append(made)
                return
            }
            if isLast { pieces.append(piece(from: start, width: width, isCentred: true, always: true)!); return }
            add(from: start, width: width / 2, depth: depth + 1)
            add(from: start + width / 2, width: width / 2, depth: depth + 1)
        }

        /// nil if it does not resolve the law.
        private mutating func piece(from start: Double, width: Double, isCentred: Bool, always: Bool) -> Piece? {
            var isNothing = true
            let values = Self.cosines.map { x -> Complex in
                let s = exp(start + width * (x + 1) / 2) * direction
                let value = transform.logarithm(at: s, isCentred: isCentred)
                if !(value.real - (isCentred ? s.real * transform.mean * transform.mean : 0) < RayTable.nothing) { isNothing = false }
                return value.real > -1e5 ? value : Complex(-1e5)
            }
            // No factor brings it back.
            let always = always || isNothing
            var angles = values.map(\.imaginary)
            var angle = isCentred ? (lastAngle ?? angles[0]) : angles[0]
            for index in angles.indices {
                let turns = ((angle - angles[index]) / (2 * .pi)).rounded()
                angles[index] += 2 * .pi * turns
                if index > 0, abs(angles[index] - angle) > 1.5, !always { return nil }
                angle = angles[index]
            }
            let real = Self.coefficients(values.map(\.real)), imaginary = Self.coefficients(angles)
            func isResolved(_ coefficients: [Double], scale: Double) -> Bool {
                coefficients.suffix(3).allSatisfy { abs($0) <= 1e-14 * scale }
            }
            let scale = max(abs(real[0]) + abs(imaginary[0]), abs(real[1]) + abs(imaginary[1]))
            guard always || (isResolved(real, scale: scale) && isResolved(imaginary, scale: scale)) else { return nil }
            lastAngle = isCentred ? angle : nil
            return Piece(start: start, width: width, isCentred: isCentred, real: real, imaginary: imaginary)
        }

        /// From the values at ascending cosines.
        private static func coefficients(_ values: [Double]) -> [Double] {
            (0...degree).map { k in
                var sum = 0.0
                for j in 0...degree {
                    let term = values[degree - j] * table[(k * j) % (2 * degree)]
                    sum += j == 0 || j == degree ? term / 2 : term
                }
                return sum * (k == 0 || k == degree ? 1 : 2) / Double(degree)
            }
        }

        private static let table = (0..<(2 * degree)).map { cos(Double.pi * Double($0) / Double(degree)) }
    }
}
