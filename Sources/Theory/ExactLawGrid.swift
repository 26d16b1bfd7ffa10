import CKernels
import SpecialFunctions

/// The nodes of the trapezoid rule in u = ln a and, at each, the sums over the weights β2^k that the Laplace transform
/// of v̂_t is made of. Moving on one step adds one term to each sum: a q-Pochhammer symbol grows by one factor.
final class ExactLawGrid {
    /// Spacing in u. The integrands are analytic for |Im u| < π/2, so the rule's error is about e^{-π²/h} ≈ 1e-21,
    /// times what the integrand grows by on the way there; halving it changes no tested value.
    static let spacing = 0.2
    static let stride = Int(varlab_exact_law_stride)
    /// Up to this step a momentum that fades soon or late goes along with the other sums; from there on it is left out once it
    /// has faded, and summed in closed form once only it is left. Before, that would save no time.
    private static let jointSteps = 1 << 14

    let groupCount: Int
    /// The step whose terms are in the sums, 0 before the first.
    private(set) var step = 0
    /// Grows whenever a sum does: where it stands still, so do all integrals.
    private(set) var revision = 0
    /// a and √a at each node, for the weights s and √s of the integrals.
    let nodes: UnsafeMutablePointer<Double>
    let rootNodes: UnsafeMutablePointer<Double>
    /// Room for the weights of a step's integrals.
    let weights: [UnsafeMutablePointer<Double>]

    let variant: varlab_variant
    private let average: ExponentialAverage
    private let momentum: ExponentialAverage?
    /// The nodes are u = j · spacing and a group is eight j from a multiple of eight on, whatever the range: a mean's
    /// integrals do not depend on which other means share the grid.
    private let lowestGroup: Int
    private let storage: UnsafeMutableBufferPointer<Double>
    let sums: varlab_exact_law_sums
    /// Once β2^k is this small, all later terms together change no sum but the momentum's.
    private let negligibleDecay: Double
    private var blockRule: (count: Int, rule: UniformSumRule)?

    /// - Parameters:
    ///   - momentum: the average behind m̂_t, if its sum is wanted.
    ///   - onlyMomentum: whether nothing but ``integrateMomentum(groups:)`` will be asked for.
    init(
        average: ExponentialAverage, momentum: ExponentialAverage? = nil, onlyMomentum: Bool = false,
        logNodes range: ClosedRange<Double>, variant: varlab_variant
    ) {
        self.average = average
        self.momentum = momentum
        self.variant = variant
        negligibleDecay = (1 - average.beta2) * 0x1p-70 * varlab_exp(-range.upperBound)
        lowestGroup = Self.globalGroup(range.lowerBound)
        groupCount = Self.globalGroup(range.upperBound) + 1 - lowestGroup
        let size = groupCount * Self.stride
        let arrays = 15
        storage = .allocate(capacity: arrays * size)
        storage.initialize(repeating: 0)
        let base = storage.baseAddress!
        func array(_ index: Int) -> UnsafeMutablePointer<Double> { base + index * size }
        nodes = array(0)
        rootNodes = array(1)
        weights = [array(2), array(3), array(4)]
        sums = varlab_exact_law_sums(
            nodes: UnsafePointer(array(0)),
            log_factor: array(5), log_factor_lost: array(6),
            log_excess: onlyMomentum ? nil : array(7), log_excess_lost: array(8),
            shift: array(9), shift_lost: array(10),
            shift_excess: array(11), shift_excess_lost: array(12),
            momentum: momentum != nil ? array(13) : nil, momentum_lost: array(14))
        for index in 0..<size {
            nodes[index] = varlab_exp(logNode(index))
            rootNodes[index] = nodes[index].squareRoot()
        }
    }

    deinit { storage.deallocate() }

    var lastNode: Int { groupCount * Self.stride - 1 }

    /// u at a node; those beyond the last are no part of the grid.
    func logNode(_ index: Int) -> Double { Double(lowestGroup * Self.stride + index) * Self.spacing }

    /// The group that holds the node at u, clamped to the grid.
    func group(at logNode: Double) -> Int { min(max(Self.globalGroup(logNode) - lowestGroup, 0), groupCount) }

    private static func globalGroup(_ logNode: Double) -> Int {
        Int((logNode / (spacing * Double(stride))).rounded(.down))
    }

    // MARK: The sums over k

    /// Adds the terms up to this step to the sums: one by one, or over a long way in blocks by `UniformSumRule`. In y = kL
    /// the terms are analytic for |Im y| < π, so eight points on a length of ½ leave an error of 1e-22.
    func advance(to target: Int, groups: Int) {
        precondition(target >= step && target > 0, "steps ascend from 1")
        defer { step = target }
        while step < target {
            let isSettled = step > 0 && decay(at: Double(step)) < negligibleDecay
            if isSettled && momentumDecay(at: Double(step)) < 1e-20 { return }
            revision += 1
            if isSettled && step >= Self.jointSteps {
                return add(weight: 1, decay: 0, momentumDecay: momentumSum(to: target), groups: groups)
            }
            addBlock(to: target, withMomentum: momentum != nil && !(step >= Self.jointSteps && momentumHasFaded), groups: groups)
        }
    }

    /// One term, or one block of terms on which no decay has an exponent above ½.
    private func addBlock(to target: Int, withMomentum: Bool, groups: Int) {
        func add(weight: Double, at k: Double) {
            self.add(weight: weight, decay: decay(at: k), momentumDecay: withMomentum ? momentumDecay(at: k) : 0, groups: groups)
        }
        let exponent = withMomentum ? max(average.decayExponent, momentumExponent) : average.decayExponent
        let block = min(target - step, exponent < 0.01 ? Int(0.5 / exponent) : 1)
        if block <= 16 {
            add(weight: 1, at: Double(step))
            step += 1
            return
        }
        if blockRule?.count != block { blockRule = (block, UniformSumRule(count: block)) }
        let rule = blockRule!.rule
        for (offset, weight) in zip(rule.offsets, rule.weights) { add(weight: weight, at: Double(step) + offset) }
        step += block
    }

    private func add(weight: Double, decay: Double, momentumDecay: Double, groups: Int) {
        varlab_exact_law_advance(variant, sums, groups, weight, decay, momentumDecay)
    }

    /// Whether the momentum's later terms β1^{2k}/(1 + aβ2^k) are negligible beside its first, at every a.
    private var momentumHasFaded: Bool {
        min(momentumExponent, momentumExponent - average.decayExponent) * Double(step) > 46
    }

    /// Where β2^k has gone, the momentum's terms are β1^{2k}: their sum from this step on.
    private func momentumSum(to target: Int) -> Double {
        momentumDecay(at: Double(step)) * varlab_expm1(-momentumExponent * Double(target - step)) / varlab_expm1(-momentumExponent)
    }

    func decay(at k: Double) -> Double { k == 0 ? 1 : varlab_exp(-k * average.decayExponent) }

    /// β1^{2k}; 0 where no momentum is tracked.
    private func momentumDecay(at k: Double) -> Double {
        guard momentum != nil else { return 0 }
        return k == 0 ? 1 : varlab_exp(-k * momentumExponent)
    }

    private var momentumExponent: Double { momentum.map { 2 * $0.decayExponent } ?? 0 }

    /// c_t, the largest weight.
    var largestWeight: Double { (1 - average.beta2) / average.biasCorrection(at: step) }

    // MARK: The integrals over nodes

    /// The plain sums over nodes of first weight · (M - e^{-sm}) and of second weight · (M - e^{-sm}), and the largest share of one
    /// node of the last group in either.
    func integrate(
        groups: Range<Int>, squaredMean: Double,
        firstWeights: UnsafeMutablePointer<Double>, secondWeights: UnsafeMutablePointer<Double>
    ) -> (first: Double, second: Double, edgeShare: Double) {
        var integrals = (0.0, 0.0)
        let edgeShare = withUnsafeMutablePointer(to: &integrals) { tuple in
            tuple.withMemoryRebound(to: Double.self, capacity: 2) { pointer in
                varlab_exact_law_integrate(
                    variant, sums, groups.lowerBound, groups.upperBound, squaredMean, firstWeights, secondWeights,
                    pointer)
            }
        }
        return (integrals.0, integrals.1, edgeShare)
    }

    /// The plain sum over nodes of a · M · momentum sum, at μ = 0.
    func integrateMomentum(groups: Int) -> Double {
        varlab_exact_law_integrate_momentum(variant, sums, 0, groups, nodes)
    }

    /// ln M at a node.
    func logTransform(atNode index: Int, squaredMean: Double) -> Double {
        -0.5 * (sums.log_factor[index] + sums.log_factor_lost[index] + squaredMean * (sums.shift[index] + sums.shift_lost[index]))
    }
}
