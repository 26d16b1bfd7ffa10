import Foundation
import TestSupport
import Testing
import Training

struct SubwordVocabularyTests {
    static let sentences = ParallelText.germanEnglish().pairs.flatMap { [$0.source, $0.target] }

    private func merges(_ vocabulary: SubwordVocabulary) throws -> [String] {
        struct Form: Decodable { let merges: [String] }
        return try JSONDecoder().decode(Form.self, from: JSONEncoder().encode(vocabulary)).merges
    }

    /// Byte-pair encoding on lists of strings, all pairs counted again for each merge.
    private func slowMerges(_ sentences: [String], merges: Int) -> [[String]] {
        var words: [([String], Int)] = Dictionary(sentences.flatMap { $0.split(separator: " ") }.map { ($0, 1) }, uniquingKeysWith: +)
            .map { word, count in (pieces(of: word), count) }
        var learned: [[String]] = []
        while learned.count < merges {
            var counts: [[String]: Int] = [:]
            for (word, count) in words { for (a, b) in zip(word, word.dropFirst()) { counts[[a, b], default: 0] += count } }
            let scalars = { (pair: [String]) in pair.map { $0.unicodeScalars.map(\.value) } }
            guard let best = counts.max(by: {
                if $0.value != $1.value { return $0.value < $1.value }
                let (a, b) = (scalars($0.key), scalars($1.key))
                return a[0] == b[0] ? a[1].lexicographicallyPrecedes(b[1]) : a[0].lexicographicallyPrecedes(b[0])
            }), best.value > 1 else { break }
            learned.append(best.key)
            words = words.map { (merged($0.0, best.key), $0.1) }
        }
        return learned
    }

    private func pieces(of word: Substring) -> [String] {
        var pieces = word.unicodeScalars.map { String($0) }
        pieces[pieces.count - 1] += "</w>"
        return pieces
    }

    private func merged(_ word: [String], _ pair: [String]) -> [String] {
        var result: [String] = []
        var index = 0
        while index < word.count {
            if index + 1 < word.count, word[index] == pair[0], word[index + 1] == pair[1] {
                result.append(pair[0] + pair[1])
                index += 2
            } else {
                result.append(word[index])
                index += 1
            }
        }
        return result
    }

    /// The merges that subword-nmt 0.3.8 learns from the same text, a sentence a line:
    /// `tr '\t' '\n' < Sources/CDatasets/Files/de-en.tsv | subword-nmt learn-bpe -s 500`.
    @Test func learnsWhatTheAuthorsToolLearns() throws {
        let url = try #require(Bundle.module.url(forResource: "de_en_merges", withExtension: "txt", subdirectory: "Reference"))
        let reference = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
        #expect(reference.count == 500)
        #expect(try merges(SubwordVocabulary(learnedFrom: Self.sentences, merges: 500)) == reference)
    }

    /// Words over two or three letters: many ties, overlapping pairs, and texts that two merges make.
    @Test func agreesWithCountingAgainForEachMerge() throws {
        var generator = SplitMix(state: 2)
        for alphabet in ["ab", "aäb", "abc"] {
            for _ in 0..<40 {
                let sentences = (0..<12).map { _ in
                    (0..<4).map { _ in
                        String((0..<Int.random(in: 1...9, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
                    }.joined(separator: " ")
                }
                let vocabulary = SubwordVocabulary(learnedFrom: sentences, merges: 60)
                let slow = slowMerges(sentences, merges: 60)
                #expect(try merges(vocabulary) == slow.map { $0.joined(separator: " ") })
                for sentence in sentences { #expect(vocabulary.decode(vocabulary.encode(sentence)) == sentence) }
            }
        }
    }

    /// The merges one after the other on the whole text, each made everywhere before the next.
    @Test func encodesAsTheMergesInTheirOrder() throws {
        let sentences = Array(Self.sentences.prefix(400))
        let vocabulary = SubwordVocabulary(learnedFrom: Self.sentences, merges: 300)
        let pairs = try merges(vocabulary).map { $0.split(separator: " ").map(String.init) }
        let encoded = vocabulary.encode(sentences)
        #expect(encoded.count == sentences.count)
        for (index, sentence) in sentences.enumerated() {
            let expected = sentence.split(separator: " ").flatMap { word in pairs.reduce(pieces(of: word), merged) }
            #expect(encoded[index].map { vocabulary.symbols[Int($0)] } == expected)
            #expect(vocabulary.encode(sentence) == Array(encoded[index]))
        }
    }

    @Test func symbolsAreNumberedAsDocumented() {
        let vocabulary = SubwordVocabulary(learnedFrom: ["b a ab ab", "ab ä"], merges: 10)
        #expect(vocabulary.symbols == ["<pad>", "<s>", "</s>", "<unk>", "a", "b", "ä", "a</w>", "b</w>", "ä</w>", "ab</w>"])
        #expect(vocabulary.count == 11)
        #expect(vocabulary.encode("ab ba ä") == [10, 5, 7, 9])
        #expect(SequenceBatch.padding == 0 && SubwordVocabulary.begin == 1 && SubwordVocabulary.end == 2)
    }

    @Test func unseenCharactersAreUnknown() {
        let vocabulary = SubwordVocabulary(learnedFrom: ["ab cd"], merges: 0)
        #expect(vocabulary.encode("ab xyz dd a日") == [4, 9, 3, 7, 11, 3])
        #expect(vocabulary.decode(vocabulary.encode("ab xyz dd")) == "ab <unk> dd")
        #expect(vocabulary.decode([1, 4, 9, 2, 0, 0]) == "ab")
        #expect(vocabulary.encode("") == [])
        // A word that is not ended.
        #expect(vocabulary.decode([4, 9, 4]) == "ab a")
        // Text that looks like a special symbol is none.
        #expect(SubwordVocabulary(learnedFrom: ["<s> </w>"], merges: 9).encode("<s>").allSatisfy { $0 >= SubwordVocabulary.firstText })
    }

    @Test func aTextWithoutWordsHasTheSpecialSymbols() {
        let vocabulary = SubwordVocabulary(learnedFrom: ["", " "], merges: 3)
        #expect(vocabulary.count == 4)
        #expect(vocabulary.encode("a") == [SubwordVocabulary.unknown])
    }

    @Test func isAValueThatARunCanRecord() throws {
        let vocabulary = SubwordVocabulary(learnedFrom: Self.sentences.prefix(1000), merges: 100)
        let bytes = try JSONEncoder().encode(vocabulary)
        let again = try JSONDecoder().decode(SubwordVocabulary.self, from: bytes)
        #expect(again == vocabulary)
        #expect(again.encode(Self.sentences[5]) == vocabulary.encode(Self.sentences[5]))
    }

    @Test(arguments: [
        #"{"characters":"ba","merges":[]}"#, #"{"characters":"aa","merges":[]}"#, #"{"characters":"ab","merges":["a"]}"#,
        #"{"characters":"ab","merges":["a b c"]}"#, #"{"characters":"ab","merges":["a c"]}"#,
        #"{"characters":"ab","merges":["a</w> b"]}"#, #"{"characters":"ab","merges":["ab a", "a b"]}"#,
        #"{"characters":"ab","merges":["<s> a"]}"#, #"{"merges":[]}"#,
    ])
    func brokenRecordsAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SubwordVocabulary.self, from: Data(json.utf8)) }
    }
}
