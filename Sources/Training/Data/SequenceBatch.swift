/// Sentence pairs of one update, padded to a common length on each side.
///
/// A source ends with the end-of-sentence symbol. A target's input begins with the begin-of-sentence symbol, and its output is
/// the same sentence one position earlier, with the end-of-sentence symbol behind it.
public struct SequenceBatch: Sendable, Equatable {
    /// B, the number of sentence pairs.
    public var sentences: Int
    /// S, the longest source.
    public var sourceLength: Int
    /// T, the longest target.
    public var targetLength: Int
    /// [B, S], padded with ``padding``.
    public var source: [Int32]
    /// [B, T], begins with the begin-of-sentence symbol.
    public var targetInput: [Int32]
    /// [B, T], ends with the end-of-sentence symbol. A position that is ``padding`` is not predicted.
    public var targetOutput: [Int32]
    public static var padding: Int32 { 0 }

    public init(
        sentences: Int = 0, sourceLength: Int = 0, targetLength: Int = 0, source: [Int32] = [], targetInput: [Int32] = [],
        targetOutput: [Int32] = []
    ) {
        self.sentences = sentences
        self.sourceLength = sourceLength
        self.targetLength = targetLength
        self.source = source
        self.targetInput = targetInput
        self.targetOutput = targetOutput
    }
}
