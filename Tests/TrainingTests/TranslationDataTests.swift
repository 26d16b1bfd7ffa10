import Errors
import Files
import TestSupport
import Testing
import Theory
import Training

struct TranslationDataTests {
    static let data = TranslationData(.germanEnglish())

    /// Counts that documentation and papers quote; a change of any of them breaks values.
    @Test func germanEnglishHasTheseCounts() throws {
        let data = Self.data
        #expect(data.name == "de-en")
        #expect(data.vocabulary.count == 602)
        #expect(data.training.count == 30_382)
        #expect(data.validation.count == 1000)
        let main = try data.batches(.main)
        #expect(main.sentenceCount == 24_434)
        #expect(main.batchesPerEpoch == 1523)
        let small = try data.batches(.small)
        #expect(small.sentenceCount == 6947)
        #expect(small.batchesPerEpoch == 602)
        #expect(data.validationBatches(.main).sentenceCount == 772)
        #expect(data.validationBatches(.small).sentenceCount == 227)
    }

    @Test func symbolsDecodeToTheText() {
        let split = HeldOutSplit(ParallelText.germanEnglish().pairs)
        for (pairs, part) in [(split.training, Self.data.training), (split.validation, Self.data.validation)] {
            for (index, pair) in pairs.enumerated() {
                #expect(Self.data.vocabulary.decode(part.sources[index]) == pair.source)
                #expect(Self.data.vocabulary.decode(part[.target][index]) == pair.target)
            }
        }
    }

    /// Nothing of the held-out part is learned: another held-out sentence leaves the vocabulary as it is.
    @Test func theVocabularyIsOfTheTrainingPart() {
        let text = ParallelText.germanEnglish()
        let split = HeldOutSplit(text.pairs)
        let words = split.training.flatMap { [$0.source, $0.target] }
        #expect(Self.data.vocabulary == SubwordVocabulary(learnedFrom: words, merges: 500))
        #expect(Self.data.vocabulary != SubwordVocabulary(learnedFrom: text.pairs.flatMap { [$0.source, $0.target] }, merges: 500))
    }

    @Test func saysWhenNoPairIsShortEnough() throws {
        let scratch = try Scratch()
        let source = try scratch.put("abcdefg hijklmn\n".utf8, at: "a")
        let target = try scratch.put("a\n".utf8, at: "b")
        let data = TranslationData(try ParallelText(source: source, target: target))
        let limits = try BatchLimits(maximumSymbols: 14, tokensPerBatch: 20)
        let error = try #require(throws: InputError.self) { try data.batches(limits) }
        #expect(
            error.description
                == "\(source): none of 1 sentence pairs is short enough: at least one must have fewer than 14 symbols")
        let masked = try #require(throws: InputError.self) { try data.maskedBatches(.source, limits) }
        #expect(masked.found == "none of 1 source sentences is short enough")
        #expect(try data.maskedBatches(.target, limits).sentenceCount == 1)
        #expect(try data.batches(BatchLimits(maximumSymbols: 15, tokensPerBatch: 15)).sentenceCount == 1)
        #expect(data.validationBatches(limits).sentenceCount == 0)
        #expect(data.validationBatches(limits).batchesPerEpoch == 0)
    }

    @Test(arguments: [
        (1, 10, "maximumSymbols 1: must be at least 2, a symbol and the end of the sentence"),
        (-3, 10, "maximumSymbols -3: must be at least 2, a symbol and the end of the sentence"),
        (24, 23, "tokensPerBatch 23: must be at least maximumSymbols (24), or a sentence does not fit"),
        (24, 1 << 40, "tokensPerBatch 1099511627776: must be at most 2^30"),
    ])
    func limitsAreChecked(symbols: Int, tokens: Int, message: String) throws {
        let error = try #require(throws: ParameterError.self) {
            try BatchLimits(maximumSymbols: symbols, tokensPerBatch: tokens)
        }
        #expect(error.description == message)
    }
}
