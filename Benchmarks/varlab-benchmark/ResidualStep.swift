import Training

/// Forward and backward passes of a residual network on one batch, on one thread; its buffers are made by the first one.
final class ResidualStep {
    private let inputs: Int
    private let side: Int
    private let widths: [Int]
    private let images = 128
    private var model: ResidualNetwork<Float>?
    private var parameters: [Float] = []
    private var gradients: [Float] = []
    private var batch = ImageBatch()

    init(inputs: Int, side: Int, widths: [Int]) {
        self.inputs = inputs
        self.side = side
        self.widths = widths
    }

    /// - Returns: the loss.
    func run() throws -> Double {
        if model == nil { try prepare() }
        return parameters.withUnsafeBufferPointer { parameters in
            gradients.withUnsafeMutableBufferPointer { gradients in
                model!.train(
                    parameters: parameters, gradients: gradients, batch: batch, key: StepKey(seed: 1, step: 0)
                ).objective
            }
        }
    }

    private func prepare() throws {
        let model = ResidualNetwork<Float>(
            try ResidualNetworkConfiguration(inputChannels: inputs, height: side, width: side, widths: widths))
        // The peer's images and labels.
        let pixels = images * inputs * side * side
        batch = ImageBatch(
            images: (0..<pixels).map { Float(($0 * 7919 + 13) % 256) / 255 }, labels: (0..<images).map { Int32($0 * 7 % 10) })
        parameters = model.initialParameters(seed: 1)
        gradients = [Float](repeating: 0, count: model.layout.count)
        self.model = model
        // The workspace has its size after the second one.
        for _ in 0..<2 { _ = try run() }
    }
}
