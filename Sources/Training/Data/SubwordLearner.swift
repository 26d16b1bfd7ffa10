extension SubwordVocabulary {
    /// Learns merges from sentences whose words are separated by single spaces.
    ///
    /// Each merge joins the pair of symbols that is the most frequent in the words as the merges before it left them; among equally
    /// frequent ones the pair whose left text, then right text, is the greatest by code points, as subword-nmt does. Learning ends early
    /// when no pair occurs twice.
    ///
    /// - Parameter merges: how many merges to learn, ≥ 0.
    public init(learnedFrom sentences: some Sequence<String>, merges: Int = 500) {
        precondition(merges >= 0)
        var table = WordTable()
        var counts: [Int] = []
        for sentence in sentences {
            table.forEachWord(of: sentence) { number in
                if number == counts.count { counts.append(0) }
                counts[number] += 1
            }
        }
        let words = counts.indices.map { (text: table.word($0), count: counts[$0]) }
        var characters: Set<Unicode.Scalar> = []
        for word in words { characters.formUnion(word.text.unicodeScalars) }
        guard let alphabet = SubwordVocabulary(characters: characters.sorted(), merges: []) else {
            preconditionFailure("sorted characters are in order")
        }
        var learner = SubwordLearner(alphabet: alphabet, words: words)
        var learned: [(left: String, right: String)] = []
        while learned.count < merges, let merge = learner.mergeMostFrequentPair() { learned.append(merge) }
        guard let vocabulary = SubwordVocabulary(characters: characters.sorted(), merges: learned) else {
            preconditionFailure("learned merges join symbols that are there")
        }
        self = vocabulary
    }
}

/// The words of a text and the counts of the pairs in them, kept up to date merge by merge.
private struct SubwordLearner {
    typealias Pair = SubwordVocabulary.Pair

    private struct Word {
        var symbols: [Int32]
        let count: Int
    }

    private var symbols: [String]
    private var numbers: [String: Int32]
    private var words: [Word] = []
    /// Every pair that was ever seen has a slot in the arrays below.
    private var slots: [Pair: Int] = [:]
    private var pairs: [Pair] = []
    private var pairCounts: [Int] = []
    /// The words in which the pair was at some time, in any order and perhaps more than once.
    private var pairWords: [[Int32]] = []

    init(alphabet: SubwordVocabulary, words texts: [(text: String, count: Int)]) {
        symbols = alphabet.symbols
        numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
        words.reserveCapacity(texts.count)
        for (text, count) in texts {
            guard let word = alphabet.characterSymbols(of: text) else { preconditionFailure("the alphabet is of these words") }
            let index = Int32(words.count)
            words.append(Word(symbols: word, count: count))
            for (left, right) in zip(word, word.dropFirst()) { add(count, to: Pair(left: left, right: right), word: index) }
        }
    }

    private mutating func add(_ count: Int, to pair: Pair, word: Int32) {
        if let slot = slots[pair] {
            pairCounts[slot] += count
            if pairWords[slot].last != word { pairWords[slot].append(word) }
        } else {
            slots[pair] = pairs.count
            pairs.append(pair)
            pairCounts.append(count)
            pairWords.append([word])
        }
    }

    private mutating func subtract(_ count: Int, from pair: Pair) {
        guard let slot = slots[pair] else { preconditionFailure("a pair in a word has been counted") }
        pairCounts[slot] -= count
    }

    /// Merges it everywhere; nil when no pair occurs twice.
    mutating func mergeMostFrequentPair() -> (left: String, right: String)? {
        var best = -1
        var bestCount = 1
        for (slot, count) in pairCounts.enumerated() where count >= bestCount && count > 1 {
            if count > bestCount || isGreater(pairs[slot], than: pairs[best]) {
                best = slot
                bestCount = count
            }
        }
        guard best >= 0 else { return nil }
        let pair = pairs[best]
        let (left, right) = (symbols[Int(pair.left)], symbols[Int(pair.right)])
        let merged = numbers[left + right] ?? Int32(symbols.count)
        if numbers.updateValue(merged, forKey: left + right) == nil { symbols.append(left + right) }
        let places = pairWords[best]
        pairWords[best] = []
        for word in places { merge(pair, into: merged, in: word) }
        return (left, right)
    }

    /// The counts follow every single merge: at each moment they are those of the symbols already passed and those to come.
    private mutating func merge(_ pair: Pair, into merged: Int32, in index: Int32) {
        let count = words[Int(index)].count
        // Taken out, so that it is changed in place.
        var word: [Int32] = []
        swap(&word, &words[Int(index)].symbols)
        var passed = 0
        var next = 0
        while next < word.count {
            guard word[next] == pair.left, next + 1 < word.count, word[next + 1] == pair.right else {
                word[passed] = word[next]
                passed += 1
                next += 1
                continue
            }
            subtract(count, from: pair)
            if passed > 0 {
                subtract(count, from: Pair(left: word[passed - 1], right: pair.left))
                add(count, to: Pair(left: word[passed - 1], right: merged), word: index)
            }
            if next + 2 < word.count {
                subtract(count, from: Pair(left: pair.right, right: word[next + 2]))
                add(count, to: Pair(left: merged, right: word[next + 2]), word: index)
            }
            word[passed] = merged
            passed += 1
            next += 2
        }
        word.removeLast(word.count - passed)
        swap(&word, &words[Int(index)].symbols)
    }

    private func isGreater(_ pair: Pair, than other: Pair) -> Bool {
        func precedes(_ a: Int32, _ b: Int32) -> Bool {
            symbols[Int(a)].unicodeScalars.lexicographicallyPrecedes(symbols[Int(b)].unicodeScalars)
        }
        return pair.left == other.left ? precedes(other.right, pair.right) : precedes(other.left, pair.left)
    }
}

/// The different words of a text, numbered from 0 in the order in which they come.
///
/// Keyed by their UTF-8 bytes: hashing strings would compose and compare characters, at many times the cost.
struct WordTable: ~Copyable {
    private var bytes: [UInt8] = []
    /// Where each word begins in `bytes`, and behind the last one where it ends.
    private var starts = [0]
    /// Open addressing with linear probing: 1 + a word's number, 0 where free. A power of two, at most half full.
    private var slots = [Int32](repeating: 0, count: 1 << 12)

    var count: Int { starts.count - 1 }

    func word(_ number: Int) -> String { String(decoding: bytes[starts[number]..<starts[number + 1]], as: UTF8.self) }

    /// Calls `body` with the number of each word of a sentence whose words are separated by spaces.
    mutating func forEachWord(of sentence: String, _ body: (Int) -> Void) {
        var sentence = sentence
        sentence.withUTF8 { text in
            var start = 0
            for place in 0...text.count where place == text.count || text[place] == UInt8(ascii: " ") {
                if place > start { body(number(of: UnsafeBufferPointer(rebasing: text[start..<place]))) }
                start = place + 1
            }
        }
    }

    private mutating func number(of word: UnsafeBufferPointer<UInt8>) -> Int {
        var slot = Self.hash(word) & (slots.count - 1)
        while slots[slot] > 0 {
            let number = Int(slots[slot]) - 1
            if isWord(number, equalTo: word) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        bytes.append(contentsOf: word)
        starts.append(bytes.count)
        slots[slot] = Int32(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private func isWord(_ number: Int, equalTo word: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = starts[number]
        guard starts[number + 1] - start == word.count else { return false }
        for place in 0..<word.count where bytes[start + place] != word[place] { return false }
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        bytes.withUnsafeBufferPointer { bytes in
            for number in 0..<count {
                var slot = Self.hash(UnsafeBufferPointer(rebasing: bytes[starts[number]..<starts[number + 1]])) & (slots.count - 1)
                while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = Int32(number + 1)
            }
        }
    }

    private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> Int { Int(truncatingIfNeeded: textHash(word)) }
}

/// FNV-1a of bytes, with the last step of SplitMix64 for the high bits, which FNV mixes badly.
func textHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
}
