import TestSupport
import Testing
import Training

struct WordSplitterTests {
    @Test(arguments: [
        ("Das ist gut.", "das ist gut ."),
        ("  zwei\tWorte \u{a0} hier\u{2003}", "zwei worte hier"),
        ("", ""),
        (" \t\u{feff}", ""),
        ("don’t `quote' “this” «so» „und so“", "don't ' quote ' \" this \" \" so \" \" und so \""),
        ("visitors' book, 'tis", "visitors ' book , ' tis"),
        ("ein- und ausgehende E-Mails – ja—nein", "ein- und ausgehende e-mails - ja-nein"),
        ("-5 a--b", "- 5 a- - b"),
        ("10:30 Uhr: 1.000,5 % und 1. oder a.b", "10:30 uhr : 1.000,5 % und 1 . oder a . b"),
        ("u\u{308}ber ÜBER U\u{308}ber", "über über über"),
        ("Straße/Weg (alt) [neu]", "straße / weg ( alt ) [ neu ]"),
        ("weiter…?!", "weiter … ? !"),
        ("Sil\u{ad}ben\u{200b}trennung", "silbentrennung"),
        ("日本語 ½ a²", "日本語 ½ a²"),
    ])
    func splits(line: String, words: String) {
        // By scalars: equality of strings does not tell a composed letter from its parts.
        #expect(Array(WordSplitter.words(of: line).unicodeScalars) == Array(words.unicodeScalars))
        #expect(Array(WordSplitter.words(of: words).unicodeScalars) == Array(words.unicodeScalars))
    }

    /// Words joined by spaces split into the same words: any text, as random scalars of which many are punctuation.
    @Test func splitsItsWordsAgain() {
        var generator = SplitMix(state: 1)
        let alphabet = Array("aBß1-'.,:\"… \u{308}ü\u{ad}\u{2019}é😀½\u{130}\tÅ".unicodeScalars)
        for _ in 0..<20_000 {
            var line = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &generator) { line.append(alphabet.randomElement(using: &generator)!) }
            let words = WordSplitter.words(of: String(line))
            #expect(WordSplitter.words(of: words) == words)
            #expect(!words.unicodeScalars.contains { $0 != " " && $0.properties.isWhitespace })
        }
    }
}
