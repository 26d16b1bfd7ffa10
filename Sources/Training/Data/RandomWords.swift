import CKernels

/// Random words for one purpose of one run: Philox4x32-10 with the seed as its key, and with the purpose, a number such as the
/// epoch, and a count as its counter.
///
/// What one purpose draws never changes what another one does, and every stream can begin anywhere.
struct RandomWords {
    /// The high word of the counter's trajectory.
    enum Purpose: UInt32 {
        case sentences = 0x6461_0001
        case batches = 0x6461_0002
        case masks = 0x6461_0003
        case emptyMask = 0x6461_0004
        case images = 0x6461_0005
        case imageSplit = 0x6461_0006
        case coordinates = 0x6461_0007
        case augmentation = 0x6461_0008
    }

    private let seed: UInt64
    private let stream: UInt64
    private let variant = varlab_best_variant()
    private var drawn: UInt64 = 0
    private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

    /// - Precondition: `number` is in 0..<2^32.
    init(seed: UInt64, purpose: Purpose, number: Int) {
        self.seed = seed
        guard let number = UInt32(exactly: number) else { preconditionFailure("a stream's number has 32 bits") }
        stream = UInt64(purpose.rawValue) << 32 | UInt64(number)
    }

    /// The four words at one place of the stream.
    func words(at place: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4) { words in
            varlab_philox(variant, seed, stream, place, words.baseAddress!)
            return (words[0], words[1], words[2], words[3])
        }
    }

    /// Goes on at a place.
    mutating func skip(to place: UInt64) { drawn = place << 2 }

    mutating func next() -> UInt32 {
        let lane = drawn & 3
        if lane == 0 { words = words(at: drawn >> 2) }
        drawn += 1
        return switch lane {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
    }

    /// A number in 0..<bound, each equally likely: the high half of word × bound, where its low half leaves no remainder
    /// (D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29, 2019).
    mutating func below(_ bound: Int) -> Int {
        guard let bound = UInt32(exactly: bound), bound > 0 else { preconditionFailure("a bound has 32 bits and is not 0") }
        while true {
            let product = next().multipliedFullWidth(by: bound)
            if product.low >= bound || product.low >= (0 &- bound) % bound { return Int(product.high) }
        }
    }

    /// Every order is equally likely (Fisher and Yates).
    mutating func shuffle<Element>(_ elements: inout [Element], in range: Range<Int>) {
        for place in range.dropFirst().reversed() { elements.swapAt(place, range.lowerBound + below(place + 1 - range.lowerBound)) }
    }
}

/// A sample without replacement.
public enum RandomSample {
    /// `count` of the numbers 0..<`total`, each set equally likely, ascending (R. W. Floyd's algorithm: J. Bentley and B. Floyd, "A
    /// sample of brilliance", CACM 30, 1987).
    public static func places(_ count: Int, of total: Int, seed: UInt64) -> [Int] {
        precondition(count >= 0 && count <= total, "a sample is no larger than what it is drawn from")
        var words = RandomWords(seed: seed, purpose: .coordinates, number: 0)
        var chosen: Set<Int> = []
        for last in (total - count)..<total {
            let place = words.below(last + 1)
            chosen.insert(chosen.contains(place) ? last : place)
        }
        return chosen.sorted()
    }
}
