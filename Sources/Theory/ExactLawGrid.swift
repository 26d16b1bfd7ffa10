import CKernels
import Foundation

/// The nodes of the trapezoid rule in u = ln a and, at each, the sums over the weights β2^k that the Laplace transform
/// of v̂_t is made of. Moving on one step adds one term to each sum: a q-Pochhammer symbol grows by one factor.
final class ExactLawGrid {
    /// Spacing in u. The integrands are analytic for |Im u| < π/2, so the rule's error is about e^{-π²/h} ≈ 1e-21,
    /// times what the integrand grows by on the way there; halving it changes no tested value.
    static let spacing = 0.2
    static let stride = Int(varlab_exact_law_stride)

    let variant: varlab_variant
    let groupCount: Int
    /// The nodes are u = j · spacing and a group is eight j from a multiple of eight on, whatever the range: a mean's
    /// integrals do not depend on which other means share the grid.
    private let lowestGroup: Int
    private let storage: UnsafeMutableBufferPointer<Double>
    private(set) var sums: varlab_exact_law_sums
    /// a and √a at each node, for the weights s and √s of the integrals.
    let nodes: UnsafeMutablePointer<Double>
    let rootNodes: UnsafeMutablePointer<Double>
    /// Room for the weights at one step when ε > 0.
    let firstWeights: UnsafeMutablePointer<Double>
    let secondWeights: UnsafeMutablePointer<Double>

    init(logNodes range: ClosedRange<Double>, tracksMomentum: Bool, variant: varlab_variant) {
        self.variant = variant
        lowestGroup = Self.globalGroup(range.lowerBound)
        groupCount = Self.globalGroup(range.upperBound) + 1 - lowestGroup
        let size = groupCount * Self.stride
        let arrays = 14
        storage = .allocate(capacity: arrays * size)
        storage.initialize(repeating: 0)
        let base = storage.baseAddress!
        func array(_ index: Int) -> UnsafeMutablePointer<Double> { base + index * size }
        nodes = array(0)
        rootNodes = array(1)
        firstWeights = array(2)
        secondWeights = array(3)
        sums = varlab_exact_law_sums(
            nodes: UnsafePointer(array(0)),
            log_factor: array(4), log_factor_lost: array(5),
            log_excess: array(6), log_excess_lost: array(7),
            shift: array(8), shift_lost: array(9),
            shift_excess: array(10), shift_excess_lost: array(11),
            momentum: tracksMomentum ? array(12) : nil, momentum_lost: array(13))
        for index in 0..<size {
            nodes[index] = varlab_exp(Double(lowestGroup * Self.stride + index) * Self.spacing)
            rootNodes[index] = nodes[index].squareRoot()
        }
    }

    deinit { storage.deallocate() }

    /// The group that holds the node at u, clamped to the grid.
    func group(at logNode: Double) -> Int { min(max(Self.globalGroup(logNode) - lowestGroup, 0), groupCount) }

    private static func globalGroup(_ logNode: Double) -> Int {
        Int((logNode / (spacing * Double(stride))).rounded(.down))
    }

    func advance(groups: Int, weight: Double = 1, decay: Double, momentumDecay: Double) {
        varlab_exact_law_advance(variant, sums, groups, weight, decay, momentumDecay)
    }

    /// The plain sums over nodes of first weight · (M - e^{-sm}), of second weight · (M - e^{-sm}), of second weight · M · momentum sum, and the
    /// largest share of one node of the last group in either of the first two.
    func integrate(
        groups: Range<Int>, squaredMean: Double,
        firstWeights: UnsafeMutablePointer<Double>, secondWeights: UnsafeMutablePointer<Double>
    ) -> (first: Double, second: Double, momentum: Double, edgeShare: Double) {
        var integrals = (0.0, 0.0, 0.0)
        let edgeShare = withUnsafeMutablePointer(to: &integrals) { tuple in
            tuple.withMemoryRebound(to: Double.self, capacity: 3) { pointer in
                varlab_exact_law_integrate(
                    variant, sums, groups.lowerBound, groups.upperBound, squaredMean, firstWeights, secondWeights,
                    pointer)
            }
        }
        return (integrals.0, integrals.1, integrals.2, edgeShare)
    }
}
