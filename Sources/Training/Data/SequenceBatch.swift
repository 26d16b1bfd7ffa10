/// Sentence pairs of one update, padded to a common length on each side.
public struct SequenceBatch: Sendable {
    /// The number of sentence pairs, B.
    public var sentences: Int
    /// The longest source, S.
    public var sourceLength: Int
    /// The longest target, T.
    public var targetLength: Int
    /// [B, S], padded at the end with ``padding``.
    public var source: [Int32]
    /// [B, T], begins with the begin-of-sentence symbol.
    public var targetInput: [Int32]
    /// [B, T], ends with the end-of-sentence symbol.
    public var targetOutput: [Int32]
    /// The padding symbol.
    public static var padding: Int32 { 0 }

    public init(
        sentences: Int, sourceLength: Int, targetLength: Int, source: [Int32], targetInput: [Int32], targetOutput: [Int32]
    ) {
        self.sentences = sentences
        self.sourceLength = sourceLength
        self.targetLength = targetLength
        self.source = source
        self.targetInput = targetInput
        self.targetOutput = targetOutput
    }
}
