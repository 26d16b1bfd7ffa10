import Testing
import Training

struct DigitsTests {
    private static let digits = Digits()

    @Test func holdsEveryImage() {
        let digits = Self.digits
        #expect(digits.count == 1797)
        #expect(digits.images.shape == ImageShape(channels: 1, height: 8, width: 8))
        #expect(digits.images.pixels.max() == 16 && digits.images.pixels.min() == 0)
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

    /// The set has the images of the split in its order, and pixels from 0 to 16.
    @Test func theSetIsThatOfTheSplit() {
        let set = ImageSet.digits()
        let split = DigitSplit(Self.digits)
        #expect(set.classes == 10 && set.training.count == 1437 && set.test.count == 360)
        for (images, numbers) in [(set.training, split.training), (set.test, split.test)] {
            #expect(images.labels == numbers.map { Self.digits.labels[$0] })
            let place = images.count - 1
            #expect(images.pixels[(place * 64)...] == Self.digits.images.pixels[(numbers[place] * 64)..<((numbers[place] + 1) * 64)])
        }
    }
}
