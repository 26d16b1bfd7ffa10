import CDatasets
import Files

/// Sentences in two languages, each with its translation, split into words by ``WordSplitter``.
public struct ParallelText: Sendable, Equatable {
    /// A sentence and its translation: words joined by single spaces.
    public struct Pair: Sendable, Hashable {
        public let source: String
        public let target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// What a run's record and an error call it: `de-en`, or the name of the source file.
    public let name: String
    public let pairs: [Pair]
    /// How many lines were left out because one side or both had no word.
    public let emptyLines: Int

    /// German sentences and phrases with their English translations from the dictionary of TU Chemnitz (F. Richter, GPL-2 or
    /// later), which come with the package.
    public static func germanEnglish() -> ParallelText {
        let file = varlab_dataset_de_en()
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
        var pairs: [Pair] = []
        pairs.reserveCapacity(31_382)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { preconditionFailure("de-en.tsv has two columns") }
            // Words already, as a test makes sure.
            pairs.append(
                Pair(source: String(decoding: line[..<tab], as: UTF8.self), target: String(decoding: line[(tab + 1)...], as: UTF8.self)))
        }
        return ParallelText(name: "de-en", pairs: pairs, emptyLines: 0)
    }

    /// Two files in UTF-8, pipes, or `-` for the standard input, of which line n of one translates line n of the other.
    ///
    /// Lines of which a side has no word are left out.
    /// - Throws: `InputError` when a file cannot be read, is empty or no UTF-8, when they have different numbers of lines,
    ///   or when no line has words on both sides.
    public init(source: String, target: String) throws(InputError) {
        let sources = try TextLines.lines(of: source)
        let targets = try TextLines.lines(of: target)
        guard sources.count == targets.count else {
            let isSourceLonger = sources.count > targets.count
            throw InputError(
                path: isSourceLonger ? source : target, at: .line(min(sources.count, targets.count) + 1),
                found: "\(max(sources.count, targets.count)) lines",
                rule: "must have as many as \(isSourceLonger ? target : source), which has \(min(sources.count, targets.count))")
        }
        var pairs: [Pair] = []
        pairs.reserveCapacity(sources.count)
        for (sourceLine, targetLine) in zip(sources, targets) {
            let pair = Pair(source: WordSplitter.words(of: sourceLine), target: WordSplitter.words(of: targetLine))
            if !pair.source.isEmpty, !pair.target.isEmpty { pairs.append(pair) }
        }
        guard !pairs.isEmpty else {
            throw InputError(
                path: source, found: "no line has words here and in \(target)", rule: "at least one sentence pair is needed")
        }
        self.init(name: source, pairs: pairs, emptyLines: sources.count - pairs.count)
    }

    /// No sentence, for a task that reads none.
    package static let empty = ParallelText(name: "", pairs: [])

    package init(name: String, pairs: [Pair], emptyLines: Int = 0) {
        self.name = name
        self.pairs = pairs
        self.emptyLines = emptyLines
    }
}

/// The lines of a UTF-8 text.
enum TextLines {
    /// The lines of a file; a line ends with a line feed, with or without a carriage return before it, and the last one may do
    /// without.
    static func lines(of path: String) throws(InputError) -> [String] {
        let bytes = try ReadableFile.open(path).bytes()
        guard !bytes.isEmpty else { throw InputError(path: path, found: "an empty file", rule: "must have a sentence a line") }
        return try bytes.withUnsafeBufferPointer { (bytes) throws(InputError) in
            var lines: [String] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
                let line = UnsafeBufferPointer(rebasing: bytes[start..<(hasReturn ? end - 1 : end)])
                guard let text = String(validating: line, as: UTF8.self) else {
                    throw InputError(
                        path: path, at: .line(lines.count + 1), found: "bytes that are no UTF-8", rule: "must be text in UTF-8")
                }
                lines.append(text)
                start = end + 1
            }
            return lines
        }
    }
}

/// Which pairs of a text are held out for validation: the same for every run, whatever its seed.
///
/// A pair is held out when the hash of its source is among the lowest. So the choice depends on the sentences alone and not on
/// their order, and one sentence with two translations is never on both sides.
public struct HeldOutSplit: Sendable, Equatable {
    public let training: [ParallelText.Pair]
    public let validation: [ParallelText.Pair]

    /// - Parameter heldOut: how many pairs to hold out, at most a tenth of them all; more when a source occurs again.
    public init(_ pairs: [ParallelText.Pair], heldOut: Int = 1000) {
        precondition(heldOut >= 0)
        let hashes = pairs.map { textHash($0.source.utf8) }
        let count = min(heldOut, pairs.count / 10)
        guard count > 0 else {
            training = pairs
            validation = []
            return
        }
        let highest = hashes.sorted()[count - 1]
        training = zip(pairs, hashes).filter { $1 > highest }.map(\.0)
        validation = zip(pairs, hashes).filter { $1 <= highest }.map(\.0)
    }
}
