import CDatasets

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

    /// Two files in UTF-8, of which line n of one translates line n of the other.
    ///
    /// Lines of which a side has no word are left out.
    /// - Throws: ``ParallelTextError`` when a file cannot be read, is empty or no UTF-8, when they have different numbers of lines,
    ///   or when no line has words on both sides.
    public init(source: String, target: String) throws(ParallelTextError) {
        let sources = try TextLines.lines(of: source)
        let targets = try TextLines.lines(of: target)
        guard sources.count == targets.count else {
            let isSourceLonger = sources.count > targets.count
            throw ParallelTextError(
                path: isSourceLonger ? source : target, line: min(sources.count, targets.count) + 1,
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
            throw ParallelTextError(
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
