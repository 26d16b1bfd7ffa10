/// The symbols of a text: characters, and pieces of words that byte-pair encoding merged from them
/// (Sennrich, Haddow, Birch, "Neural machine translation of rare words with subword units", ACL 2016).
///
/// A word is its characters (Unicode scalars), the last one with the mark `</w>` behind it. The merges are made in their order,
/// each wherever its two symbols stand side by side in a word. Symbol numbers: ``padding``, ``begin``, ``end``, ``unknown``;
/// then every character in the order of its code point, then every character at the end of a word, then what the merges
/// made, in their order.
///
/// The value is the alphabet and the merges, and encodes as them: `{"characters": "abc", "merges": ["a b</w>"]}`. The merges are
/// in the form of the tool of the paper's authors (subword-nmt 0.2).
public struct SubwordVocabulary: Sendable, Equatable {
    /// Fills what is no sentence in a batch.
    public static let padding = SequenceBatch.padding
    /// Begins the input of a decoder.
    public static let begin: Int32 = 1
    /// Ends a sentence.
    public static let end: Int32 = 2
    /// A word with a character that the alphabet has not.
    public static let unknown: Int32 = 3
    /// The number of the first symbol that is text.
    public static let firstText: Int32 = 4

    static let endOfWord = "</w>"

    /// Two symbols side by side.
    struct Pair: Hashable, Sendable {
        let left: Int32
        let right: Int32
    }

    /// The text of each symbol.
    public let symbols: [String]
    /// The pairs in the order in which they are merged.
    let merges: [Pair]
    /// In the order of their code points.
    private let characters: [Unicode.Scalar]
    private let numberOfCharacter: [Unicode.Scalar: Int32]
    /// When a pair is merged, and the symbol that it makes.
    private let mergeOfPair: [Pair: Merge]

    private struct Merge: Sendable, Equatable {
        let rank: Int
        let result: Int32
    }

    /// How many symbols there are, with the four special ones.
    public var count: Int { symbols.count }

    /// Nil when the characters are not in order, or a merge joins what is no symbol at its time.
    init?(characters: [Unicode.Scalar], merges: [(left: String, right: String)]) {
        guard zip(characters, characters.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        var symbols = ["<pad>", "<s>", "</s>", "<unk>"]
        symbols += characters.map { String($0) }
        symbols += characters.map { String($0) + Self.endOfWord }
        // The special symbols are no text that can be merged.
        let special = Int(Self.firstText)
        var numbers = Dictionary(uniqueKeysWithValues: zip(symbols[special...], Self.firstText...))
        var pairs: [Pair] = []
        var mergeOfPair: [Pair: Merge] = [:]
        for (rank, merge) in merges.enumerated() {
            // Nothing comes behind the end of a word.
            guard let left = numbers[merge.left], let right = numbers[merge.right], !merge.left.hasSuffix(Self.endOfWord) else {
                return nil
            }
            let text = merge.left + merge.right
            // Two merges may make the same text in two ways.
            let result = numbers[text] ?? Int32(symbols.count)
            if numbers.updateValue(result, forKey: text) == nil { symbols.append(text) }
            let pair = Pair(left: left, right: right)
            // A pair that came back, because another merge made one of its sides again, has its first place.
            if mergeOfPair[pair] == nil { mergeOfPair[pair] = Merge(rank: rank, result: result) }
            pairs.append(pair)
        }
        self.symbols = symbols
        self.merges = pairs
        self.characters = characters
        self.mergeOfPair = mergeOfPair
        numberOfCharacter = Dictionary(uniqueKeysWithValues: zip(characters, Self.firstText...))
    }

    /// The symbols of a sentence whose words are separated by single spaces, as ``WordSplitter`` gives them.
    public func encode(_ sentence: String) -> [Int32] {
        Array(encode(CollectionOfOne(sentence))[0])
    }

    /// The symbols of many sentences; a word is encoded once.
    public func encode(_ sentences: some Sequence<String>) -> SymbolSequences {
        var words = WordTable()
        // The symbols of each word of the table.
        var known = SymbolSequences()
        var result = SymbolSequences()
        var symbols: [Int32] = []
        var numbers: [Int] = []
        for sentence in sentences {
            numbers.removeAll(keepingCapacity: true)
            symbols.removeAll(keepingCapacity: true)
            words.forEachWord(of: sentence) { numbers.append($0) }
            for number in numbers {
                if number == known.count { known.append(encode(word: words.word(number))) }
                symbols += known[number]
            }
            result.append(symbols)
        }
        return result
    }

    private func encode(word: String) -> [Int32] {
        guard var symbols = characterSymbols(of: word) else { return [Self.unknown] }
        while symbols.count > 1 {
            var best: Merge?
            for index in 1..<symbols.count {
                let pair = Pair(left: symbols[index - 1], right: symbols[index])
                if let merge = mergeOfPair[pair], merge.rank < best?.rank ?? .max { best = merge }
            }
            guard let best else { break }
            let pair = merges[best.rank]
            var count = 0
            var index = 0
            while index < symbols.count {
                let isPair = symbols[index] == pair.left && index + 1 < symbols.count && symbols[index + 1] == pair.right
                symbols[count] = isPair ? best.result : symbols[index]
                count += 1
                index += isPair ? 2 : 1
            }
            symbols.removeLast(symbols.count - count)
        }
        return symbols
    }

    /// A word before any merge, nil if it has an unknown character.
    func characterSymbols(of word: String) -> [Int32]? {
        var symbols: [Int32] = []
        for character in word.unicodeScalars {
            guard let number = numberOfCharacter[character] else { return nil }
            symbols.append(number)
        }
        if let last = symbols.popLast() { symbols.append(last + Int32(characters.count)) }
        return symbols
    }

    /// The text of symbols: words separated by single spaces. Padding and the ends of a sentence are no text, `<unk>` stands for
    /// an unknown word.
    /// - Precondition: every symbol is in 0..<``count``.
    public func decode(_ symbols: some Sequence<Int32>) -> String {
        var text = ""
        for symbol in symbols where symbol >= Self.unknown {
            let piece = self.symbols[Int(symbol)]
            if symbol == Self.unknown {
                text += piece + " "
            } else if piece.hasSuffix(Self.endOfWord) {
                text += piece.dropLast(Self.endOfWord.count) + " "
            } else {
                text += piece
            }
        }
        if text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}

extension SubwordVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case characters, merges
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: characters)
        try container.encode(String(text), forKey: .characters)
        try container.encode(merges.map { symbols[Int($0.left)] + " " + symbols[Int($0.right)] }, forKey: .merges)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let characters = try container.decode(String.self, forKey: .characters).unicodeScalars
        let merges = try container.decode([String].self, forKey: .merges).map { line in
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .merges, in: container, debugDescription: "a merge must be two symbols and a space: '\(line)'")
            }
            return (left: String(parts[0]), right: String(parts[1]))
        }
        guard let vocabulary = SubwordVocabulary(characters: Array(characters), merges: merges) else {
            throw DecodingError.dataCorruptedError(
                forKey: .merges, in: container,
                debugDescription: "characters must be in order, and each merge must join symbols that were there before it")
        }
        self = vocabulary
    }
}
