import CKernels

/// -ln φ, its excess, and the gradient's mean and variance under e^{-s g²}, tabulated once over ln s by Chebyshev sums, each on a piece.
struct TiltedTable: Sendable {
    /// -ln φ; its excess, which means nothing where E[g²] is infinite; the pull below ``logTurn``, the mean from there on; the variance.
    typealias Values = SIMD4<Double>

    /// Where the tilted mean is as far from E[g] as from 0, or nearly.
    let logTurn: Double

    /// How short a block of ln w must be for eight points: as of `ProcessWalk`.
    let blockLength: Double
    let meanSquare: Double
    let variance: Double
    /// The end of the pieces.
    let logEnd: Double
    private let logStart: Double
    /// The first piece from ``logTurn`` on.
    private let turn: Int
    private let degree: Int
    private let coefficients: [Values]
    private let pieceCount: Int
    private let powers: (log: Double, excess: Double)
    private let hasDensityAtZero: Bool
    private let first, last: Values

    private static let width = ExactLawGrid.spacing

    /// - Parameter logArguments: ln s of all that the law does; beyond it the functions are powers of s.
    init(_ law: some TiltableLaw, logArguments range: ClosedRange<Double>) {
        meanSquare = law.meanSquare
        variance = law.variance
        powers = law.powersAtZero
        hasDensityAtZero = law.nearZero == .density
        logStart = range.lowerBound
        pieceCount = Int(((range.upperBound - range.lowerBound) / Self.width).rounded(.up)) + 1
        logEnd = logStart + Double(pieceCount) * Self.width
        let scale = law.meanSquare.isFinite ? -logarithm(law.meanSquare) : 0
        // Between two panels.
        let panel = Double(WidePanel.pieces)
        turn = min(max(Int(((scale - logStart) / Self.width / panel).rounded() * panel), 0), pieceCount)
        logTurn = logStart + Double(turn) * Self.width
        var (degree, coefficients): (Int, [Values]) = (10, [])
        while true {
            if let made = Self.build(law, from: logStart, pieces: pieceCount, turn: turn, degree: degree) {
                coefficients = made
                break
            }
            degree *= 2
        }
        self.degree = degree
        self.coefficients = coefficients
        blockLength = degree <= 10 ? 0.5 : degree <= 20 ? 0.08 : 0.02
        first = Self.function(law, logStart, isBelowTurn: true)
        last = Self.function(law, logEnd, isBelowTurn: false)
    }

    private static func function(_ law: some TiltableLaw, _ logarithm: Double, isBelowTurn: Bool) -> Values {
        let s = varlab_exp(logarithm)
        let values = law.values(at: s), tilted = law.tilted(at: s)
        return Values(-values.logTransform, law.meanSquare.isFinite ? values.excess : 0, isBelowTurn ? tilted.pull : tilted.mean, tilted.variance)
    }

    /// nil if the degree does not resolve the law.
    private static func build(_ law: some TiltableLaw, from start: Double, pieces: Int, turn: Int, degree: Int) -> [Values]? {
        let points = ChebyshevPoints(count: degree + 1)
        var result: [Values] = []
        var cache = PanelCache(origin: start)
        for piece in 0..<pieces {
            let middle = start + (Double(piece) + 0.5) * width
            let made = points.coefficients(points.nodes.map { node in
                cache.value(at: middle + 0.5 * width * node, piece: piece) { function(law, $0, isBelowTurn: piece < turn) }
            })
            if degree < 40 {
                // The mean counts beside the deviation, and nothing where one square alone leaves e^{-45} of M.
                let last = Values.absolutes(made[degree]), previous = Values.absolutes(made[degree - 1])
                let sizes = Values.absolutes(made[0])
                let deviation = sizes[3].squareRoot()
                let bounds = Values(2e-13 * sizes[0], 2e-13 * sizes[1], 1e-12 * max(sizes[2], 0.01 * deviation), 1e-12 * sizes[3])
                let isResolved = (0..<4).allSatisfy { max(last[$0], previous[$0]) <= max(bounds[$0], 1e-300) }
                if !isResolved, sizes[0] < 45 { return nil }
            }
            result += made
        }
        return result
    }

    /// At ln s, -∞ for s = 0.
    func values(at logarithm: Double) -> Values {
        if logarithm < logStart { return below(logarithm - logStart) }
        if logarithm >= logEnd { return above(logarithm) }
        let place = (logarithm - logStart) / Self.width
        let piece = min(Int(place), pieceCount - 1)
        let x = 2 * (place - Double(piece)) - 1
        return coefficients.withUnsafeBufferPointer { coefficients in
            let base = piece * (degree + 1)
            var (next, afterNext) = (Values.zero, Values.zero)
            let twice = Values(repeating: 2 * x)
            for k in stride(from: degree, to: 0, by: -1) { (next, afterNext) = (coefficients[base + k] + twice * next - afterNext, next) }
            return coefficients[base] + Values(repeating: x) * next - afterNext
        }
    }

    /// Adds `multiplicities` times the values at many ln s, `stride` pieces apart, to the sums at each: to one list below ``logTurn``, to the other from there on.
    /// Below the table only where a gradient counts: a square changes no sum there.
    /// - Returns: how many are below.
    func add(
        _ multiplicities: Values, from logarithm: Double, stride: Int, below: UnsafeMutableBufferPointer<Values>,
        above: UnsafeMutableBufferPointer<Values>
    ) -> Int {
        let count = below.count
        let place = (logarithm - logStart) / Self.width
        guard place > -1e9 else {
            let values = multiplicities * self.values(at: logarithm)
            for index in 0..<count { below[index] += values }
            return count
        }
        let piece = Int(place.rounded(.down))
        let x = 2 * (place - Double(piece)) - 1
        func firstNode(from target: Int) -> Int { target <= piece ? 0 : min((target - piece + stride - 1) / stride, count) }
        let (start, split, end) = (firstNode(from: 0), firstNode(from: turn), firstNode(from: pieceCount))
        if multiplicities[2] != 0 || multiplicities[3] != 0 {
            for index in 0..<start { below[index] += multiplicities * self.below(logarithm + Double(index * stride) * Self.width - logStart) }
        }
        func addPieces(_ nodes: Range<Int>, to sums: UnsafeMutableBufferPointer<Values>) {
            if nodes.isEmpty { return }
            withUnsafePointer(to: multiplicities) { multiplicities in
                coefficients.withUnsafeBytes { coefficients in
                    let first = coefficients.assumingMemoryBound(to: Double.self).baseAddress! + 4 * (degree + 1) * (piece + nodes.lowerBound * stride)
                    varlab_tilted_term(
                        varlab_best_variant(), first, Int32(degree), x, 4 * (degree + 1) * stride, nodes.count,
                        UnsafeRawPointer(multiplicities).assumingMemoryBound(to: Double.self),
                        UnsafeMutableRawPointer(sums.baseAddress! + nodes.lowerBound).assumingMemoryBound(to: Double.self))
                }
            }
        }
        addPieces(start..<split, to: below)
        addPieces(split..<end, to: above)
        for index in end..<count { above[index] += multiplicities * self.above(logarithm + Double(index * stride) * Self.width) }
        return split
    }

    private func below(_ distance: Double) -> Values {
        func power(_ exponent: Double) -> Double { exponent == 0 ? 1 : varlab_exp(max(distance * exponent, -745)) }
        let left = variance.isFinite ? variance - (variance - first[3]) * power(powers.excess - 1) : first[3] * varlab_exp(min((powers.log - 1) * distance, 700))
        return Values(first[0] * power(powers.log), first[1] * power(powers.excess), first[2] * power(powers.log), left)
    }

    private func above(_ logarithm: Double) -> Values {
        let distance = logarithm - logEnd
        guard hasDensityAtZero else { return last }
        let log = last[0] + 0.5 * distance
        let excess = meanSquare.isFinite ? meanSquare * varlab_exp(min(logarithm, 700)) - log : 0
        return Values(log, excess, last[2] * varlab_exp(-distance), last[3] * varlab_exp(-distance))
    }
}

extension SIMD4<Double> {
    fileprivate static func absolutes(_ values: Self) -> Self { values.replacing(with: -values, where: values .< 0) }
}
