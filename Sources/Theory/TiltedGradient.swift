import CKernels

/// A gradient under e^{-s g²}, normalised: what the law of m̂_t under e^{-s v̂_t} is made of.
struct TiltedGradient {
    /// E_s[g], and E[g] - E_s[g], each without cancellation.
    let mean, pull: Double
    /// Var_s[g].
    let variance: Double
}

/// A law of g itself, not of its square alone.
protocol TiltableLaw: SquaredGradientLaw {
    /// E[g] where it exists, else the centre of symmetry.
    var mean: Double { get }
    /// Var[g]; infinite where it does not exist.
    var variance: Double { get }
    /// The law under e^{-s g²}, s > 0.
    func tilted(at s: Double) -> TiltedGradient
}

extension NormalMixture: TiltableLaw {
    var variance: Double { meanVariance }

    /// Given V, g is N(μ/(1+x), V/(1+x)) with x = 2sV, and V has the probabilities p (1+x)^{-1/2} e^{-μ² s/(1+x)}, normalised.
    func tilted(at s: Double) -> TiltedGradient {
        let tilted = tilted(at: s, offset: 0)
        if tilted.variance.isFinite { return tilted }
        // Relative to the largest exponent.
        let largest = zip(shares, variances).reduce(-Double.infinity) { $1.0 > 0 ? max($0, -s * mean * mean / (1 + min(2 * s * $1.1, 1e290))) : $0 }
        return self.tilted(at: s, offset: -largest)
    }

    private func tilted(at s: Double, offset: Double) -> TiltedGradient {
        let square = mean * mean
        let twice = 2 * s
        return shares.withUnsafeBufferPointer { shares in
            variances.withUnsafeBufferPointer { variances in
                var (total, lost, kept, within) = (0.0, 0.0, 0.0, 0.0)
                var (lostSquares, keptSquares) = (0.0, 0.0)
                for index in shares.indices {
                    // Beyond what any sum has of it.
                    if variances[index] > 1, shares[index] * variances[index] < 1e-24 { continue }
                    let x = min(twice * variances[index], 1e290)
                    let rest = 1 / (1 + x)
                    var weight = shares[index] * rest.squareRoot()
                    if square > 0 { weight *= varlab_exp(max(offset - s * square * rest, -745)) }
                    let share = x * rest
                    total += weight
                    kept += weight * rest
                    lost += weight * share
                    lostSquares += weight * share * share
                    keptSquares += weight * rest * rest
                    within += weight * (variances[index] * rest)
                }
                guard total > 1e-200 else { return TiltedGradient(mean: 0, pull: 0, variance: .nan) }
                kept /= total
                lost /= total
                // Between the means μ/(1+x) of the parts, from the smaller of x/(1+x) and 1/(1+x), whose spread is of its own order.
                let between = max(0, lost < 0.5 ? lostSquares / total - lost * lost : keptSquares / total - kept * kept)
                return TiltedGradient(mean: mean * kept, pull: mean * lost, variance: within / total + square * between)
            }
        }
    }
}

/// Gradients as point masses.
struct GradientPoints: Sendable {
    /// |g|, ascending where ``isAscending``, and the probabilities of g and -g, which may be weights of an interpolation; filled up to whole groups.
    private let sizes, positive, negative: [Double]
    private let isAscending: Bool
    let mean: Double
    private let smallest: Double
    private let largestSquare: Double
    /// E[g - E[g]], which is no more than rounding.
    private let meanDeviation: Double

    init(sizes: [Double], positive: [Double], negative: [Double], mean: Double) {
        (self.sizes, self.positive, self.negative, self.mean) = (sizes.filledUp, positive.filledUp, negative.filledUp, mean)
        isAscending = zip(sizes, sizes.dropFirst()).allSatisfy { $0 <= $1 }
        smallest = sizes.reduce(.infinity) { min($0, $1 * $1) }
        largestSquare = sizes.reduce(0) { max($0, $1 * $1) }
        meanDeviation = sizes.indices.reduce(0) { $0 + (positive[$1] * (sizes[$1] - mean) - negative[$1] * (sizes[$1] + mean)) }
    }

    /// - Parameter gradients: in any order.
    init(gradients: [Double], shares: [Double], mean: Double) {
        self.init(
            sizes: gradients.map(abs), positive: zip(gradients, shares).map { $0 < 0 ? 0 : $1 }, negative: zip(gradients, shares).map { $0 < 0 ? $1 : 0 },
            mean: mean)
    }

    /// Relative to the value at the point next to zero; where s is small, to that at E[g], so that the pull, which is of the order of s, keeps its digits.
    func tilted(at s: Double) -> TiltedGradient {
        let isSmall = s * max(largestSquare, mean * mean) < 1
        var result = varlab_tilted_points()
        withUnsafeTemporaryAllocation(of: Double.self, capacity: sizes.count) { weights in
            varlab_transform_tilted(
                varlab_best_variant(), sizes, positive, negative, isSmall ? sizes.count / TransformSums.stride : groupCount(at: s), s,
                isSmall ? mean * mean : smallest, mean, meanDeviation, isSmall ? 1 : 0, weights.baseAddress!, &result)
        }
        return TiltedGradient(mean: result.mean, pull: result.pull, variance: max(0, result.variance))
    }

    /// How many groups, from the first on, have points with e^{-s(g² - smallest)} above e^{-60}.
    private func groupCount(at s: Double) -> Int {
        let all = sizes.count / TransformSums.stride
        if !isAscending { return all }
        var (low, high) = (1, all)
        while low < high {
            let middle = (low + high) / 2, size = sizes[middle * TransformSums.stride]
            if s * (size * size - smallest) < 60 { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// g uniform on (μ - √3, μ + √3).
struct UniformGradient: TiltableLaw {
    let mean: Double
    private let squares: UniformSquares
    private let points: GradientPoints
    private static let halfWidth = 1.7320508075688772
    var meanSquare: Double { squares.meanSquare }
    var variance: Double { 1 }
    var powersAtZero: (log: Double, excess: Double) { squares.powersAtZero }
    var nearZero: BehaviourNearZero { squares.nearZero }

    /// - Parameter mean: μ ≥ 0.
    init(mean: Double) {
        self.mean = mean
        squares = UniformSquares(mean: mean)
        let (nodes, weights) = UniformSquares.gaussLegendre
        points = GradientPoints(
            gradients: nodes.map { mean + Self.halfWidth * $0 }, shares: weights.map { $0 / 2 }, mean: mean)
    }

    func values(at s: Double) -> TransformValues { squares.values(at: s) }

    /// By Gauss' rule where the exponent varies by little, else by sixteen of them on where e^{-s g²} is not negligible.
    func tilted(at s: Double) -> TiltedGradient {
        let lowest = mean - Self.halfWidth, highest = mean + Self.halfWidth
        let nearest = max(lowest, 0)
        if mean == 0 { return TiltedGradient(mean: 0, pull: 0, variance: tiltedPoints(at: s, lowest, highest, nearest).variance) }
        return tiltedPoints(at: s, lowest, highest, nearest)
    }

    private func tiltedPoints(at s: Double, _ lowest: Double, _ highest: Double, _ nearest: Double) -> TiltedGradient {
        if s * (highest * highest - nearest * nearest) < 5 { return points.tilted(at: s) }
        // Beyond reach e^{-s (g² - nearest²)} is below e^{-50}.
        let reach = (nearest * nearest + 50 / s).squareRoot()
        let (first, last) = (max(lowest, -reach), min(highest, reach))
        let (nodes, weights) = UniformSquares.gaussLegendre
        let panels = 16
        let half = (last - first) / Double(2 * panels)
        var gradients: [Double] = [], shares: [Double] = []
        for panel in 0..<panels {
            let centre = first + Double(2 * panel + 1) * half
            for (node, weight) in zip(nodes, weights) {
                gradients.append(centre + half * node)
                shares.append(weight)
            }
        }
        return GradientPoints(gradients: gradients, shares: shares, mean: mean).tilted(at: s)
    }
}

/// Recorded values.
struct RecordedGradient: TiltableLaw {
    let mean: Double
    let variance: Double
    private let squares: RecordedSquares
    private let points: GradientPoints
    var meanSquare: Double { squares.meanSquare }
    var powersAtZero: (log: Double, excess: Double) { squares.powersAtZero }
    var nearZero: BehaviourNearZero { squares.nearZero }

    /// - Parameter values: compressed.
    init(_ values: RecordedPoints) {
        squares = RecordedSquares(values)
        (mean, variance) = (values.mean, values.variance)
        points = GradientPoints(
            sizes: values.squares.map { $0.squareRoot() }, positive: values.positive, negative: values.negative, mean: values.mean)
    }

    func values(at s: Double) -> TransformValues { squares.values(at: s) }
    func tilted(at s: Double) -> TiltedGradient { points.tilted(at: s) }
}

extension GradientProcess {
    /// The law of independent gradients at scale 1; of a symmetric law about |μ|.
    func tiltableLaw() -> any TiltableLaw {
        switch law {
        case .uniform: UniformGradient(mean: abs(mean))
        case .recorded: RecordedGradient(points!)
        default: GradientProcess.mixture(law, mean: abs(mean))
        }
    }

    /// Of the laws that are mixtures of normals.
    static func mixture(_ law: GradientLaw, mean: Double) -> NormalMixture {
        switch law {
        case .studentT(let nu): .studentT(degreesOfFreedom: nu, mean: mean)
        case .laplace: .laplace(mean: mean)
        case .logistic: .logistic(mean: mean)
        case .mixture(let share, let deviation): .contaminated(share: share, standardDeviation: deviation, mean: mean)
        case .normal, .uniform, .recorded: .normal(mean: mean)
        }
    }
}
