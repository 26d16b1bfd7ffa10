import Errors
import Theory

/// How long a sentence and how large a batch may be.
public struct BatchLimits: Sendable, Equatable {
    /// The most positions of a sentence on either side: its symbols and the end-of-sentence symbol. Longer ones are left out.
    public let maximumSymbols: Int
    /// The most tokens of a batch: sentences × longest side of any of them.
    public let tokensPerBatch: Int

    /// The limits of the main experiments: sentences under 24 symbols, 256 tokens.
    public static let main = BatchLimits(unchecked: 24, 256)
    /// The limits of a small experiment: sentences under 12 symbols, 128 tokens.
    public static let small = BatchLimits(unchecked: 12, 128)

    /// - Throws: ``Theory/ParameterError`` unless 2 ≤ `maximumSymbols` ≤ `tokensPerBatch` ≤ 2^30.
    public init(maximumSymbols: Int, tokensPerBatch: Int) throws(ParameterError) {
        guard maximumSymbols >= 2 else {
            throw ParameterError(
                parameter: .maximumSymbols, value: maximumSymbols, rule: "must be at least 2, a symbol and the end of the sentence")
        }
        guard tokensPerBatch >= maximumSymbols else {
            throw ParameterError(
                parameter: .tokensPerBatch, value: tokensPerBatch,
                rule: "must be at least maximumSymbols (\(maximumSymbols)), or a sentence does not fit")
        }
        guard tokensPerBatch <= 1 << 30 else {
            throw ParameterError(parameter: .tokensPerBatch, value: tokensPerBatch, rule: "must be at most 2^30")
        }
        self.init(unchecked: maximumSymbols, tokensPerBatch)
    }

    private init(unchecked maximumSymbols: Int, _ tokensPerBatch: Int) {
        self.maximumSymbols = maximumSymbols
        self.tokensPerBatch = tokensPerBatch
    }
}
