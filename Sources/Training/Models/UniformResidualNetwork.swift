import CKernels
import Errors
import Theory

/// The shape of a residual network of one width for small grey images.
public struct UniformResidualNetworkConfiguration: Sendable, Equatable, Codable {
    /// Of every convolution.
    public let channels: Int
    /// Residual blocks, of two convolutions each.
    public let blocks: Int
    public let classes: Int
    /// Pixels in a row and in a column.
    public let side: Int
    /// The share of the label's probability that is spread over all classes.
    public let labelSmoothing: Double

    /// - Throws: ``Theory/ParameterError`` unless `channels` and `side` are at least 1, `blocks` at least 0, `classes` at least 2
    ///   and `labelSmoothing` in [0, 1).
    public init(
        channels: Int = 16, blocks: Int = 3, classes: Int = 10, side: Int = Digits.side, labelSmoothing: Double = 0
    ) throws(ParameterError) {
        for (name, value, least) in [
            (Parameter.channels, channels, 1), (Parameter.blocks, blocks, 0), (Parameter.classes, classes, 2), (Parameter.side, side, 1),
        ] where value < least {
            throw ParameterError(parameter: name, value: value, rule: "must be at least \(least)")
        }
        if !(labelSmoothing >= 0 && labelSmoothing < 1) {
            throw ParameterError(parameter: .labelSmoothing, value: labelSmoothing, rule: "must be in [0, 1)")
        }
        self.channels = channels
        self.blocks = blocks
        self.classes = classes
        self.side = side
        self.labelSmoothing = labelSmoothing
    }
}

/// A small residual network (He et al. 2016) of one width for grey images, that of the digits: a convolution, residual blocks of the same width, the mean over
/// all pixels, and a linear layer; batch normalisation behind every convolution.
public final class UniformResidualNetwork<Scalar: TrainingScalar>: TrainableModel {
    public let configuration: UniformResidualNetworkConfiguration
    public let layout: ParameterLayout
    /// Moved by every ``train(parameters:gradients:batch:key:)``, used by ``evaluate(parameters:batch:)``.
    public var runningState: BatchNormMoments
    private let stem: Convolution
    private let stemNorm: BatchNorm
    private let blocks: [ResidualBlock]
    private let output: Linear
    private let crossEntropy: CrossEntropy
    private let kernels: NetworkKernels<Scalar>
    package let workspace = Workspace()
    private var blockStates: [ResidualBlock.State<Scalar>?]

    public convenience init(_ configuration: UniformResidualNetworkConfiguration) {
        self.init(configuration, variant: varlab_best_variant())
    }

    package init(_ configuration: UniformResidualNetworkConfiguration, variant: varlab_variant) {
        let channels = configuration.channels
        var layout = ParameterLayout()
        var index = 0
        stem = Convolution(side: configuration.side, inputs: 1, outputs: channels, name: "stem.conv", in: &layout)
        stemNorm = BatchNorm(channels: channels, name: "stem.norm", index: &index, in: &layout)
        var blocks: [ResidualBlock] = []
        for block in 0..<configuration.blocks {
            blocks.append(
                ResidualBlock(side: configuration.side, channels: channels, name: "block.\(block)", index: &index, in: &layout))
        }
        self.blocks = blocks
        output = Linear(inputs: channels, outputs: configuration.classes, name: "out", in: &layout)
        self.configuration = configuration
        self.layout = layout
        crossEntropy = CrossEntropy(smoothing: configuration.labelSmoothing)
        runningState = BatchNormMoments(layers: index, channels: channels)
        kernels = Scalar.networkKernels(variant)
        blockStates = Array(repeating: nil, count: configuration.blocks)
    }

    public func train(
        parameters: UnsafeBufferPointer<Scalar>, gradients: UnsafeMutableBufferPointer<Scalar>, batch: ImageBatch,
        key: StepKey
    ) -> BatchLoss {
        precondition(gradients.count == layout.count, "the gradient has as many numbers as there are parameters")
        return run(parameters, gradients.baseAddress, batch)
    }

    public func evaluate(parameters: UnsafeBufferPointer<Scalar>, batch: ImageBatch) -> BatchLoss {
        run(parameters, nil, batch)
    }

    private func run(
        _ parameters: UnsafeBufferPointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>?, _ batch: ImageBatch
    ) -> BatchLoss {
        let images = batch.labels.count
        let area = configuration.side * configuration.side
        let channels = configuration.channels
        let rows = images * area
        precondition(parameters.count == layout.count, "the parameters are those of the layout")
        precondition(images > 0 && batch.images.count == rows, "a batch is of at least one image of the network's size")
        precondition(batch.labels.allSatisfy { 0 <= $0 && Int($0) < configuration.classes }, "a label outside the classes")
        workspace.reset()
        let pass = Pass(
            parameters: parameters.baseAddress!, gradients: gradients, workspace: workspace, kernels: kernels, key: nil)
        let pixels = pass.take(rows)
        for pixel in 0..<rows { pixels[pixel] = Scalar(batch.images[pixel]) }
        let labels = workspace.take(images, of: Int32.self)
        for image in 0..<images { labels[image] = batch.labels[image] }

        var x = stem.forward(pass, images: images, pixels)
        let stemOutput = x
        let stemState = stemNorm.forward(pass, rows: rows, x, rectified: true, running: &runningState)
        for index in blocks.indices {
            let state = blocks[index].forward(pass, images: images, x, running: &runningState)
            x = state.output
            blockStates[index] = state
        }
        let means = pass.take(images * channels)
        kernels.mean_forward(images, area, channels, x, means)
        let logits = output.forward(pass, rows: images, means)
        let loss = crossEntropy.loss(
            pass, rows: images, classes: configuration.classes, targets: labels, logits: logits,
            predictions: gradients == nil ? workspace.take(images, of: Int32.self) : nil)
        guard gradients != nil else { return loss }

        let dMeans = pass.take(images * channels)
        output.backward(pass, rows: images, means, dy: logits, dx: dMeans, accumulate: false)
        let d = pass.take(rows * channels)
        kernels.mean_backward(images, area, channels, dMeans, d)
        for index in blocks.indices.reversed() {
            blocks[index].backward(pass, images: images, blockStates[index]!, d: d)
        }
        kernels.rectify_backward(rows * channels, stemOutput, d)
        stemNorm.backward(pass, rows: rows, stemState, d: d)
        stem.backward(pass, images: images, pixels, dy: d, dx: nil)
        return loss
    }
}
