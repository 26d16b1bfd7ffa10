/// The digits' training and test images: the same for every run, whatever its seed, and each digit's share the same in both.
public struct DigitSplit: Sendable, Equatable {
    /// Numbers of images, ascending.
    public let training: [Int]
    public let test: [Int]

    /// One image in five is for testing: of n images of which n_c show the digit c, the test part has ⌈n/5⌉ in all and
    /// the whole part of n_c/5 of each digit, one more of those with the largest remainders (the smaller digit at a tie).
    public init(_ digits: Digits) {
        let images = (0...9).map { digit in digits.labels.indices.filter { digits.labels[$0] == digit } }
        var shares = images.map { $0.count / 5 }
        let missing = (digits.count + 4) / 5 - shares.reduce(0, +)
        let byRemainder = images.indices.sorted { (-(images[$0].count % 5), $0) < (-(images[$1].count % 5), $1) }
        for digit in byRemainder.prefix(missing) { shares[digit] += 1 }
        var isTest = [Bool](repeating: false, count: digits.count)
        for digit in images.indices {
            var order = images[digit]
            var words = RandomWords(seed: 0, purpose: .imageSplit, number: digit)
            words.shuffle(&order, in: order.indices)
            for image in order.prefix(shares[digit]) { isTest[image] = true }
        }
        training = isTest.indices.filter { !isTest[$0] }
        test = isTest.indices.filter { isTest[$0] }
    }
}
