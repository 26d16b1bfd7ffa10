import CKernels
import SpecialFunctions

/// The moments of ψ = 1/(√v + ε) from the logarithm of M(s) = E e^{-sv} at the nodes of `TransformSums`.
///
/// As in ``ExactLaw`` they are taken relative to a v that always equals m, which here is E[v] where the law is concentrated about it, and
/// else, or where there is no mean, the inverse of the s at which M is 1/e: rare large squares can make E[v] many times what v nearly always is.
final class TransformIntegrals {
    /// What a step's v is, besides its sums.
    struct Shape {
        /// ln of v's unit: v = unit · V, V the quantity of the sums.
        var logUnit = 0.0
        /// E[v]; infinite where there is none.
        var mean = 1.0
        /// How many squares with a density at 0 it consists of, if they decide what is finite.
        var squares = Int.max
        /// Whether v = 0 has a probability.
        var hasAtom = false
    }

    private let epsilon: Double
    private let sums: TransformSums
    private let storage: UnsafeMutableBufferPointer<Double>
    /// e^{u - base} and its root, ε's kernels, and room for ln M and the excess.
    private let nodes, rootNodes, logs, excesses, zeros, scratch: UnsafeMutablePointer<Double>
    private let weights: [UnsafeMutablePointer<Double>]
    private var base = Double.nan
    private var weightsUnit: Double?

    init(sums: TransformSums, epsilon: Double) {
        self.sums = sums
        self.epsilon = epsilon
        let size = sums.count
        storage = .allocate(capacity: 9 * size)
        storage.initialize(repeating: 0)
        let start = storage.baseAddress!
        func array(_ index: Int) -> UnsafeMutablePointer<Double> { start + index * size }
        (nodes, rootNodes, logs, excesses, zeros, scratch) = (array(0), array(1), array(2), array(3), array(4), array(8))
        weights = [array(5), array(6), array(7)]
    }

    deinit { storage.deallocate() }

    /// - Parameters:
    ///   - groups: where the integrands are; fewer from above once the last ones no longer count.
    ///   - extra: adds what is not in the sums.
    func moments(
        _ shape: Shape, groups: inout Range<Int>, extra: ((TransformArrays) -> Void)? = nil
    ) -> ExactMoments {
        let isPlain = epsilon == 0
        if isPlain && (shape.hasAtom || shape.squares < 2) {
            return ExactMoments(mean: .infinity, meanSquare: .infinity, variance: .infinity)
        }
        prepareNodes(shape.logUnit, groups: groups)
        let range = (groups.lowerBound * TransformSums.stride)..<(groups.upperBound * TransformSums.stride)
        for node in range {
            logs[node] = sums.logs[node] + sums.logsLost[node]
            excesses[node] = sums.excesses[node] + sums.excessesLost[node]
        }
        extra?(TransformArrays(logs: logs, logsLost: scratch, excesses: excesses, excessesLost: scratch))
        let unit = varlab_exp(base - shape.logUnit)
        let mean = reference(shape.mean, unit: unit, nodes: range)
        let root = mean.squareRoot()
        let atPointMass = 1 / (root + epsilon)
        if !isPlain { prepareWeights(unit: unit, range) }
        let integrals = integrate(groups, isPlain ? rootNodes : weights[0], isPlain ? nodes : weights[1])
        if shape.squares > 2 && integrals.edge < 1e-20 && groups.count > 2 { groups = groups.lowerBound..<(groups.upperBound - 1) }
        let spacing = ExactLawGrid.spacing
        let rootUnit = unit.squareRoot()
        let first = integrals.first * spacing * rootUnit / (isPlain ? 1.772453850905516 : 1)
        let second = integrals.second * spacing * unit
        if isPlain && shape.squares == 2 {
            return ExactMoments(mean: atPointMass + first, meanSquare: .infinity, variance: .infinity)
        }
        var variance = second - first * (2 * atPointMass + first)
        if epsilon > 32 * root {
            let third = integrate(groups, weights[2], weights[1]).first * spacing * rootUnit
            variance = atPointMass * (root * second - third) - first * first
        }
        return ExactMoments(mean: atPointMass + first, meanSquare: atPointMass * atPointMass + second, variance: max(variance, 0))
    }

    private func integrate(
        _ groups: Range<Int>, _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>
    ) -> (first: Double, second: Double, edge: Double) {
        let arrays = varlab_exact_law_sums(
            nodes: UnsafePointer(nodes), log_factor: logs, log_factor_lost: zeros, log_excess: excesses, log_excess_lost: zeros,
            shift: zeros, shift_lost: zeros, shift_excess: zeros, shift_excess_lost: zeros, momentum: nil, momentum_lost: nil)
        var integrals = (0.0, 0.0)
        let edge = withUnsafeMutableBytes(of: &integrals) {
            varlab_exact_law_integrate(
                sums.variant, arrays, groups.lowerBound, groups.upperBound, 0, first, second, $0.baseAddress!.assumingMemoryBound(to: Double.self))
        }
        return (integrals.0, integrals.1, edge)
    }

    /// m, and the excess relative to it.
    private func reference(_ mean: Double, unit: Double, nodes range: Range<Int>) -> Double {
        // The first node at which M < 1/e.
        let passed = range.first { logs[$0] >= 2 } ?? range.upperBound - 1
        let typical = 0.5 * logs[passed] / (unit * nodes[passed])
        if typical > 0.8 * mean { return mean }
        for node in range { excesses[node] = 2 * unit * nodes[node] * typical - logs[node] }
        return typical
    }

    /// The nodes in a unit in which none leaves the range of doubles.
    private func prepareNodes(_ logUnit: Double, groups: Range<Int>) {
        guard !(abs(logUnit - base) < 100) else { return }
        base = logUnit
        weightsUnit = nil
        for node in 0..<sums.count {
            nodes[node] = varlab_exp(min(max(sums.logNode(node) - base, -700), 700))
            rootNodes[node] = nodes[node].squareRoot()
        }
    }

    /// √s E₁(ε√s), s E₂(ε√s) and √s E₃(ε√s) but for the unit.
    private func prepareWeights(unit: Double, _ range: Range<Int>) {
        guard weightsUnit != unit else { return }
        weightsUnit = unit
        let scale = epsilon * unit.squareRoot()
        for node in range {
            let kernels = scaledRepeatedErrorIntegrals(scale * rootNodes[node])
            weights[0][node] = rootNodes[node] * kernels.first
            weights[1][node] = nodes[node] * kernels.second
            weights[2][node] = rootNodes[node] * kernels.third
        }
    }
}
