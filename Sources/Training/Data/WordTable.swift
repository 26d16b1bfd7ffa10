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
