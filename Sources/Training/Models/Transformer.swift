import CKernels

/// The Transformer of Vaswani et al. (2017): an encoder and a decoder whose output layer shares the target's embedding, or an
/// encoder alone whose output layer shares its own.
///
/// The target's end is predicted like every other symbol; padding is neither read nor predicted.
public final class Transformer<Scalar: TrainingScalar>: TrainableModel {
    public let configuration: TransformerConfiguration
    public let layout: ParameterLayout
    public var runningState = NoRunningState()
    private let sourceEmbedding: Embedding
    private let targetEmbedding: Embedding
    private let encoder: TransformerStack
    private let decoder: TransformerStack?
    private let crossEntropy: CrossEntropy
    private let kernels: NetworkKernels<Scalar>
    package let workspace = Workspace()
    private var encoderState: TransformerStack.State<Scalar>
    private var decoderState: TransformerStack.State<Scalar>
    private var positions: [Scalar]

    public convenience init(_ configuration: TransformerConfiguration) {
        self.init(configuration, variant: varlab_best_variant())
    }

    package init(_ configuration: TransformerConfiguration, variant: varlab_variant) {
        let width = configuration.width
        var layout = ParameterLayout()
        var site = 0
        sourceEmbedding = Embedding(
            vocabulary: configuration.sourceVocabulary, width: width, name: "src.emb", in: &layout)
        switch configuration.architecture {
        case .encoderDecoder:
            targetEmbedding = Embedding(
                vocabulary: configuration.targetVocabulary, width: width, name: "tgt.emb", in: &layout)
            encoder = TransformerStack(
                configuration, embedding: sourceEmbedding, decoder: false, site: &site, in: &layout)
            decoder = TransformerStack(
                configuration, embedding: targetEmbedding, decoder: true, site: &site, in: &layout)
        case .encoderOnly:
            targetEmbedding = sourceEmbedding
            encoder = TransformerStack(
                configuration, embedding: sourceEmbedding, decoder: false, site: &site, in: &layout)
            decoder = nil
        }
        self.configuration = configuration
        self.layout = layout
        crossEntropy = CrossEntropy(smoothing: configuration.labelSmoothing)
        kernels = Scalar.networkKernels(variant)
        encoderState = TransformerStack.State(layers: configuration.layers)
        decoderState = TransformerStack.State(layers: configuration.layers)
        positions = SinusoidalPositions.table(count: 64, width: width, as: Scalar.self)
    }

    public func train(
        parameters: UnsafeBufferPointer<Scalar>, gradients: UnsafeMutableBufferPointer<Scalar>, batch: SequenceBatch,
        key: StepKey
    ) -> BatchLoss {
        precondition(gradients.count == layout.count, "the gradient has as many numbers as there are parameters")
        return run(parameters, gradients.baseAddress, batch, key)
    }

    public func evaluate(parameters: UnsafeBufferPointer<Scalar>, batch: SequenceBatch) -> BatchLoss {
        run(parameters, nil, batch, nil)
    }

    private func run(
        _ parameters: UnsafeBufferPointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>?, _ batch: SequenceBatch,
        _ key: StepKey?
    ) -> BatchLoss {
        precondition(parameters.count == layout.count, "the parameters are those of the layout")
        workspace.reset()
        let pass = Pass(
            parameters: parameters.baseAddress!, gradients: gradients, workspace: workspace, kernels: kernels, key: key)
        let source = SentenceRows(
            sentences: batch.sentences, length: batch.sourceLength, symbols: batch.source,
            vocabulary: configuration.sourceVocabulary, workspace: workspace)
        let target =
            decoder == nil
            ? source
            : SentenceRows(
                sentences: batch.sentences, length: batch.targetLength, symbols: batch.targetInput,
                vocabulary: configuration.targetVocabulary, workspace: workspace)
        preparePositions(count: max(source.longest, target.longest))
        let predicted = PredictedRows(
            target, length: batch.targetLength, targets: batch.targetOutput, vocabulary: configuration.targetVocabulary,
            workspace: workspace)

        let memory = positions.withUnsafeBufferPointer {
            encoder.forward(pass, source, positions: $0.baseAddress!, &encoderState)
        }
        let output =
            decoder.map { decoder in
                positions.withUnsafeBufferPointer {
                    decoder.forward(
                        pass, target, positions: $0.baseAddress!, memory: memory, memoryRows: source, &decoderState)
                }
            } ?? memory
        let selected = predicted.select(pass, output, width: configuration.width)
        let logits = targetEmbedding.logits(pass, rows: predicted.count, selected)
        let loss = crossEntropy.loss(
            pass, rows: predicted.count, classes: configuration.targetVocabulary, targets: predicted.targets, logits: logits,
            predictions: gradients == nil ? workspace.take(predicted.count, of: Int32.self) : nil)
        guard gradients != nil else { return loss }

        let d = pass.take(target.rows * configuration.width)
        predicted.scatter(pass, width: configuration.width, into: d) { d in
            targetEmbedding.logitsBackward(pass, rows: predicted.count, selected, dLogits: logits, dx: d)
        }
        guard let decoder else {
            encoder.backward(pass, source, encoderState, d: d)
            return loss
        }
        let dMemory = pass.take(source.rows * configuration.width)
        dMemory.update(repeating: 0, count: source.rows * configuration.width)
        decoder.backward(
            pass, target, memory: memory, memoryRows: source, decoderState, d: d, dMemory: dMemory)
        sourceEmbedding.clearGradient(pass)
        encoder.backward(pass, source, encoderState, d: dMemory)
        return loss
    }

    private func preparePositions(count: Int) {
        let width = configuration.width
        if count * width > positions.count {
            positions = SinusoidalPositions.table(count: max(count, 2 * positions.count / width), width: width, as: Scalar.self)
        }
    }
}
