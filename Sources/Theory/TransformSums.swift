import CKernels

/// -2 ln M and twice the excess at the nodes, each with what rounding has lost.
struct TransformArrays {
    let logs, logsLost, excesses, excessesLost: UnsafeMutablePointer<Double>
}

/// ln M and its excess at the nodes of the integrals, as compensated sums that grow by one factor of M at a time.
///
/// Node j is ln s = j · spacing in the units of the sums; a group is eight of them from a multiple of eight on.
final class TransformSums {
    static let stride = ExactLawGrid.stride
    /// The number of the first node.
    let firstNode: Int
    let groupCount: Int
    var count: Int { groupCount * Self.stride }
    private let storage: UnsafeMutableBufferPointer<Double>

    /// -2 ln M and twice the excess, each with what rounding has lost.
    let logs, logsLost, excesses, excessesLost: UnsafeMutablePointer<Double>

    let variant: varlab_variant

    init(logNodes range: ClosedRange<Double>, variant: varlab_variant) {
        self.variant = variant
        let width = ExactLawGrid.spacing * Double(Self.stride)
        let lowest = Int((range.lowerBound / width).rounded(.down)), highest = Int((range.upperBound / width).rounded(.down))
        firstNode = lowest * Self.stride
        groupCount = highest + 1 - lowest
        let size = groupCount * Self.stride
        storage = .allocate(capacity: 4 * size)
        storage.initialize(repeating: 0)
        let base = storage.baseAddress!
        (logs, logsLost, excesses, excessesLost) = (base, base + size, base + 2 * size, base + 3 * size)
    }

    deinit { storage.deallocate() }

    func logNode(_ index: Int) -> Double { Double(firstNode + index) * ExactLawGrid.spacing }

    /// The group of the node at u, clamped to the sums.
    func group(at logNode: Double) -> Int {
        let index = Int((logNode / ExactLawGrid.spacing).rounded(.down)) - firstNode
        return min(max(Int((Double(index) / Double(Self.stride)).rounded(.down)), 0), groupCount)
    }

    /// Adds `multiplicity` times the logarithms of φ(s w) to the groups, here or in arrays of their own.
    func add(
        _ table: TransformTable, logWeight: Double, multiplicity: Double = 1, groups: Range<Int>, into other: TransformArrays? = nil
    ) {
        let target = other ?? TransformArrays(logs: logs, logsLost: logsLost, excesses: excesses, excessesLost: excessesLost)
        // All nodes are at the same place τ of pieces that follow each other.
        let shift = (logWeight / ExactLawGrid.spacing).rounded(.down)
        let place = 2 * (logWeight / ExactLawGrid.spacing - shift) - 1
        let offset = firstNode + Int(max(min(shift, 1e9), -1e9)) - table.pieces.lowerBound
        precondition(offset + groups.upperBound * Self.stride <= table.pieces.count, "the table ends above the nodes")
        let first = max(groups.lowerBound, (max(-offset, 0) + Self.stride - 1) / Self.stride)
        guard first < groups.upperBound else { return }
        let column = offset + first * Self.stride, node = first * Self.stride
        varlab_transform_factor(
            variant, table.row(0, excess: false) + column, table.pieces.count, Int32(table.degree), place, multiplicity,
            groups.upperBound - first, target.logs + node, target.logsLost + node)
        if table.hasExcess {
            varlab_transform_factor(
                variant, table.row(0, excess: true) + column, table.pieces.count, Int32(table.degree), place, multiplicity,
                groups.upperBound - first, target.excesses + node, target.excessesLost + node)
        }
    }
}
