import CKernels
import Simulation
import Training

/// Uniform numbers in 0..<bound of one stream.
func integers(below bound: Int, count: Int, stream: Int) throws -> [Int] {
    try NoiseStream.values(of: GradientSource(.uniform), seed: 7, trajectory: stream, count: count).map {
        min(bound - 1, Int(($0 / 12.0.squareRoot() + 0.5) * Double(bound)))
    }
}

/// Sentence pairs of symbols 3..<vocabulary, as long as given, padded on each side to the longest plus `padding`.
func sentencePairs(
    sources: [Int], targets: [Int], vocabulary: Int, padding: Int = 0, stream: Int = 0
) throws -> SequenceBatch {
    let sourceLength = sources.max()! + padding
    let targetLength = targets.max()! + 1 + padding
    var batch = SequenceBatch(
        sentences: sources.count, sourceLength: sourceLength, targetLength: targetLength, source: [], targetInput: [],
        targetOutput: [])
    let count = sources.reduce(0, +) + targets.reduce(0, +)
    var symbols = try integers(below: vocabulary - 3, count: count, stream: stream).map { Int32($0 + 3) }[...]
    func padded(_ sentence: [Int32], _ length: Int) -> [Int32] {
        sentence + Array(repeating: SequenceBatch.padding, count: length - sentence.count)
    }
    for (source, target) in zip(sources, targets) {
        batch.source += padded(Array(symbols.prefix(source)), sourceLength)
        symbols = symbols.dropFirst(source)
        let sentence = Array(symbols.prefix(target))
        symbols = symbols.dropFirst(target)
        batch.targetInput += padded([1] + sentence, targetLength)
        batch.targetOutput += padded(sentence + [2], targetLength)
    }
    return batch
}

/// One loss and its gradient.
func lossAndGradient<Model: TrainableModel>(
    _ model: Model, _ parameters: [Model.Scalar], _ batch: Model.Batch, key: StepKey = StepKey(seed: 1, step: 0)
) -> (loss: BatchLoss, gradient: [Model.Scalar]) {
    var gradient = [Model.Scalar](repeating: .nan, count: model.layout.count)
    let loss = parameters.withUnsafeBufferPointer { parameters in
        gradient.withUnsafeMutableBufferPointer { gradient in
            model.train(parameters: parameters, gradients: gradient, batch: batch, key: key)
        }
    }
    return (loss, gradient)
}

func evaluation<Model: TrainableModel>(_ model: Model, _ parameters: [Model.Scalar], _ batch: Model.Batch) -> BatchLoss {
    parameters.withUnsafeBufferPointer { model.evaluate(parameters: $0, batch: batch) }
}

/// The first digits.
func digits(_ count: Int, from first: Int = 0) -> ImageBatch {
    let images = Digits().images
    let pixels = images.pixels[(first * images.shape.count)..<((first + count) * images.shape.count)]
    return ImageBatch(
        images: pixels.map { Float($0) / Float(Digits.largestPixel) }, labels: images.labels[first..<first + count].map { Int32($0) })
}
