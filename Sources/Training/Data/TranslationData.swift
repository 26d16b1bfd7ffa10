import Files

/// A parallel text made ready for training: split, its vocabulary learned from the training part, encoded.
public struct TranslationData: Sendable {
    /// The languages of the text.
    public enum Side: String, Sendable, Codable, CaseIterable {
        case source, target
    }

    /// Sentence pairs as symbols.
    public struct Part: Sendable {
        public let sources: SymbolSequences
        public let targets: SymbolSequences
        public var count: Int { sources.count }

        public subscript(side: Side) -> SymbolSequences { side == .source ? sources : targets }
    }

    /// The text's ``ParallelText/name``.
    public let name: String
    /// One for both languages.
    public let vocabulary: SubwordVocabulary
    public let training: Part
    public let validation: Part

    /// - Parameters:
    ///   - merges: how many merges of the byte-pair encoding to learn, ≥ 0.
    ///   - heldOut: how many pairs to hold out for validation; at most a tenth of all, see ``HeldOutSplit``.
    public init(_ text: ParallelText, merges: Int = 500, heldOut: Int = 1000) {
        let split = HeldOutSplit(text.pairs, heldOut: heldOut)
        let words = split.training.lazy.flatMap { [$0.source, $0.target] }
        let vocabulary = SubwordVocabulary(learnedFrom: words, merges: merges)
        func part(_ pairs: [ParallelText.Pair]) -> Part {
            Part(sources: vocabulary.encode(pairs.lazy.map(\.source)), targets: vocabulary.encode(pairs.lazy.map(\.target)))
        }
        name = text.name
        self.vocabulary = vocabulary
        training = part(split.training)
        validation = part(split.validation)
    }

    /// The training pairs within the limits.
    /// - Throws: `InputError` when there are none.
    public func batches(_ limits: BatchLimits) throws(InputError) -> SequenceBatches {
        let batches = SequenceBatches(sources: training.sources, targets: training.targets, limits: limits)
        guard batches.sentenceCount > 0 else { throw noneLeft(of: "sentence pairs", limits) }
        return batches
    }

    /// The held-out pairs within the limits, perhaps none.
    public func validationBatches(_ limits: BatchLimits) -> SequenceBatches {
        SequenceBatches(sources: validation.sources, targets: validation.targets, limits: limits)
    }

    /// The training sentences of one side within the limits, for masked language modelling.
    /// - Throws: `InputError` when there are none.
    public func maskedBatches(_ side: Side, _ limits: BatchLimits) throws(InputError) -> MaskedBatches {
        let batches = MaskedBatches(sentences: training[side], vocabulary: vocabulary, limits: limits)
        guard batches.sentenceCount > 0 else { throw noneLeft(of: "\(side.rawValue) sentences", limits) }
        return batches
    }

    /// The held-out sentences of one side within the limits, perhaps none.
    public func maskedValidationBatches(_ side: Side, _ limits: BatchLimits) -> MaskedBatches {
        MaskedBatches(sentences: validation[side], vocabulary: vocabulary, limits: limits)
    }

    private func noneLeft(of what: String, _ limits: BatchLimits) -> InputError {
        InputError(
            path: name, found: "none of \(training.count) \(what) is short enough",
            rule: "at least one must have fewer than \(limits.maximumSymbols) symbols")
    }
}
