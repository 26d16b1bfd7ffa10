import Testing
import Training

struct SequenceBatchesTests {
    private static let data = TranslationDataTests.data

    /// The rows of a batch as (source, target) without padding and special symbols, checked on the way.
    private func rows(_ batch: SequenceBatch) -> [[ArraySlice<Int32>]] {
        let (S, T) = (batch.sourceLength, batch.targetLength)
        #expect(batch.source.count == batch.sentences * S)
        #expect(batch.targetInput.count == batch.sentences * T)
        #expect(batch.targetOutput.count == batch.sentences * T)
        var longest = (0, 0)
        let rows = (0..<batch.sentences).map { row in
            let source = batch.source[(row * S)..<((row + 1) * S)]
            let input = batch.targetInput[(row * T)..<((row + 1) * T)]
            let output = batch.targetOutput[(row * T)..<((row + 1) * T)]
            let sourceText = source.prefix { $0 >= SubwordVocabulary.firstText }
            let targetText = output.prefix { $0 >= SubwordVocabulary.firstText }
            let padding = { (count: Int) in [Int32](repeating: 0, count: count) }
            #expect(Array(source) == sourceText + [SubwordVocabulary.end] + padding(S - sourceText.count - 1))
            #expect(Array(output) == targetText + [SubwordVocabulary.end] + padding(T - targetText.count - 1))
            #expect(Array(input) == [SubwordVocabulary.begin] + targetText + padding(T - targetText.count - 1))
            longest = (max(longest.0, sourceText.count + 1), max(longest.1, targetText.count + 1))
            return [sourceText, targetText]
        }
        #expect(longest == (S, T))
        return rows
    }

    @Test(arguments: [BatchLimits.main, .small])
    func anEpochHasEveryPairOnceWithinTheLimits(limits: BatchLimits) throws {
        let batches = try Self.data.batches(limits)
        let training = Self.data.training
        let short = (0..<training.count).filter {
            max(training.sources.length($0), training.targets.length($0)) < limits.maximumSymbols
        }
        let expected = Dictionary(short.map { ([training.sources[$0], training.targets[$0]], 1) }, uniquingKeysWith: +)
        #expect(batches.sentenceCount == short.count)
        var stream = BatchStream(batches, seed: 3)
        var batch = batches.emptyBatch
        let room = (batch.source.capacity, batch.targetInput.capacity, batch.targetOutput.capacity)
        var firstPairs: Set<[ArraySlice<Int32>]> = []
        for epoch in 0..<2 {
            var seen: [[ArraySlice<Int32>]: Int] = [:]
            var first = true
            var text = 0
            var positions = 0
            for _ in 0..<batches.batchesPerEpoch {
                stream.next(into: &batch)
                #expect(batch.sentences > 0)
                #expect(batch.sentences * max(batch.sourceLength, batch.targetLength) <= limits.tokensPerBatch)
                #expect(max(batch.sourceLength, batch.targetLength) <= limits.maximumSymbols)
                let rows = rows(batch)
                for row in rows { seen[row.map { ArraySlice(Array($0)) }, default: 0] += 1 }
                if first { #expect(firstPairs.insert(rows[0]).inserted) }
                first = false
                text += batch.source.count { $0 != 0 } + batch.targetOutput.count { $0 != 0 }
                positions += batch.source.count + batch.targetOutput.count
            }
            #expect(seen == expected, "epoch \(epoch)")
            // What sorting by length is for.
            #expect(Double(text) > 0.9 * Double(positions))
        }
        // Filled in place.
        #expect(room == (batch.source.capacity, batch.targetInput.capacity, batch.targetOutput.capacity))
    }

    @Test func isAFunctionOfSeedAndStep() throws {
        let batches = try Self.data.batches(.small)
        let count = batches.batchesPerEpoch
        func stream(seed: UInt64, from step: Int, steps: Int) -> [SequenceBatch] {
            var stream = BatchStream(batches, seed: seed, step: step)
            var batch = batches.emptyBatch
            return (0..<steps).map { _ in
                stream.next(into: &batch)
                return batch
            }
        }
        let run = stream(seed: 7, from: 0, steps: count + 20)
        #expect(stream(seed: 7, from: 0, steps: count + 20) == run)
        // Resumed in an epoch, at its end and in the next one.
        for step in [1, 17, count - 1, count, count + 5] { #expect(stream(seed: 7, from: step, steps: 10) == Array(run[step..<(step + 10)])) }
        // Another seed and another epoch have another order and other sentences together.
        let other = stream(seed: 8, from: 0, steps: count)
        #expect(other.prefix(10) != run.prefix(10))
        func composed(_ batches: [SequenceBatch]) -> Set<Set<[ArraySlice<Int32>]>> { Set(batches.map { Set(rows($0)) }) }
        let first = composed(Array(run.prefix(count)))
        // A batch comes back only where its sentences have no others to change places with: fewer than one in twenty.
        #expect(first.intersection(composed(other)).count < count / 20)
        #expect(first.intersection(composed(stream(seed: 7, from: count, steps: count))).count < count / 20)
    }

    /// Every batch comes first equally often: the longest side of the first batch of 3,000 epochs against the share of batches with
    /// that side.
    @Test func theOrderOfBatchesIsRandom() throws {
        let batches = try Self.data.batches(.small)
        var batch = batches.emptyBatch
        var share: [Int: Double] = [:]
        for place in 0..<batches.batchesPerEpoch {
            batches.fill(&batch, place: place, of: batches.inOrder)
            share[max(batch.sourceLength, batch.targetLength), default: 0] += 1 / Double(batches.batchesPerEpoch)
        }
        var counts: [Int: Int] = [:]
        var epoch = batches.inOrder
        let epochs = 3000
        for number in 0..<epochs {
            batches.shuffle(&epoch, seed: 5, number: number)
            batches.fill(&batch, place: 0, of: epoch)
            counts[max(batch.sourceLength, batch.targetLength), default: 0] += 1
        }
        for (length, share) in share {
            let deviation = (share * (1 - share) * Double(epochs)).squareRoot()
            // 5 standard deviations: false alarm below 1e-5 in all with the continuity of small counts allowed for.
            #expect(abs(Double(counts[length, default: 0]) - share * Double(epochs)) < 5 * deviation + 1, "length \(length)")
        }
    }

    @Test func validationComesInAFixedOrder() throws {
        let batches = Self.data.validationBatches(.main)
        var batch = batches.emptyBatch
        var pairs = 0
        var longest = 0
        for place in 0..<batches.batchesPerEpoch {
            batches.fill(&batch, place: place, of: batches.inOrder)
            pairs += rows(batch).count
            let length = max(batch.sourceLength, batch.targetLength)
            #expect(length >= longest)
            longest = length
        }
        #expect(pairs == batches.sentenceCount)
    }
}
