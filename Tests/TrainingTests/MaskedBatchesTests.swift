import Testing
import Training

struct MaskedBatchesTests {
    private static let data = TranslationDataTests.data

    private func stream(_ batches: MaskedBatches, seed: UInt64, from step: Int = 0, steps: Int) -> [SequenceBatch] {
        var stream = BatchStream(batches, seed: seed, step: step)
        var batch = batches.emptyBatch
        return (0..<steps).map { _ in
            stream.next(into: &batch)
            return batch
        }
    }

    /// The sentences of a batch with what was chosen put back.
    private func original(_ batch: SequenceBatch) -> [[Int32]] {
        (0..<batch.sentences).map { row in
            let places = (row * batch.sourceLength)..<((row + 1) * batch.sourceLength)
            let text = places.map { batch.targetOutput[$0] == 0 ? batch.source[$0] : batch.targetOutput[$0] }
            return Array(text.prefix { $0 != SubwordVocabulary.end })
        }
    }

    @Test(arguments: TranslationData.Side.allCases)
    func anEpochHasEverySentenceOnce(side: TranslationData.Side) throws {
        let batches = try Self.data.maskedBatches(side, .main)
        #expect(batches.vocabularyCount == Self.data.vocabulary.count + 1)
        #expect(batches.mask == Int32(Self.data.vocabulary.count))
        var seen: [[Int32]: Int] = [:]
        for batch in stream(batches, seed: 4, steps: batches.batchesPerEpoch) {
            #expect(batch.sourceLength == batch.targetLength && batch.sourceLength <= 24)
            #expect(batch.sentences * batch.sourceLength <= 256)
            #expect(batch.source.count == batch.sentences * batch.sourceLength && batch.targetOutput.count == batch.source.count)
            #expect(batch.targetInput == batch.source)
            #expect(batch.targetOutput.contains { $0 != 0 })
            // Padding and the end of a sentence are never chosen.
            #expect(zip(batch.source, batch.targetOutput).allSatisfy { $0 >= SubwordVocabulary.firstText || $1 == 0 })
            for sentence in original(batch) { seen[sentence, default: 0] += 1 }
        }
        let all = Self.data.training[side]
        let expected = (0..<all.count).filter { all.length($0) < 24 }.map { Array(all[$0]) }
        #expect(seen == Dictionary(expected.map { ($0, 1) }, uniquingKeysWith: +))
    }

    /// Binomial counts within 5 standard deviations: false alarm below 6e-7 for each of the four, and 1e-6 for the χ².
    @Test func sharesAreAsDocumented() throws {
        let batches = try Self.data.maskedBatches(.source, .main)
        var (text, chosen, masked, changed) = (0, 0, 0, 0)
        var replacements = [Int](repeating: 0, count: batches.vocabularyCount)
        var originals = replacements
        for batch in stream(batches, seed: 6, steps: 4 * batches.batchesPerEpoch) {
            for (symbol, output) in zip(batch.source, batch.targetOutput) where symbol >= SubwordVocabulary.firstText {
                text += 1
                guard output != 0 else { continue }
                chosen += 1
                originals[Int(output)] += 1
                if symbol == batches.mask {
                    masked += 1
                } else if symbol != output {
                    changed += 1
                    replacements[Int(symbol)] += 1
                }
            }
        }
        func expect(_ count: Int, of total: Int, share: Double) {
            let deviation = (Double(total) * share * (1 - share)).squareRoot()
            #expect(abs(Double(count) - Double(total) * share) < 5 * deviation)
        }
        // One of 598 text symbols drawn is the original and does not show.
        let symbols = Double(Self.data.vocabulary.count - 4)
        expect(chosen, of: text, share: 0.15)
        expect(masked, of: chosen, share: 0.8)
        expect(changed, of: chosen, share: 0.1 * (1 - 1 / symbols))
        expect(chosen - masked - changed, of: chosen, share: 0.1 * (1 + 1 / symbols))
        // Every symbol replaces equally often those that it is not.
        var chiSquare = 0.0
        for symbol in 4..<Self.data.vocabulary.count {
            let expected = 0.1 / symbols * Double(chosen - originals[symbol])
            chiSquare += (Double(replacements[symbol]) - expected) * (Double(replacements[symbol]) - expected) / expected
        }
        // χ² with 598 degrees of freedom exceeds 598 + 5·√(2·598) + 17 with probability below 1e-6 (Laurent and Massart: at
        // most e^-x beyond 598 + 2√(598 x) + 2x; x = 14).
        #expect(chiSquare < 598 + 2 * (598.0 * 14).squareRoot() + 28)
        #expect(replacements[0..<4].allSatisfy { $0 == 0 })
    }

    @Test func isAFunctionOfSeedAndStep() throws {
        let batches = try Self.data.maskedBatches(.target, .small)
        let count = batches.batchesPerEpoch
        let run = stream(batches, seed: 9, steps: count + 12)
        #expect(stream(batches, seed: 9, steps: count + 12) == run)
        #expect(stream(batches, seed: 9, from: count - 2, steps: 10) == Array(run[(count - 2)..<(count + 8)]))
        #expect(stream(batches, seed: 10, steps: 5) != Array(run.prefix(5)))
    }

    /// A sentence has other masks in another epoch and with another seed, whatever batch it is in: the same ones have
    /// probability below 1e-8 for 98 long words.
    @Test func masksDifferBetweenEpochsAndSeeds() throws {
        var sentences = SymbolSequences()
        sentences.append((0..<98).map { Int32(4 + $0 % 2) })
        let vocabulary = SubwordVocabulary(learnedFrom: ["ab"], merges: 0)
        let batches = MaskedBatches(sentences: sentences, vocabulary: vocabulary, limits: try BatchLimits(maximumSymbols: 99, tokensPerBatch: 99))
        let epochs = stream(batches, seed: 1, steps: 20) + stream(batches, seed: 2, steps: 20)
        #expect(Set(epochs.map(\.targetOutput)).count == 40)
    }

    @Test func aBatchAlwaysHasSomethingToPredict() throws {
        var sentences = SymbolSequences()
        sentences.append([4, 5])
        let vocabulary = SubwordVocabulary(learnedFrom: ["ab"], merges: 0)
        let batches = MaskedBatches(sentences: sentences, vocabulary: vocabulary, limits: try BatchLimits(maximumSymbols: 3, tokensPerBatch: 3))
        var first = 0
        for batch in stream(batches, seed: 1, steps: 1000) {
            #expect(original(batch) == [[4, 5]])
            #expect(batch.targetOutput[0] != 0 || batch.targetOutput[1] != 0)
            first += batch.targetOutput[0] != 0 ? 1 : 0
        }
        // P(first) = 0.15 + 0.85²/2 = 0.51125; 5 standard deviations of 1000 are 79.
        #expect(abs(Double(first) - 511.25) < 79.1)
    }
}
