/// Sentences and their translations for an encoder and a decoder.
public struct TranslationWorkload: Workload {
    public let configuration: TransformerConfiguration
    public let training: SequenceBatches
    public let validation: SequenceBatches

    public init(configuration: TransformerConfiguration, training: SequenceBatches, validation: SequenceBatches) {
        self.configuration = configuration
        self.training = training
        self.validation = validation
    }

    public func makeModel() -> Transformer<Float> { Transformer(configuration) }
}
