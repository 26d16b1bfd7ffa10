/// Bytes between the numbered processes of a run, 0 to ``count``-1.
public protocol MessagePassing: Sendable {
    var rank: Int { get }
    var count: Int { get }
    /// Returns when the bytes are on their way.
    func send(_ bytes: [UInt8], to other: Int)
    /// Waits for the next message of that process.
    func receive(from other: Int) -> [UInt8]
}

/// The tree along which the ranks' shares come together at rank 0, in ⌈log₂ n⌉ rounds; each rank but 0 sends once.
///
/// The ranks below r are r and those that follow it: the share of a contiguous part of the run.
public enum BinomialTree {
    /// Where a rank sends; nil for rank 0.
    public static func parent(of rank: Int) -> Int? { rank == 0 ? nil : rank & (rank - 1) }

    /// Whom a rank hears, ascending: those with few ranks below them, which are ready first, come first.
    public static func children(of rank: Int, count: Int) -> [Int] {
        var children: [Int] = [], bit = 1
        while rank & bit == 0, rank + bit < count {
            children.append(rank + bit)
            bit <<= 1
        }
        return children
    }
}

extension MessagePassing {
    /// Brings the shares of all ranks together.
    /// - Parameters:
    ///   - own: what this rank has.
    ///   - encode: as bytes, what this rank and those below it have.
    ///   - merge: adds what the message of a rank has.
    /// - Returns: what all have, at rank 0; nil at the others.
    public func gather<Value, Failure>(
        _ own: consuming Value, encode: (Value) throws(Failure) -> [UInt8], merge: (inout Value, [UInt8], Int) throws(Failure) -> Void
    ) throws(Failure) -> Value? {
        var value = own
        for child in BinomialTree.children(of: rank, count: count) { try merge(&value, receive(from: child), child) }
        guard let parent = BinomialTree.parent(of: rank) else { return value }
        send(try encode(value), to: parent)
        return nil
    }

    /// Hands bytes of rank 0 to all others, down the same tree.
    /// - Parameter bytes: what rank 0 has; of no interest at the others.
    public func broadcast(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = BinomialTree.parent(of: rank).map { receive(from: $0) } ?? bytes
        // Those with most ranks below them first.
        for child in BinomialTree.children(of: rank, count: count).reversed() { send(bytes, to: child) }
        return bytes
    }
}
