/// Sentences of one language for masked language modelling, as BERT is trained (Devlin, Chang, Lee, Toutanova, NAACL 2019).
///
/// Of the text symbols each is chosen with probability 15%. Of the chosen ones 80% become the mask symbol, 10% any text symbol,
/// each equally likely, and 10% stay; these are to be predicted. The choice is a function of (seed, epoch, sentence, position).
/// A batch of which nothing would be chosen has one position chosen at random, so that its loss is defined.
///
/// In a batch S = T; `source` is the corrupted text with the end-of-sentence symbol, `targetOutput` the original symbol where one
/// was chosen and padding elsewhere, and `targetInput` is `source` again, for there is no decoder.
public struct MaskedBatches: BatchSource {
    /// An epoch's order, and what decides its masks.
    public struct Epoch: Sendable, Equatable {
        fileprivate var order: EpochOrder
        fileprivate var seed: UInt64
        fileprivate var number: Int
    }

    /// The sentences that are within the limits; the rest is left out.
    public let sentences: SymbolSequences
    /// The symbol that covers a chosen one, the last of all.
    public let mask: Int32
    /// The symbols of the text's vocabulary and the mask.
    public var vocabularyCount: Int { Int(mask) + 1 }
    private let buckets: LengthBuckets
    private let largest: Int

    public init(sentences: SymbolSequences, vocabulary: SubwordVocabulary, limits: BatchLimits) {
        var kept = SymbolSequences()
        var lengths: [(source: Int, target: Int)] = []
        for index in 0..<sentences.count where sentences.length(index) + 1 <= limits.maximumSymbols {
            kept.append(sentences[index])
            lengths.append((sentences.length(index) + 1, sentences.length(index) + 1))
        }
        self.sentences = kept
        mask = Int32(vocabulary.count)
        buckets = LengthBuckets(lengths: lengths, tokensPerBatch: limits.tokensPerBatch)
        largest = limits.tokensPerBatch
    }

    /// The sentences of an epoch.
    public var sentenceCount: Int { sentences.count }
    public var batchesPerEpoch: Int { buckets.batchCount }
    /// Its masks are those of seed 0 and epoch 0.
    public var inOrder: Epoch { Epoch(order: buckets.inOrder, seed: 0, number: 0) }

    public var emptyBatch: SequenceBatch {
        var batch = SequenceBatch()
        batch.source.reserveCapacity(largest)
        batch.targetInput.reserveCapacity(largest)
        batch.targetOutput.reserveCapacity(largest)
        return batch
    }

    public func shuffle(_ epoch: inout Epoch, seed: UInt64, number: Int) {
        buckets.shuffle(&epoch.order, seed: seed, number: number)
        epoch.seed = seed
        epoch.number = number
    }

    public func fill(_ batch: inout SequenceBatch, place: Int, of epoch: Epoch) {
        let chosen = buckets.sentences(place, of: epoch.order)
        let length = chosen.lazy.map { sentences.length(Int($0)) + 1 }.max() ?? 0
        batch.sentences = chosen.count
        batch.sourceLength = length
        batch.targetLength = length
        batch.source.removeAll(keepingCapacity: true)
        for sentence in chosen { batch.source.append(sentences[Int(sentence)], padded: length, end: true) }
        batch.targetOutput.removeAll(keepingCapacity: true)
        batch.targetOutput.append(contentsOf: repeatElement(SequenceBatch.padding, count: chosen.count * length))

        let words = RandomWords(seed: epoch.seed, purpose: .masks, number: epoch.number)
        var isAnyChosen = false
        for (row, sentence) in chosen.enumerated() {
            for position in 0..<sentences.length(Int(sentence)) {
                let drawn = words.words(at: UInt64(sentence) << 32 | UInt64(position))
                guard drawn.0 < Self.chosenBelow else { continue }
                isAnyChosen = true
                cover(row * length + position, of: &batch, by: drawn)
            }
        }
        if !isAnyChosen, !chosen.isEmpty {
            var stream = RandomWords(seed: epoch.seed, purpose: .emptyMask, number: epoch.number)
            stream.skip(to: UInt64(place) << 32)
            let row = stream.below(chosen.count)
            let position = stream.below(sentences.length(Int(chosen[chosen.startIndex + row])))
            cover(row * length + position, of: &batch, by: (0, stream.next(), stream.next(), 0))
        }
        batch.targetInput.removeAll(keepingCapacity: true)
        batch.targetInput.append(contentsOf: batch.source)
    }

    /// Shares of 2^32, rounded down: probabilities below the nominal ones by less than 2.4e-10.
    private static let chosenBelow: UInt32 = 644_245_094  // 0.15
    private static let maskedBelow: UInt32 = 3_435_973_836  // 0.8
    private static let replacedBelow: UInt32 = 3_865_470_566  // 0.9

    /// The second word decides what covers the symbol, the third one which text symbol: the high half of word × number, which
    /// favours none by more than 1 part in 2^32 / number.
    private func cover(_ index: Int, of batch: inout SequenceBatch, by words: (UInt32, UInt32, UInt32, UInt32)) {
        batch.targetOutput[index] = batch.source[index]
        if words.1 < Self.maskedBelow {
            batch.source[index] = mask
        } else if words.1 < Self.replacedBelow {
            let textSymbols = UInt32(mask - SubwordVocabulary.firstText)
            batch.source[index] = SubwordVocabulary.firstText + Int32(words.2.multipliedFullWidth(by: textSymbols).high)
        }
    }
}
