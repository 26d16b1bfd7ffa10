/// Sentences stored one after the other without their padding: where each begins, and each symbol's place in its own.
///
/// Every layer works on these rows only; a padded position costs nothing and cannot leak into a result.
package struct SentenceRows {
    package let sentences: Int
    /// The number of symbols, N.
    package let rows: Int
    /// [sentences + 1].
    package let starts: UnsafeMutablePointer<Int32>
    /// [N]
    package let symbols: UnsafeMutablePointer<Int32>
    /// [N], from 0 in each sentence.
    package let positions: UnsafeMutablePointer<Int32>
    package let longest: Int

    /// - Precondition: `symbols` is [sentences, length], each symbol is in 0..<vocabulary, and each sentence is at least one
    ///   symbol followed by padding only.
    package init(sentences: Int, length: Int, symbols padded: [Int32], vocabulary: Int, workspace: Workspace) {
        precondition(sentences >= 1 && length >= 1 && padded.count == sentences * length, "a batch is [sentences, length]")
        starts = workspace.take(sentences + 1, of: Int32.self)
        symbols = workspace.take(padded.count, of: Int32.self)
        positions = workspace.take(padded.count, of: Int32.self)
        var rows = 0
        var longest = 0
        for sentence in 0..<sentences {
            starts[sentence] = Int32(rows)
            var end = 0
            for position in 0..<length {
                let symbol = padded[sentence * length + position]
                if symbol == SequenceBatch.padding { continue }
                precondition(position == end, "padding inside a sentence")
                precondition(symbol >= 0 && symbol < vocabulary, "a symbol outside the vocabulary")
                symbols[rows] = symbol
                positions[rows] = Int32(position)
                rows += 1
                end += 1
            }
            precondition(end > 0, "an empty sentence")
            longest = max(longest, end)
        }
        starts[sentences] = Int32(rows)
        self.sentences = sentences
        self.rows = rows
        self.longest = longest
    }
}
