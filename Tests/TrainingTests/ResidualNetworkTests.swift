import CKernels
import Errors
import TestSupport
import Testing
import Theory
import Training

struct ResidualNetworkTests {
    private func network(
        side: Int = 8, widths: [Int] = [5, 6], blocks: Int = 1, shortcut: ResidualShortcut = .projection
    ) throws -> ResidualNetworkConfiguration {
        try ResidualNetworkConfiguration(
            inputChannels: 1, height: side, width: side, widths: widths, blocksPerStage: blocks, shortcut: shortcut)
    }

    @Test(arguments: ResidualShortcut.allCases) func everyVariantGivesTheSameBits(shortcut: ResidualShortcut) throws {
        try checkVariants(Float.self, shortcut)
        try checkVariants(Double.self, shortcut)
    }

    private func checkVariants<Scalar: TrainingScalar>(_ type: Scalar.Type, _ shortcut: ResidualShortcut) throws {
        // Channels that fill no block of the kernels, and images that fill no group.
        let configuration = try network(shortcut: shortcut)
        let results = availableVariants.map { variant in
            let model = ResidualNetwork<Scalar>(configuration, variant: variant)
            let parameters = model.initialParameters(seed: 3)
            return (lossAndGradient(model, parameters, digits(21)), model.runningState, evaluation(model, parameters, digits(21)))
        }
        for result in results {
            #expect(result.0.loss == results[0].0.loss && result.0.gradient == results[0].0.gradient)
            #expect(result.1 == results[0].1 && result.2 == results[0].2)
        }
    }

    /// Gradient descent on a third of the digits, judged by others.
    @Test func learnsToReadDigits() throws {
        let model = ResidualNetwork<Float>(try network(widths: [8, 16], blocks: 1))
        var parameters = model.initialParameters(seed: 3)
        for step in 0..<200 {
            let gradient = lossAndGradient(model, parameters, digits(30, from: 30 * (step % 20))).gradient
            for i in parameters.indices { parameters[i] -= 0.3 * gradient[i] }
        }
        let result = evaluation(model, parameters, digits(400, from: 600))
        #expect(result.count == 400)
        #expect(result.correct! > 360)
    }

    /// An image's own loss does not depend on which lane it is in, or on its neighbours.
    @Test func evaluationIsOfEachImage() throws {
        let model = ResidualNetwork<Double>(try network())
        let parameters = model.initialParameters(seed: 3)
        _ = lossAndGradient(model, parameters, digits(40))
        let whole = evaluation(model, parameters, digits(19))
        let single = (0..<19).map { evaluation(model, parameters, digits(1, from: $0)) }
        #expect(whole.correct == single.reduce(0) { $0 + $1.correct! })
        // Rounding of a sum of nineteen, and of products of other sizes.
        #expect(abs(whole.objective - single.reduce(0) { $0 + $1.objective } / 19) < 1e-12)
    }

    /// In training all images together make the moments, in whatever lanes they are.
    @Test func theOrderOfABatchDoesNotMatter() throws {
        let model = ResidualNetwork<Double>(try network())
        let parameters = model.initialParameters(seed: 3)
        let batch = digits(13)
        let turned = ImageBatch(
            images: Array(batch.images[5 * 64..<13 * 64] + batch.images[0..<5 * 64]), labels: Array(batch.labels[5...] + batch.labels[..<5]))
        let (first, second) = (lossAndGradient(model, parameters, batch), lossAndGradient(model, parameters, turned))
        #expect(abs(first.loss.objective - second.loss.objective) < 1e-12)
        #expect(zip(first.gradient, second.gradient).allSatisfy { abs($0 - $1) < 1e-11 })
    }

    @Test func theSameBatchGivesTheSameBits() throws {
        let configuration = try network(shortcut: .padded)
        let model = ResidualNetwork<Float>(configuration)
        let parameters = model.initialParameters(seed: 3)
        let first = lossAndGradient(model, parameters, digits(20))
        // Memory that a larger batch has used.
        _ = lossAndGradient(model, parameters, digits(50))
        let again = lossAndGradient(model, parameters, digits(20))
        #expect(first.loss == again.loss && first.gradient == again.gradient)
    }

    @Test func noStepAllocatesAfterTheLargestBatch() throws {
        let model = ResidualNetwork<Float>(try network(blocks: 2))
        let parameters = model.initialParameters(seed: 3)
        for count in [9, 20, 13] { _ = lossAndGradient(model, parameters, digits(count)) }
        _ = evaluation(model, parameters, digits(1))
        let before = model.workspace.allocations
        for count in [9, 20, 13] { _ = lossAndGradient(model, parameters, digits(count)) }
        #expect(model.workspace.allocations == before)
    }

    /// He et al. (2016, table 6): 0.27 million, with padded shortcuts.
    @Test func hasTheParametersOfResNet20() throws {
        let model = ResidualNetwork<Float>(
            try ResidualNetworkConfiguration(inputChannels: 3, height: 32, width: 32, widths: [16, 32, 64], shortcut: .padded))
        #expect(model.layout.count == 269_722)
        #expect(model.layout.tensors.count { $0.name.hasSuffix(".w") } == 20)
    }

    @Test func refusesImpossibleShapes() {
        func refused(
            _ parameter: Parameter, inputs: Int = 1, height: Int = 8, width: Int = 8, classes: Int = 10, widths: [Int] = [4],
            blocks: Int = 1, shortcut: ResidualShortcut = .projection, smoothing: Double = 0
        ) {
            let error = #expect(throws: ParameterError.self) {
                try ResidualNetworkConfiguration(
                    inputChannels: inputs, height: height, width: width, classes: classes, widths: widths, blocksPerStage: blocks,
                    shortcut: shortcut, labelSmoothing: smoothing)
            }
            #expect(error?.parameter == parameter)
        }
        refused(.inputChannels, inputs: 0)
        refused(.height, height: 0)
        refused(.width, width: .max)
        refused(.classes, classes: 1)
        refused(.widths, widths: [])
        refused(.widths, widths: [4, 0])
        refused(.widths, widths: Array(repeating: 4, count: 17))
        refused(.widths, widths: [8, 4], shortcut: .padded)
        refused(.blocksPerStage, blocks: 0)
        refused(.labelSmoothing, smoothing: 1)
    }
}
