import Files
import Foundation
import TestSupport
import Testing
import Training

struct ParallelTextTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func germanEnglishIsClean() {
        let pairs = ParallelText.germanEnglish().pairs
        #expect(pairs.count == 31_382)
        #expect(Set(pairs.map(\.source)).count == pairs.count)
        #expect(Set(pairs.map(\.target)).count == pairs.count)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzäöüß0123456789 .,:?!'\"-%".unicodeScalars)
        for text in pairs.flatMap({ [$0.source, $0.target] }) {
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            #expect((4...20).contains(words.count) && !words.contains(""))
            #expect(allowed.isSuperset(of: text.unicodeScalars))
            #expect(WordSplitter.words(of: text) == text)
        }
        // A phrase, an example sentence, and marks of the dictionary written out.
        for (source, target) in [
            ("der gebrauch seines verstandes", "the use of your intellect"),
            ("sie haben keine chance .", "you don't stand a chance ."),
            ("jemandem die beweislast auferlegen", "to impose the burden of proof on somebody"),
        ] { #expect(pairs.contains(.init(source: source, target: target))) }
    }

    @Test func readsLineAlignedFiles() throws {
        let source = try scratch.put("\u{feff}Guten Tag!\r\n\r\nWie geht’s?\nnur hier\nu\u{308}ber\r\n".utf8, at: "text.de")
        let target = try scratch.put("Hello!\nempty there\nHow are you?\n \nover".utf8, at: "text.en")
        let text = try ParallelText(source: source, target: target)
        #expect(
            text.pairs == [
                .init(source: "guten tag !", target: "hello !"),
                .init(source: "wie geht's ?", target: "how are you ?"),
                .init(source: "über", target: "over"),
            ])
        #expect(text.emptyLines == 2)
        #expect(text.name == source)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let source: [UInt8]
        let target: [UInt8]
        /// The file that is named, and what follows it.
        let file: String
        let message: String
        var testDescription: String { message }

        init(_ source: String, _ target: String, _ file: String, _ message: String) {
            self.init(Array(source.utf8), Array(target.utf8), file, message)
        }

        init(_ source: [UInt8], _ target: [UInt8], _ file: String, _ message: String) {
            self.source = source
            self.target = target
            self.file = file
            self.message = message
        }
    }

    @Test(arguments: [
        Bad("", "a\n", "a.de", ": an empty file: must have a sentence a line"),
        Bad("a\n", "", "a.en", ": an empty file: must have a sentence a line"),
        Bad("a\nb\n", "a\n", "a.de", ": line 2: 2 lines: must have as many as {a.en}, which has 1"),
        Bad("a\n", "a\nb\n\n", "a.en", ": line 2: 3 lines: must have as many as {a.de}, which has 1"),
        Bad([0x61, 0x0a, 0xff, 0x0a], [0x61, 0x0a, 0x61], "a.de", ": line 2: bytes that are no UTF-8: must be text in UTF-8"),
        Bad([0x61], [0xc3], "a.en", ": line 1: bytes that are no UTF-8: must be text in UTF-8"),
        // UTF-16 with its byte order mark.
        Bad([0xff, 0xfe, 0x61, 0x00], [0x61], "a.de", ": line 1: bytes that are no UTF-8: must be text in UTF-8"),
        Bad("\n a\n", "b\n\n", "a.de", ": no line has words here and in {a.en}: at least one sentence pair is needed"),
    ])
    func namesFileLineAndRule(bad: Bad) throws {
        let source = try scratch.put(bad.source, at: "a.de")
        let target = try scratch.put(bad.target, at: "a.en")
        let error = try #require(throws: InputError.self) { try ParallelText(source: source, target: target) }
        let message = bad.message.replacing("{a.de}", with: source).replacing("{a.en}", with: target)
        #expect(error.description == scratch.path(bad.file) + message)
    }

    @Test(arguments: [
        ("missing", "cannot open it: No such file or directory"), ("", "no such name: a file is needed"),
        ("a\0b", "no such name: a file is needed"),
    ])
    func namesWhatCannotBeOpened(name: String, message: String) throws {
        let good = try scratch.put("a\n".utf8, at: "good")
        let path = name.isEmpty ? "" : scratch.path(name)
        for (source, target) in [(path, good), (good, path)] {
            let error = try #require(throws: InputError.self) { try ParallelText(source: source, target: target) }
            #expect(error.description == "\(path.onOneLine): \(message)")
        }
    }

    @Test(arguments: [(".", "a folder: a file is needed"), ("/dev/zero", "a device: a file or a pipe is needed")])
    func readsNoFolderAndNoDevice(path: String, message: String) throws {
        let error = try #require(throws: InputError.self) { try ParallelText(source: path, target: path) }
        #expect(error.description == "\(path): \(message)")
    }
}
