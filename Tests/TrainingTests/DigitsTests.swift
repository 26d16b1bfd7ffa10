import Errors
import Testing
import Theory
import Training

struct DigitsTests {
    private static let digits = Digits()

    @Test func holdsEveryImage() {
        let digits = Self.digits
        #expect(digits.count == 1797)
        #expect(digits.pixels.count == 1797 * 64)
        #expect(digits.pixels.max() == 1)
        #expect(digits.pixels.min() == 0)
        #expect(Set(digits.labels) == Set(0...9))
        #expect(digits.labels.prefix(3) == [0, 1, 2])
    }

    @Test func theSplitIsStratified() {
        let split = DigitSplit(Self.digits)
        // As scikit-learn's train_test_split rounds it.
        #expect(split.training.count == 1437)
        #expect(split.test.count == 360)
        #expect((split.training + split.test).sorted() == Array(0..<1797))
        #expect(split.training == split.training.sorted() && split.test == split.test.sorted())
        for digit in 0...9 as ClosedRange<UInt8> {
            let all = Self.digits.labels.count { $0 == digit }
            let test = split.test.count { Self.digits.labels[$0] == digit }
            #expect(abs(Double(test) - Double(all) / 5) < 1)
        }
        // Drawn from the whole file: a third has 120 expected; 5 standard deviations are 40, false alarm below 1e-6 for each.
        for third in 0..<3 { #expect(abs(split.test.count { $0 / 599 == third } - 120) < 40) }
        #expect(DigitSplit(Self.digits) == split)
    }

    @Test func anEpochHasEveryImageOnce() throws {
        let images = DigitSplit(Self.digits).training
        let batches = try DigitBatches(Self.digits, images: images, batchSize: 64)
        #expect(batches.batchesPerEpoch == 23)
        var stream = BatchStream(batches, seed: 2)
        var batch = batches.emptyBatch
        let room = (batch.images.capacity, batch.labels.capacity)
        func key(_ pixels: ArraySlice<Float>, _ label: Int32) -> [Float] { pixels + [Float(label)] }
        let expected = Dictionary(
            images.map { (key(Self.digits.pixels[($0 * 64)..<(($0 + 1) * 64)], Int32(Self.digits.labels[$0])), 1) }, uniquingKeysWith: +)
        var orders: Set<[Int32]> = []
        for _ in 0..<3 {
            var seen: [[Float]: Int] = [:]
            var order: [Int32] = []
            for place in 0..<23 {
                stream.next(into: &batch)
                #expect(batch.labels.count == (place < 22 ? 64 : 29))
                #expect(batch.images.count == batch.labels.count * 64)
                for (row, label) in batch.labels.enumerated() { seen[key(batch.images[(row * 64)..<((row + 1) * 64)], label), default: 0] += 1 }
                order += batch.labels
            }
            #expect(seen == expected)
            orders.insert(order)
        }
        #expect(orders.count == 3)
        #expect(room == (batch.images.capacity, batch.labels.capacity))
    }

    @Test func isAFunctionOfSeedAndStep() throws {
        let batches = try DigitBatches(Self.digits, images: Array(0..<100), batchSize: 32)
        func labels(seed: UInt64, from step: Int) -> [[Int32]] {
            var stream = BatchStream(batches, seed: seed, step: step)
            var batch = batches.emptyBatch
            return (0..<6).map { _ in
                stream.next(into: &batch)
                return batch.labels
            }
        }
        #expect(labels(seed: 1, from: 0) == labels(seed: 1, from: 0))
        #expect(Array(labels(seed: 1, from: 0).dropFirst(3)) == Array(labels(seed: 1, from: 3).prefix(3)))
        #expect(labels(seed: 1, from: 0) != labels(seed: 2, from: 0))
    }

    /// Four images have 24 orders; χ² with 23 degrees of freedom exceeds 23 + 2√(23·14) + 28 with probability below e^-14 = 1e-6
    /// (Laurent and Massart).
    @Test func everyOrderIsEquallyLikely() throws {
        let batches = try DigitBatches(Self.digits, images: [0, 1, 2, 3], batchSize: 4)
        var counts: [[Int]: Int] = [:]
        var epoch = batches.inOrder
        for number in 0..<24_000 {
            batches.shuffle(&epoch, seed: 1, number: number)
            counts[epoch, default: 0] += 1
        }
        #expect(counts.count == 24)
        let chiSquare = counts.values.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
        #expect(chiSquare < 23 + 2 * (23.0 * 14).squareRoot() + 28)
    }

    @Test(arguments: [0, -1])
    func batchSizeIsChecked(size: Int) throws {
        let error = try #require(throws: ParameterError.self) { try DigitBatches(Self.digits, images: [0], batchSize: size) }
        #expect(error.description == "batchSize \(size): must be at least 1")
        #expect(try DigitBatches(Self.digits, images: [], batchSize: 8).batchesPerEpoch == 0)
        #expect(try DigitBatches(Self.digits, images: [5], batchSize: .max).batchesPerEpoch == 1)
    }
}
