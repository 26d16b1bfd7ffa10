/// Sentences of one language with some symbols hidden, for an encoder alone.
public struct MaskedWorkload: Workload {
    public let configuration: TransformerConfiguration
    public let training: MaskedBatches
    public let validation: MaskedBatches

    public init(configuration: TransformerConfiguration, training: MaskedBatches, validation: MaskedBatches) {
        self.configuration = configuration
        self.training = training
        self.validation = validation
    }

    public func makeModel() -> Transformer<Float> { Transformer(configuration) }
}
