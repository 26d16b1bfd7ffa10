/// The order of one pass over all sentences.
public struct EpochOrder: Sendable, Equatable {
    /// From the shortest to the longest.
    fileprivate var sentences: [Int32]
    /// Which of the batches comes when.
    fileprivate var batches: [Int32]
}

/// Batches of sentences of similar length: the same cuts in every epoch, and other sentences in them.
///
/// A sentence has a source length and a target length in symbols. Sorted by the longer of the two, then by the source's in
/// steps of `sourceStep`, the sentences are cut into batches of as many as fit: sentences × longest side ≤ `tokensPerBatch`.
/// An epoch draws the order among the sentences that sorting leaves together, and the order of the batches. The longest side at
/// each place of the sorted list, and with it the cuts and the number of batches, is the same in every epoch.
struct LengthBuckets: Sendable {
    /// Sources that differ by less than this are not sorted: more sentences then change places, and more is padded.
    static let sourceStep = 4

    /// By length, and within a bucket in the order that was given.
    private let sorted: [Int32]
    /// Where the buckets end in the sorted list.
    private let bucketEnds: [Int]
    /// Where each batch begins in the sorted list, and behind the last one where it ends.
    private let cuts: [Int]

    var batchCount: Int { cuts.count - 1 }
    var sentenceCount: Int { sorted.count }

    /// - Precondition: every length is at most `tokensPerBatch`.
    init(lengths: [(source: Int, target: Int)], tokensPerBatch: Int) {
        let longest = lengths.map { max($0.source, $0.target) }
        let buckets = zip(lengths, longest).map { $1 << 32 | $0.source / Self.sourceStep }
        let sorted = lengths.indices.sorted { (buckets[$0], $0) < (buckets[$1], $1) }
        var bucketEnds: [Int] = []
        var cuts = [0]
        for (place, index) in sorted.enumerated() {
            precondition(longest[index] <= tokensPerBatch, "a sentence must fit in a batch")
            if (place + 1 - cuts[cuts.count - 1]) * longest[index] > tokensPerBatch { cuts.append(place) }
            if place + 1 == sorted.count || buckets[sorted[place + 1]] != buckets[index] { bucketEnds.append(place + 1) }
        }
        if !sorted.isEmpty { cuts.append(sorted.count) }
        self.sorted = sorted.map(Int32.init)
        self.bucketEnds = bucketEnds
        self.cuts = cuts
    }

    /// Nothing shuffled, from the shortest to the longest.
    var inOrder: EpochOrder { EpochOrder(sentences: sorted, batches: (0..<Int32(batchCount)).map { $0 }) }

    /// Makes an epoch the one of a seed and a number, whatever it was before.
    func shuffle(_ epoch: inout EpochOrder, seed: UInt64, number: Int) {
        epoch.sentences.replaceSubrange(0..., with: sorted)
        for batch in 0..<batchCount { epoch.batches[batch] = Int32(batch) }
        var words = RandomWords(seed: seed, purpose: .sentences, number: number)
        var start = 0
        for end in bucketEnds {
            words.shuffle(&epoch.sentences, in: start..<end)
            start = end
        }
        words = RandomWords(seed: seed, purpose: .batches, number: number)
        words.shuffle(&epoch.batches, in: 0..<batchCount)
    }

    /// The sentences of one batch, by its place in the epoch.
    func sentences(_ place: Int, of epoch: EpochOrder) -> ArraySlice<Int32> {
        let batch = Int(epoch.batches[place])
        return epoch.sentences[cuts[batch]..<cuts[batch + 1]]
    }
}
