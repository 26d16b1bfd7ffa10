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
