import Testing
import Training

struct DigitsTests {
    @Test func holdsEveryImage() {
        let digits = Digits()
        #expect(digits.count == 1797)
        #expect(digits.pixels.count == 1797 * 64)
        #expect(digits.pixels.max() == 1)
        #expect(digits.pixels.min() == 0)
        #expect(Set(digits.labels) == Set(0...9))
        #expect(digits.labels.prefix(3) == [0, 1, 2])
    }
}
