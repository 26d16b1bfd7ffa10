import CKernels
import Errors
import SpecialFunctions

/// The moments of the update u_t = m̂_t/(√v̂_t + ε) of ``UpdateLaw`` at every step from 1 on, for several means: on a fixed grid of nodes
/// a = 2 s c_t each sum over the weights grows by one term a step, as in ``ExactLawSweep``.
///
/// A step costs a division, a logarithm and, for each mean, three exponentials at some 600 nodes at first and ever fewer, some 10 µs. The
/// relative error of the moments is below 1e-12, that of the variance where |μ| is large below 1e-16 E[u²]/Var[u].
public final class UpdateSweep {
    private let beta1: Double
    private let means: [Double]
    private let epsilon: Double
    private let average, momentum: ExponentialAverage
    private let grid: ExactLawGrid
    private let storage: UnsafeMutablePointer<Double>
    private let sums: varlab_update_law_sums
    /// Groups from here on are negligible at every later step too.
    private var groupEnds: [Int]
    private let laws: [UpdateLaw]

    /// - Parameter lastStep: no later step will be asked for.
    /// - Throws: `ParameterError` as `UpdateLaw`.
    public init(beta1: Double, beta2: Double, means: [Double], epsilon: Double = 0, lastStep: Int) throws(ParameterError) {
        var laws: [UpdateLaw] = []
        for mean in means { laws.append(try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: 1)) }
        self.laws = laws
        (self.beta1, self.means, self.epsilon) = (beta1, means, epsilon)
        average = try ExponentialAverage(ofExactLaw: beta2)
        momentum = try ExponentialAverage(decay: beta1, parameter: .beta1)
        let smallestWeight = (1 - beta2) / average.biasCorrection(at: max(lastStep, 1))
        let largestMean = means.reduce(0) { max($0, abs($1)) }
        let lowest = varlab_log(2 * smallestWeight) - Self.logScale(mean: largestMean, epsilon: epsilon) - Self.depth
        // The integrands fall as s^{-1/2} beyond the smallest weight, or beyond 1/ε² where that is later.
        var highest = 88 + (beta2 > 0 ? 2 * min(average.decayExponent, 250) : 600)
        if epsilon > 0 { highest = min(highest, 88 + max(0, -2 * varlab_log(epsilon))) }
        grid = ExactLawGrid(
            average: average, momentum: momentum, logNodes: lowest...max(lowest, min(highest, 690)), variant: varlab_best_variant())
        let size = grid.groupCount * ExactLawGrid.stride
        storage = .allocate(capacity: 4 * size)
        storage.initialize(repeating: 0, count: 4 * size)
        sums = varlab_update_law_sums(
            kept: storage, kept_lost: storage + size, shrinkage: storage + 2 * size, shrinkage_lost: storage + 3 * size)
        groupEnds = means.map { [count = grid.groupCount] _ in count }
    }

    deinit { storage.deallocate() }

    /// The logarithm of the larger of 1 + μ² and ε²: below its inverse in s the integrands fall.
    private static func logScale(mean: Double, epsilon: Double) -> Double { varlab_log(max(1 + mean * mean, epsilon * epsilon)) }

    /// How far below that the nodes start: the integrands fall as √s at least.
    private static let depth = 46.0

    /// The moments at the next step, one for each mean.
    public func next() -> [UpdateLaw.Moments] {
        let end = groupEnds.max() ?? 0
        let k = Double(grid.step)
        let momentumDecay = k == 0 ? 1 : varlab_exp(-k * momentum.decayExponent)
        let decay = grid.decay(at: k)
        // Before the grid moves on, so that both have the same nodes.
        if momentumDecay > 1e-22 { varlab_update_law_advance(grid.variant, grid.nodes, sums, end, decay, momentumDecay) }
        grid.advance(to: grid.step + 1, groups: end)
        // The sign of the first gradient, and what has no second moment.
        if epsilon == 0, grid.step == 1 || average.beta2 == 0 {
            return grid.step == 1 || beta1 == 0 ? laws.map { $0.moments() } : laws.map {
                UpdateLaw.Moments(mean: $0.mean == 0 ? 0 : nil, secondMoment: .infinity, variance: .infinity)
            }
        }
        let twoWeights = 2 * grid.largestWeight
        prepareWeights(twoWeights: twoWeights, end: end)
        return means.indices.map { moments(meanIndex: $0, twoWeights: twoWeights) }
    }

    /// The weights of the integrals, in the units of the nodes.
    private func prepareWeights(twoWeights: Double, end: Int) {
        guard epsilon > 0 else { return }
        let scale = epsilon / twoWeights.squareRoot()
        for index in 0..<end * ExactLawGrid.stride {
            let kernels = scaledRepeatedErrorIntegrals(scale * grid.rootNodes[index])
            grid.weights[0][index] = grid.rootNodes[index] * kernels.first
            grid.weights[1][index] = grid.nodes[index] * kernels.second
        }
    }

    private func moments(meanIndex: Int, twoWeights: Double) -> UpdateLaw.Moments {
        let mean = means[meanIndex], end = groupEnds[meanIndex]
        let first = grid.group(at: varlab_log(twoWeights) - Self.logScale(mean: mean, epsilon: epsilon) - Self.depth)
        let momentumWeight = (1 - momentum.beta2) / momentum.biasCorrection(at: grid.step)
        var integrals = (0.0, 0.0)
        let share = withUnsafeMutablePointer(to: &integrals) { tuple in
            tuple.withMemoryRebound(to: Double.self, capacity: 2) { pointer in
                varlab_update_law_integrate(
                    grid.variant, grid.sums, sums, first, end, mean * mean, momentumWeight,
                    epsilon == 0 ? grid.rootNodes : grid.weights[0], epsilon == 0 ? grid.nodes : grid.weights[1], pointer)
            }
        }
        if grid.step > 4, share < 1e-22, end > first + 1 { groupEnds[meanIndex] = end - 1 }
        let atPointMass = mean / ((1 + mean * mean).squareRoot() + epsilon)
        let excess = mean * integrals.0 * ExactLawGrid.spacing / twoWeights.squareRoot() * (epsilon == 0 ? 0.5641895835477563 : 1)
        let second = integrals.1 * ExactLawGrid.spacing / twoWeights
        return UpdateLaw.Moments(
            mean: atPointMass + excess, secondMoment: atPointMass * atPointMass + second,
            // Where u hardly varies, rounding is all that is left.
            variance: max(0, second - excess * (2 * atPointMass + excess)))
    }
}
