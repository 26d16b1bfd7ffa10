/// A network with the data it learns from: what a run needs beside a method and a seed.
///
/// One value serves any number of runs at the same time; each makes a model of its own.
public protocol Workload: Sendable {
    associatedtype Model: TrainableModel where Model.Scalar == Float
    associatedtype Source: BatchSource where Source.Batch == Model.Batch

    func makeModel() -> Model
    var training: Source { get }
    /// What validation goes through in order; it may be empty.
    var validation: Source { get }
}

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

/// Images of handwritten digits for a residual network.
public struct DigitsWorkload: Workload {
    public let configuration: ResidualNetworkConfiguration
    public let training: DigitBatches
    public let validation: DigitBatches

    public init(configuration: ResidualNetworkConfiguration, training: DigitBatches, validation: DigitBatches) {
        self.configuration = configuration
        self.training = training
        self.validation = validation
    }

    public func makeModel() -> ResidualNetwork<Float> { ResidualNetwork(configuration) }
}
