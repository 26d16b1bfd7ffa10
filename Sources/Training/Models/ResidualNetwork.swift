import CKernels

/// A residual network with stages (He et al. 2016, section 4.2): a convolution, stages of residual blocks of which all but the first
/// begin with stride 2, the mean over all pixels, and a linear layer; batch normalisation behind every convolution.
public final class ResidualNetwork<Scalar: TrainingScalar>: TrainableModel {
    public let configuration: ResidualNetworkConfiguration
    public let layout: ParameterLayout
    /// Moved by every ``train(parameters:gradients:batch:key:)``, used by ``evaluate(parameters:batch:)``.
    public var runningState: BatchNormMoments
    private let stem: ConvolutionUnit
    private let blocks: [StageBlock]
    private let output: Linear
    private let crossEntropy: CrossEntropy
    private let kernels: NetworkKernels<Scalar>
    package let workspace = Workspace()
    private var blockStates: [StageBlock.State<Scalar>?]

    public convenience init(_ configuration: ResidualNetworkConfiguration) {
        self.init(configuration, variant: varlab_best_variant())
    }

    package init(_ configuration: ResidualNetworkConfiguration, variant: varlab_variant) {
        var layout = ParameterLayout()
        var index = 0
        let images = ImagePlanes(channels: configuration.inputChannels, height: configuration.height, width: configuration.width)
        stem = ConvolutionUnit(
            images, outputs: configuration.widths[0], size: 3, stride: 1, names: ("stem.conv", "stem.norm"), index: &index, in: &layout)
        var blocks: [StageBlock] = []
        for (stage, channels) in configuration.widths.enumerated() {
            for block in 0..<configuration.blocksPerStage {
                blocks.append(
                    StageBlock(
                        blocks.last?.output ?? stem.output, outputs: channels, stride: stage > 0 && block == 0 ? 2 : 1,
                        shortcut: configuration.shortcut, name: "stage.\(stage).block.\(block)", index: &index, in: &layout))
            }
        }
        self.blocks = blocks
        output = Linear(inputs: blocks.last!.output.channels, outputs: configuration.classes, name: "out", in: &layout)
        self.configuration = configuration
        self.layout = layout
        crossEntropy = CrossEntropy(smoothing: configuration.labelSmoothing)
        runningState = BatchNormMoments(channels: layout.tensors.filter { $0.name.hasSuffix(".g") }.map(\.count))
        kernels = Scalar.networkKernels(variant)
        blockStates = Array(repeating: nil, count: blocks.count)
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
        let groups = ImageGroups(images: images)
        let planes = stem.convolution.input
        precondition(parameters.count == layout.count, "the parameters are those of the layout")
        precondition(
            images > 0 && batch.images.count == images * planes.channels * planes.area,
            "a batch is of at least one image of the network's size")
        precondition(batch.labels.allSatisfy { 0 <= $0 && Int($0) < configuration.classes }, "a label outside the classes")
        workspace.reset()
        let pass = Pass(
            parameters: parameters.baseAddress!, gradients: gradients, workspace: workspace, kernels: kernels, key: nil)
        let labels = workspace.take(images, of: Int32.self)
        for image in 0..<images { labels[image] = batch.labels[image] }
        let pixels = FramedImages(pass, planes, groups: groups.count)
        var shape = planes.framed
        batch.images.withUnsafeBufferPointer { numbers in
            for group in 0..<groups.count {
                let first = group * ImageGroups.lanes * planes.channels * planes.area
                kernels.planes_pack(&shape, groups.present(group), numbers.baseAddress! + first, pixels[group])
            }
        }

        let stemState = stem.forward(pass, groups, running: &runningState) { UnsafePointer(pixels[$0]) }
        let stemOutput = FramedImages(pass, stem.output, groups: groups.count)
        for group in 0..<groups.count { stem.rectified(pass, groups, group, stemState, into: stemOutput[group]) }
        var x = stemOutput
        for index in blocks.indices {
            let state = blocks[index].forward(pass, groups, x, running: &runningState)
            x = state.output
            blockStates[index] = state
        }
        let last = blocks[blocks.count - 1].output
        let means = pass.take(images * last.channels)
        shape = last.framed
        for group in 0..<groups.count {
            kernels.planes_means(&shape, groups.present(group), x[group], means + group * ImageGroups.lanes * last.channels)
        }
        let logits = output.forward(pass, rows: images, means)
        let loss = crossEntropy.loss(
            pass, rows: images, classes: configuration.classes, targets: labels, logits: logits,
            predictions: gradients == nil ? workspace.take(images, of: Int32.self) : nil)
        guard gradients != nil else { return loss }

        let dMeans = pass.take(images * last.channels)
        output.backward(pass, rows: images, means, dy: logits, dx: dMeans, accumulate: false)
        var d = PlainImages(pass, last, groups: groups.count)
        shape = last.plain
        for group in 0..<groups.count {
            kernels.planes_means_backward(
                &shape, groups.present(group), dMeans + group * ImageGroups.lanes * last.channels, d[group])
        }
        for index in blocks.indices.reversed() { d = blocks[index].backward(pass, groups, blockStates[index]!, d: d) }
        backwardStem(pass, groups, stemState, pixels: pixels, output: stemOutput, d: d)
        return loss
    }

    private func backwardStem(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: ConvolutionUnit.State<Scalar>, pixels: FramedImages<Scalar>,
        output: FramedImages<Scalar>, d: PlainImages<Scalar>
    ) {
        for group in 0..<groups.count {
            stem.rectifyBackward(pass, y: output[group], d: d[group])
            stem.addNormGradient(pass, group, state, d: d[group])
        }
        stem.finishNorm(pass, groups, state)
        let dz = FramedImages(pass, stem.output, groups: 1)
        let sums = stem.convolution.weightSums(pass)
        for group in 0..<groups.count {
            stem.normBackward(pass, groups, group, state, d: d[group], into: dz[0])
            stem.convolution.weightGradient(
                pass, groups: 1, x: pixels[group], dy: dz[0], into: sums, adding: group > 0)
        }
        stem.convolution.finishWeightGradient(pass, sums: sums)
    }
}
