import CKernels

/// -2 ln φ and twice the excess of a law of g², tabulated once over ln s by Chebyshev sums.
///
/// A piece is as wide as the nodes of the integrals are apart. So at any one weight all nodes lie at the same place of neighbouring pieces, and
/// with the coefficients of all pieces side by side a factor costs a few operations on vectors.
final class TransformTable: @unchecked Sendable {
    /// The pieces: number p is [p h, (p+1) h) with h the spacing.
    let pieces: Range<Int>
    let degree: Int
    let hasExcess: Bool
    private let coefficients: UnsafeMutableBufferPointer<Double>
    private let rowLength: Int

    /// Chebyshev coefficients of both functions on one piece, the excess behind the logarithm.
    private typealias Piece = [Double]

    /// - Parameter logNodes: ln s, for which the table must serve; cut short where φ has run into a power of s, to be continued by it.
    init(_ law: some SquaredGradientLaw, logNodes range: ClosedRange<Double>) {
        let spacing = ExactLawGrid.spacing
        let lowest = Int((range.lowerBound / spacing).rounded(.down)), highest = Int((range.upperBound / spacing).rounded(.down)) + 1
        pieces = lowest..<(highest + 1)
        hasExcess = law.meanSquare.isFinite
        var degree = 10
        var list: [Piece]
        while true {
            if let made = Self.build(law, pieces: pieces, degree: degree, hasExcess: hasExcess) {
                list = made
                break
            }
            degree *= 2
        }
        self.degree = degree
        rowLength = pieces.count
        let rows = (degree + 1) * (hasExcess ? 2 : 1)
        coefficients = .allocate(capacity: rows * rowLength)
        for (column, piece) in list.enumerated() {
            for row in 0..<rows { coefficients[row * rowLength + column] = piece[row] }
        }
    }

    /// Of N(0, 1), for all who do not look far.
    static let standardNormal = TransformTable(NormalMixture.normal(mean: 0), logNodes: -200...100)

    func covers(_ logNodes: ClosedRange<Double>) -> Bool {
        Double(pieces.lowerBound) * ExactLawGrid.spacing <= logNodes.lowerBound && Double(pieces.upperBound - 1) * ExactLawGrid.spacing >= logNodes.upperBound
    }

    deinit { coefficients.deallocate() }

    /// The coefficient k of all pieces: of -2 ln φ, or of twice the excess.
    func row(_ k: Int, excess: Bool) -> UnsafePointer<Double> {
        UnsafePointer(coefficients.baseAddress! + (k + (excess ? degree + 1 : 0)) * rowLength)
    }

    // MARK: Building

    /// nil if the degree does not resolve the law.
    private static func build(
        _ law: some SquaredGradientLaw, pieces: Range<Int>, degree: Int, hasExcess: Bool
    ) -> [Piece]? {
        let basis = ChebyshevBasis(degree: degree)
        let isLast = degree >= 40
        var cache = PanelCache(origin: 0)
        func piece(_ number: Int) -> Piece? {
            let made = basis.coefficients(law, piece: number, hasExcess: hasExcess, cache: &cache)
            return isLast || basis.resolves(made, negligibleExcess: law.isDear ? 1e-35 : 1e-300) ? made : nil
        }
        let centre = min(max(Int((-logarithm(law.meanSquare.isFinite ? law.meanSquare : 1) / ExactLawGrid.spacing)), pieces.lowerBound), pieces.upperBound - 1)
        var above: [Piece] = [], below: [Piece] = []
        var number = centre
        var isPower = false
        while number < pieces.upperBound {
            guard !isPower else {
                above.append(basis.continued(above.last!, piece: number, hasExcess: hasExcess, meanSquare: law.meanSquare))
                number += 1
                continue
            }
            guard let made = piece(number) else { return nil }
            above.append(made)
            isPower = above.count > 3 && law.nearZero != .gap && basis.isPowerAtInfinity(made, law.nearZero)
            number += 1
        }
        number = centre - 1
        isPower = false
        while number >= pieces.lowerBound {
            if isPower {
                below.append(basis.scaled(below.last!, hasExcess: hasExcess, powers: law.powersAtZero))
            } else {
                guard let made = piece(number) else { return nil }
                isPower = below.last.map { basis.isPowerAtZero(made, above: $0, hasExcess: hasExcess, powers: law.powersAtZero) } ?? false
                below.append(made)
            }
            number -= 1
        }
        return below.reversed() + above
    }
}

/// Chebyshev interpolation on one piece.
private struct ChebyshevBasis {
    let degree: Int
    private let points: ChebyshevPoints
    /// The coefficients of e^{h τ/2}.
    private let exponential: [Double]

    init(degree: Int) {
        self.degree = degree
        points = ChebyshevPoints(count: degree + 1)
        exponential = points.coefficients(points.nodes.map { varlab_exp(0.5 * ExactLawGrid.spacing * $0) })
    }

    func coefficients(_ law: some SquaredGradientLaw, piece: Int, hasExcess: Bool, cache: inout PanelCache) -> [Double] {
        let spacing = ExactLawGrid.spacing
        let middle = (Double(piece) + 0.5) * spacing
        let values = points.nodes.map { node -> TransformValues in
            let logarithm = middle + 0.5 * spacing * node
            guard law.isDear else { return law.values(at: varlab_exp(logarithm)) }
            // Below 0 without the powers of s that they nearly are.
            let powers = piece < 0 ? law.powersAtZero : (log: 0, excess: 0)
            func scaled(_ values: SIMD4<Double>, _ sign: Double, _ logarithm: Double) -> SIMD4<Double> {
                SIMD4(values[0] * varlab_exp(sign * powers.log * logarithm), values[1] * varlab_exp(sign * powers.excess * logarithm), 0, 0)
            }
            let value = cache.value(at: logarithm, piece: piece) { logarithm in
                let values = law.values(at: varlab_exp(logarithm))
                return scaled(SIMD4(values.logTransform, hasExcess ? values.excess : 0, 0, 0), -1, logarithm)
            }
            let found = scaled(value, 1, logarithm)
            return TransformValues(logTransform: found[0], excess: found[1])
        }
        let logs = points.coefficients(values.map { -2 * $0.logTransform })
        return hasExcess ? logs + points.coefficients(values.map { 2 * $0.excess }) : logs
    }

    /// Whether the last coefficients are rounding, or of an excess too small to be seen in any sum.
    func resolves(_ piece: [Double], negligibleExcess: Double) -> Bool {
        let tail = max(abs(piece[degree]), abs(piece[degree - 1]))
        let excessTail = piece.count > degree + 1 ? max(abs(piece[2 * degree + 1]), abs(piece[2 * degree])) : 0
        let isResolved = tail <= 2e-13 * abs(piece[0])
        guard piece.count > degree + 1 else { return isResolved }
        // Where φ is below e^{-30} the excess counts no more, and it may be a difference there.
        let scale = max(abs(piece[degree + 1]), abs(piece[0]) > 60 ? abs(piece[0]) : 0)
        return isResolved && (excessTail <= 2e-13 * scale || excessTail < negligibleExcess)
    }

    /// Whether -2 ln φ has become linear in ln s, with slope 1 where there is a density at 0, else constant.
    func isPowerAtInfinity(_ piece: [Double], _ nearZero: BehaviourNearZero) -> Bool {
        let slope = piece[1] / (0.5 * ExactLawGrid.spacing)
        return abs(slope - (nearZero == .density ? 1 : 0)) < 4e-14 && abs(piece[2]) < 1e-15 * abs(piece[0])
    }

    /// The next piece above one where it is linear.
    func continued(_ piece: [Double], piece number: Int, hasExcess: Bool, meanSquare: Double) -> [Double] {
        let slope = piece[1] / (0.5 * ExactLawGrid.spacing)
        let isConstant = abs(slope) < 0.5
        var logs = [Double](repeating: 0, count: degree + 1)
        logs[0] = piece[0] + (isConstant ? 0 : ExactLawGrid.spacing)
        logs[1] = isConstant ? 0 : 0.5 * ExactLawGrid.spacing
        guard hasExcess else { return logs }
        let start = 2 * meanSquare * varlab_exp(min((Double(number) + 0.5) * ExactLawGrid.spacing, 690))
        return logs + zip(exponential, logs).map { start * $0 - $1 }
    }

    /// Whether two neighbours at the lower end are the same but for the powers of s.
    func isPowerAtZero(_ piece: [Double], above: [Double], hasExcess: Bool, powers: (log: Double, excess: Double)) -> Bool {
        func isScaled(_ index: Int, _ power: Double) -> Bool {
            abs(above[index] * varlab_exp(-power * ExactLawGrid.spacing) / piece[index] - 1) < 2e-15
        }
        return isScaled(0, powers.log) && (!hasExcess || piece[degree + 1] == 0 || isScaled(degree + 1, powers.excess))
    }

    /// The next piece below.
    func scaled(_ piece: [Double], hasExcess: Bool, powers: (log: Double, excess: Double)) -> [Double] {
        let (log, excess) = (varlab_exp(-powers.log * ExactLawGrid.spacing), varlab_exp(-powers.excess * ExactLawGrid.spacing))
        return piece.enumerated().map { $1 * ($0 <= degree ? log : excess) }
    }
}
