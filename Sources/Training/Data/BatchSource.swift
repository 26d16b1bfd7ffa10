import Errors
import Theory

/// Batches that can be made one at a time and in any order: each is a function of the seed, the epoch and its place in it.
public protocol BatchSource: Sendable {
    associatedtype Batch: Sendable
    /// The order of one epoch.
    associatedtype Epoch: Sendable

    /// How many batches an epoch has, the same for all epochs.
    var batchesPerEpoch: Int { get }
    /// A batch with room for the largest one, to be filled.
    var emptyBatch: Batch { get }
    /// An epoch's order in a fixed order, for validation, and as the storage of a shuffled one.
    var inOrder: Epoch { get }
    /// Makes `epoch` the order of an epoch, counted from 0, of the run with this seed.
    func shuffle(_ epoch: inout Epoch, seed: UInt64, number: Int)
    /// Makes `batch` the one at a place in 0..<``batchesPerEpoch`` of an epoch. No allocation once `batch` has held the largest one.
    func fill(_ batch: inout Batch, place: Int, of epoch: Epoch)
}

/// The batches of a run, step after step, epoch after epoch, from any step on.
public struct BatchStream<Source: BatchSource>: Sendable {
    public let source: Source
    public let seed: UInt64
    /// The next step, counted from 0.
    public private(set) var step: Int
    private var epoch: Source.Epoch
    private var shuffled: Int?

    /// - Precondition: the source has a batch, and `step` is not negative.
    public init(_ source: Source, seed: UInt64, step: Int = 0) {
        precondition(source.batchesPerEpoch > 0 && step >= 0)
        self.source = source
        self.seed = seed
        self.step = step
        epoch = source.inOrder
    }

    /// Makes `batch` the one of the next step.
    public mutating func next(into batch: inout Source.Batch) {
        let number = step / source.batchesPerEpoch
        if shuffled != number {
            source.shuffle(&epoch, seed: seed, number: number)
            shuffled = number
        }
        source.fill(&batch, place: step % source.batchesPerEpoch, of: epoch)
        step += 1
    }
}

/// How long a sentence and how large a batch may be.
public struct BatchLimits: Sendable, Equatable {
    /// The most positions of a sentence on either side: its symbols and the end-of-sentence symbol. Longer ones are left out.
    public let maximumSymbols: Int
    /// The most tokens of a batch: sentences × longest side of any of them.
    public let tokensPerBatch: Int

    /// The limits of the main experiments: sentences under 24 symbols, 256 tokens.
    public static let main = BatchLimits(unchecked: 24, 256)
    /// The limits of a small experiment: sentences under 12 symbols, 128 tokens.
    public static let small = BatchLimits(unchecked: 12, 128)

    /// - Throws: ``Theory/ParameterError`` unless 2 ≤ `maximumSymbols` ≤ `tokensPerBatch` ≤ 2^30.
    public init(maximumSymbols: Int, tokensPerBatch: Int) throws(ParameterError) {
        guard maximumSymbols >= 2 else {
            throw ParameterError(
                parameter: .maximumSymbols, value: maximumSymbols, rule: "must be at least 2, a symbol and the end of the sentence")
        }
        guard tokensPerBatch >= maximumSymbols else {
            throw ParameterError(
                parameter: .tokensPerBatch, value: tokensPerBatch,
                rule: "must be at least maximumSymbols (\(maximumSymbols)), or a sentence does not fit")
        }
        guard tokensPerBatch <= 1 << 30 else {
            throw ParameterError(parameter: .tokensPerBatch, value: tokensPerBatch, rule: "must be at most 2^30")
        }
        self.init(unchecked: maximumSymbols, tokensPerBatch)
    }

    private init(unchecked maximumSymbols: Int, _ tokensPerBatch: Int) {
        self.maximumSymbols = maximumSymbols
        self.tokensPerBatch = tokensPerBatch
    }
}

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
