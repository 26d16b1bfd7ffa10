/// Which pairs of a text are held out for validation: the same for every run, whatever its seed.
///
/// A pair is held out when the hash of its source is among the lowest. So the choice depends on the sentences alone and not on
/// their order, and one sentence with two translations is never on both sides.
public struct HeldOutSplit: Sendable, Equatable {
    public let training: [ParallelText.Pair]
    public let validation: [ParallelText.Pair]

    /// - Parameter heldOut: how many pairs to hold out, at most a tenth of them all; more when a source occurs again.
    public init(_ pairs: [ParallelText.Pair], heldOut: Int = 1000) {
        precondition(heldOut >= 0)
        let hashes = pairs.map { textHash($0.source.utf8) }
        let count = min(heldOut, pairs.count / 10)
        guard count > 0 else {
            training = pairs
            validation = []
            return
        }
        let highest = hashes.sorted()[count - 1]
        training = zip(pairs, hashes).filter { $1 > highest }.map(\.0)
        validation = zip(pairs, hashes).filter { $1 <= highest }.map(\.0)
    }
}
