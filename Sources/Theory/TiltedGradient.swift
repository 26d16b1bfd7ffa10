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
    /// g and g - E[g], and the probabilities, which may be weights of an interpolation.
    private let gradients, deviations, shares: [Double]
    let mean: Double
    private let smallest: Double
    private let largestSquare: Double
    private let meanDeviation: Double

    init(gradients: [Double], deviations: [Double], shares: [Double], mean: Double) {
        (self.gradients, self.deviations, self.shares, self.mean) = (gradients, deviations, shares, mean)
        smallest = gradients.reduce(.infinity) { min($0, $1 * $1) }
        largestSquare = gradients.reduce(0) { max($0, $1 * $1) }
        meanDeviation = zip(deviations, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Relative to the value at the point next to zero; where s is small, to that at E[g], so that the pull, which is of the order of s, keeps its digits.
    func tilted(at s: Double) -> TiltedGradient {
        let isSmall = s * max(largestSquare, mean * mean) < 1
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: shares.count) { weights in
            var (total, sum) = (0.0, 0.0)
            shares.withUnsafeBufferPointer { shares in
                if isSmall {
                    deviations.withUnsafeBufferPointer { deviations in
                        for index in shares.indices {
                            let z = deviations[index]
                            let change = varlab_expm1(-s * z * (z + 2 * mean))
                            weights[index] = shares[index] * (1 + change)
                            total += weights[index]
                            sum += shares[index] * z * change
                        }
                    }
                    return
                }
                gradients.withUnsafeBufferPointer { gradients in
                    for index in shares.indices {
                        let exponent = s * (gradients[index] * gradients[index] - smallest)
                        let weight = exponent < 60 ? shares[index] * varlab_exp(-exponent) : 0
                        weights[index] = weight
                        total += weight
                        sum += weight * gradients[index]
                    }
                }
            }
            let pull = isSmall ? -(sum + meanDeviation) / total : mean - sum / total
            let centre = isSmall ? mean - pull : sum / total
            let variance = gradients.withUnsafeBufferPointer { gradients in
                var variance = 0.0
                for index in gradients.indices where weights[index] != 0 {
                    variance += weights[index] * (gradients[index] - centre) * (gradients[index] - centre)
                }
                return variance
            }
            return TiltedGradient(mean: centre, pull: pull, variance: max(0, variance / total))
        }
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
            gradients: nodes.map { mean + Self.halfWidth * $0 }, deviations: nodes.map { Self.halfWidth * $0 }, shares: weights.map { $0 / 2 }, mean: mean)
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
        return GradientPoints(gradients: gradients, deviations: gradients.map { $0 - mean }, shares: shares, mean: mean).tilted(at: s)
    }
}

/// Recorded values, those of either sign by themselves.
struct RecordedGradient: TiltableLaw {
    let mean: Double
    let variance: Double
    private let squares: RecordedSquares
    private let points: GradientPoints
    var meanSquare: Double { squares.meanSquare }
    var powersAtZero: (log: Double, excess: Double) { squares.powersAtZero }
    var nearZero: BehaviourNearZero { squares.nearZero }

    /// - Parameters:
    ///   - values: as of `RecordedSquares`.
    ///   - shift: added to each.
    init(values: [Double], shift: Double) {
        squares = RecordedSquares(values: values, mean: shift)
        let total = Double(values.count)
        let centre = values.reduce(0, +) / total
        mean = centre + shift
        variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / total
        var gradients: [Double] = [], shares: [Double] = []
        for (sign, part) in [(1.0, values.filter { $0 + shift >= 0 }), (-1.0, values.filter { $0 + shift < 0 })] where !part.isEmpty {
            let points = RecordedSquares(values: part, mean: shift).points
            for (square, share) in zip(points.squares, points.shares) where share != 0 {
                gradients.append(sign * square.squareRoot())
                shares.append(share * Double(part.count) / total)
            }
        }
        points = GradientPoints(gradients: gradients, deviations: gradients.map { [mean] in $0 - mean }, shares: shares, mean: mean)
    }

    func values(at s: Double) -> TransformValues { squares.values(at: s) }
    func tilted(at s: Double) -> TiltedGradient { points.tilted(at: s) }
}

extension GradientProcess {
    /// The law of independent gradients at scale 1; of a symmetric law about |μ|.
    func tiltableLaw() -> any TiltableLaw {
        switch law {
        case .uniform: UniformGradient(mean: abs(mean))
        case .recorded: RecordedGradient(values: recorded!, shift: mean)
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
