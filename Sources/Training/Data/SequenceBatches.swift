/// Sentence pairs in batches of similar length.
public struct SequenceBatches: BatchSource {
    /// The pairs that are within the limits; the rest is left out.
    public let sources: SymbolSequences
    public let targets: SymbolSequences
    private let buckets: LengthBuckets
    private let largest: Int

    /// - Precondition: as many sources as targets.
    public init(sources: SymbolSequences, targets: SymbolSequences, limits: BatchLimits) {
        precondition(sources.count == targets.count)
        var kept = (sources: SymbolSequences(), targets: SymbolSequences())
        var lengths: [(source: Int, target: Int)] = []
        for index in 0..<sources.count {
            // With the end-of-sentence symbol.
            let length = (source: sources.length(index) + 1, target: targets.length(index) + 1)
            guard max(length.source, length.target) <= limits.maximumSymbols else { continue }
            kept.sources.append(sources[index])
            kept.targets.append(targets[index])
            lengths.append(length)
        }
        (self.sources, self.targets) = kept
        buckets = LengthBuckets(lengths: lengths, tokensPerBatch: limits.tokensPerBatch)
        largest = limits.tokensPerBatch
    }

    /// The pairs of an epoch.
    public var sentenceCount: Int { sources.count }
    public var batchesPerEpoch: Int { buckets.batchCount }
    public var inOrder: EpochOrder { buckets.inOrder }

    public var emptyBatch: SequenceBatch {
        var batch = SequenceBatch()
        batch.source.reserveCapacity(largest)
        batch.targetInput.reserveCapacity(largest)
        batch.targetOutput.reserveCapacity(largest)
        return batch
    }

    public func shuffle(_ epoch: inout EpochOrder, seed: UInt64, number: Int) {
        buckets.shuffle(&epoch, seed: seed, number: number)
    }

    public func fill(_ batch: inout SequenceBatch, place: Int, of epoch: EpochOrder) {
        let sentences = buckets.sentences(place, of: epoch)
        batch.sentences = sentences.count
        batch.sourceLength = 0
        batch.targetLength = 0
        for sentence in sentences {
            batch.sourceLength = max(batch.sourceLength, sources.length(Int(sentence)) + 1)
            batch.targetLength = max(batch.targetLength, targets.length(Int(sentence)) + 1)
        }
        batch.source.removeAll(keepingCapacity: true)
        batch.targetInput.removeAll(keepingCapacity: true)
        batch.targetOutput.removeAll(keepingCapacity: true)
        for sentence in sentences {
            let source = sources[Int(sentence)]
            let target = targets[Int(sentence)]
            batch.source.append(source, padded: batch.sourceLength, end: true)
            batch.targetInput.append(SubwordVocabulary.begin)
            batch.targetInput.append(target, padded: batch.targetLength - 1, end: false)
            batch.targetOutput.append(target, padded: batch.targetLength, end: true)
        }
    }
}

extension [Int32] {
    /// A sentence, perhaps with the symbol of its end, and padding up to a length.
    mutating func append(_ sentence: ArraySlice<Int32>, padded length: Int, end: Bool) {
        append(contentsOf: sentence)
        if end { append(SubwordVocabulary.end) }
        append(contentsOf: repeatElement(SubwordVocabulary.padding, count: length - sentence.count - (end ? 1 : 0)))
    }
}

/// Sentence pairs of one update, padded to a common length on each side.
///
/// A source ends with the end-of-sentence symbol. A target's input begins with the begin-of-sentence symbol, and its output is
/// the same sentence one position earlier, with the end-of-sentence symbol behind it.
public struct SequenceBatch: Sendable, Equatable {
    /// B, the number of sentence pairs.
    public var sentences: Int
    /// S, the longest source.
    public var sourceLength: Int
    /// T, the longest target.
    public var targetLength: Int
    /// [B, S], padded with ``padding``.
    public var source: [Int32]
    /// [B, T], begins with the begin-of-sentence symbol.
    public var targetInput: [Int32]
    /// [B, T], ends with the end-of-sentence symbol. A position that is ``padding`` is not predicted.
    public var targetOutput: [Int32]
    public static var padding: Int32 { 0 }

    public init(
        sentences: Int = 0, sourceLength: Int = 0, targetLength: Int = 0, source: [Int32] = [], targetInput: [Int32] = [],
        targetOutput: [Int32] = []
    ) {
        self.sentences = sentences
        self.sourceLength = sourceLength
        self.targetLength = targetLength
        self.source = source
        self.targetInput = targetInput
        self.targetOutput = targetOutput
    }
}

/// Sentences as symbols, one behind the other in one array.
public struct SymbolSequences: Sendable, Equatable {
    public private(set) var symbols: [Int32] = []
    /// Where each sentence begins, and behind the last one where it ends.
    private var starts = [0]

    public init() {}

    public var count: Int { starts.count - 1 }
    public func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }
    public subscript(index: Int) -> ArraySlice<Int32> { symbols[starts[index]..<starts[index + 1]] }

    public mutating func append(_ sentence: some Sequence<Int32>) {
        symbols.append(contentsOf: sentence)
        starts.append(symbols.count)
    }
}
