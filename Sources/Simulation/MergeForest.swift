/// What is merged along the tree: the later trajectories' share is added to the earlier ones'.
public protocol Mergeable: Sendable {
    /// Adds what another holds of the trajectories that follow.
    mutating func merge(_ later: Self)
}

/// A node of the binary tree over the leaves of a run: at level l the node i stands for the leaves from i 2^l to (i+1) 2^l.
public struct TreeNode: Hashable, Comparable, Sendable {
    public let level: Int
    public let index: Int

    /// The node over all leaves of a run is at most at this level.
    public static let highestLevel = 40

    /// - Precondition: both are at least 0, the level at most ``highestLevel``, and the leaves' numbers are integers.
    public init(level: Int, index: Int) {
        precondition(level >= 0 && level <= Self.highestLevel && index >= 0 && (index + 1).leadingZeroBitCount > level + 1)
        self.level = level
        self.index = index
    }

    /// A node of a file or a message; nil unless it can be one.
    public init?(checking level: Int, index: Int) {
        guard level >= 0, level <= Self.highestLevel, index >= 0, index < Int.max >> (level + 2) else { return nil }
        self.init(level: level, index: index)
    }

    public static func leaf(_ index: Int) -> TreeNode { TreeNode(level: 0, index: index) }

    public var leaves: Range<Int> { index << level..<(index + 1) << level }

    var isLater: Bool { index % 2 == 1 }
    var sibling: TreeNode { TreeNode(level: level, index: index ^ 1) }
    var parent: TreeNode { TreeNode(level: level + 1, index: index / 2) }

    /// By their first leaf; nodes that do not overlap are in the order of their trajectories.
    public static func < (left: TreeNode, right: TreeNode) -> Bool {
        (left.leaves.lowerBound, left.level) < (right.leaves.lowerBound, right.level)
    }
}

/// Values of nodes that do not overlap; two siblings are merged into their parent as soon as both are there.
///
/// What comes out does not depend on the order of the insertions, so that threads, processes and machines may each do a part. A contiguous
/// range of n leaves needs at most 2 log₂ n nodes.
public struct MergeForest<Value: Mergeable>: Sendable {
    private var values: [TreeNode: Value] = [:]

    public init() {}

    /// The nodes, in the order of their trajectories.
    public var nodes: [TreeNode] { values.keys.sorted() }

    public subscript(node: TreeNode) -> Value? { values[node] }

    /// The leaves that are there, as the fewest ranges, ascending.
    public var leaves: [Range<Int>] {
        nodes.reduce(into: []) { ranges, node in
            if let last = ranges.last, last.upperBound == node.leaves.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<node.leaves.upperBound
            } else {
                ranges.append(node.leaves)
            }
        }
    }

    /// Whether any of these leaves is there.
    public func overlaps(_ leaves: Range<Int>) -> Bool { values.keys.contains { $0.leaves.overlaps(leaves) } }

    /// Adds a node, and merges what has become complete.
    /// - Precondition: none of its leaves is there.
    public mutating func insert(_ value: consuming Value, at node: TreeNode) {
        precondition(!overlaps(node.leaves), "leaves \(node.leaves) are there")
        var (value, node) = (value, node)
        while let other = values.removeValue(forKey: node.sibling) {
            if node.isLater {
                var earlier = other
                earlier.merge(value)
                value = earlier
            } else {
                value.merge(other)
            }
            node = node.parent
        }
        values[node] = value
    }

    /// Adds every node of another forest.
    /// - Precondition: none of its leaves is there.
    public mutating func merge(_ other: MergeForest) {
        for node in other.nodes { insert(other.values[node]!, at: node) }
    }

    /// All of it: the nodes that are left over are folded from the right, the smallest ones first.
    /// - Parameter rest: what follows the last leaf.
    public func total(rest: Value?) -> Value? {
        nodes.reversed().reduce(rest) { later, node in
            guard let later else { return values[node] }
            var value = values[node]!
            value.merge(later)
            return value
        }
    }
}
