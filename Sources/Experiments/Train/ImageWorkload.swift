import Errors
import Training

/// The tasks on images: networks, batches, and how images are changed.
extension TrainingSettings {
    /// How images of a shape are changed in training.
    func augmentation(of shape: ImageShape) throws(ParameterError) -> Augmentation {
        try Augmentation(
            flips: flips ?? task.hasStages, largestShift: largestShift ?? (task.hasStages ? min(shape.height, shape.width) / 8 : 0),
            shape: shape)
    }

    /// The network of digits: stages would leave nothing of 8×8 pixels.
    var uniformNetwork: UniformResidualNetworkConfiguration {
        get throws(ParameterError) {
            let isMain = preset == .main
            return try UniformResidualNetworkConfiguration(
                channels: isMain ? 16 : 8, blocks: isMain ? 3 : 1, labelSmoothing: resolvedLabelSmoothing)
        }
    }

    /// A ResNet-20 but for the preset `small`, with half of the paper's channels for `main`. Where a stage begins with another size, its shortcut
    /// is a projection, as in the authors' runs.
    func residualNetwork(for shape: ImageShape, classes: Int) throws(ParameterError) -> ResidualNetworkConfiguration {
        let widths = switch preset {
        case .main: [8, 16, 32]
        case .small: [4, 8]
        case .paper: [16, 32, 64]
        }
        return try ResidualNetworkConfiguration(
            inputChannels: shape.channels, height: shape.height, width: shape.width, classes: classes, widths: widths,
            blocksPerStage: preset == .small ? 1 : 3, shortcut: .projection, labelSmoothing: resolvedLabelSmoothing)
    }

    /// Images of one update.
    private var imagesPerBatch: Int { task == .digits ? 64 : preset == .small ? 32 : 128 }

    /// - Parameter images: of the task ``TrainingTask/images``.
    func imageWorkload(_ images: ImageSet?) throws -> any Workload {
        guard task.hasStages else {
            let digits = ImageSet.digits()
            let configuration = try uniformNetwork
            return try workload(digits, scale: PixelScale(channels: 1, dividingBy: Float(Digits.largestPixel))) {
                UniformResidualNetwork<Float>(configuration)
            }
        }
        var set = images ?? .fashion()
        if preset == .small { set = set.first(training: 1200, test: 200) }
        let configuration = try residualNetwork(for: set.training.shape, classes: set.classes)
        return try workload(set, scale: PixelScale(normalizing: set.training)) { ResidualNetwork<Float>(configuration) }
    }

    private func workload<Model: TrainableModel>(
        _ set: ImageSet, scale: PixelScale, model: @escaping @Sendable () -> Model
    ) throws -> any Workload where Model.Scalar == Float, Model.Batch == ImageBatch {
        let augmentation = try augmentation(of: set.training.shape)
        return NetworkWorkload(
            training: try ImageBatches(set.training, scale: scale, augmentation: augmentation, batchSize: imagesPerBatch),
            validation: try ImageBatches(set.test, scale: scale, batchSize: imagesPerBatch), model: model)
    }
}
