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
