import CKernels
import Dispatch
import Errors
import Synchronization
import TestSupport
import Testing
import Theory
import Training

struct TransformerTests {
    /// Widths that are no multiple of the kernels' eight, and dropout.
    static func small(
        dropout: Double = 0.2, placement: NormPlacement = .post, architecture: TransformerConfiguration.Architecture = .encoderDecoder
    ) throws -> TransformerConfiguration {
        try TransformerConfiguration(
            architecture: architecture, layers: 2, width: 20, heads: 2, feedForward: 26, sourceVocabulary: 37,
            targetVocabulary: 37, normPlacement: placement, dropout: dropout)
    }

    private func batch(padding: Int = 0, stream: Int = 0) throws -> SequenceBatch {
        try sentencePairs(sources: [7, 1, 12, 9], targets: [8, 5, 1, 17], vocabulary: 37, padding: padding, stream: stream)
    }

    @Test func theMainNetworkHas580608Parameters() throws {
        let model = Transformer<Float>(try TransformerConfiguration(sourceVocabulary: 612, targetVocabulary: 612))
        #expect(model.layout.count == 580_608)
    }

    @Test(arguments: NormPlacement.allCases) func everyVariantGivesTheSameBits(placement: NormPlacement) throws {
        try checkVariants(Float.self, placement)
        try checkVariants(Double.self, placement)
    }

    private func checkVariants<Scalar: TrainingScalar>(_ type: Scalar.Type, _ placement: NormPlacement) throws {
        let configuration = try Self.small(placement: placement)
        let batch = try batch()
        let results = availableVariants.map { variant in
            let model = Transformer<Scalar>(configuration, variant: variant)
            let parameters = model.initialParameters(seed: 3)
            return (lossAndGradient(model, parameters, batch), evaluation(model, parameters, batch))
        }
        for result in results {
            #expect(result.0.loss == results[0].0.loss && result.1 == results[0].1)
            #expect(result.0.gradient == results[0].0.gradient)
        }
    }

    /// Single precision has 24 bits; sums of a few hundred terms through a dozen layers lose some.
    @Test func singlePrecisionAgreesWithDouble() throws {
        let configuration = try Self.small()
        let single = Transformer<Float>(configuration)
        let double = Transformer<Double>(configuration)
        let parameters = single.initialParameters(seed: 3)
        let first = lossAndGradient(single, parameters, try batch())
        let second = lossAndGradient(double, parameters.map(Double.init), try batch())
        #expect(abs(first.loss.objective - second.loss.objective) < 1e-6 * second.loss.objective)
        let norm = second.gradient.map { $0 * $0 }.reduce(0, +).squareRoot()
        let error = zip(first.gradient, second.gradient).map { (Double($0) - $1) * (Double($0) - $1) }.reduce(0, +).squareRoot()
        #expect(error < 1e-5 * norm)
    }

    @Test func paddingChangesNothing() throws {
        let model = Transformer<Float>(try Self.small())
        let parameters = model.initialParameters(seed: 3)
        let tight = lossAndGradient(model, parameters, try batch())
        let wide = lossAndGradient(model, parameters, try batch(padding: 5))
        #expect(tight.loss == wide.loss)
        #expect(tight.gradient == wide.gradient)
    }

    @Test func aDecoderDoesNotSeeWhatFollows() throws {
        let model = Transformer<Double>(try Self.small(dropout: 0))
        let parameters = model.initialParameters(seed: 3)
        // Only the first symbol is predicted: what is read after it does not matter.
        var first = try sentencePairs(sources: [4], targets: [3], vocabulary: 37)
        first.targetOutput = [first.targetOutput[0], 0, 0, 0]
        var second = first
        second.targetInput[2] = first.targetInput[2] == 5 ? 6 : 5
        #expect(evaluation(model, parameters, first) == evaluation(model, parameters, second))
        second.targetInput[0] = 5
        #expect(evaluation(model, parameters, first) != evaluation(model, parameters, second))
    }

    @Test func theSameKeyDropsTheSame() throws {
        let model = Transformer<Float>(try Self.small())
        let parameters = model.initialParameters(seed: 3)
        let key = StepKey(seed: 9, step: 1_000_000_007)
        let first = lossAndGradient(model, parameters, try batch(), key: key)
        // Whatever came before, and in another model.
        _ = lossAndGradient(model, parameters, try batch(stream: 1), key: StepKey(seed: 8, step: 2))
        let again = lossAndGradient(model, parameters, try batch(), key: key)
        let resumed = lossAndGradient(Transformer<Float>(try Self.small()), parameters, try batch(), key: key)
        #expect(first.gradient == again.gradient && first.gradient == resumed.gradient)
        for other in [StepKey(seed: 9, step: 1_000_000_008), StepKey(seed: 10, step: 1_000_000_007)] {
            #expect(lossAndGradient(model, parameters, try batch(), key: other).loss != first.loss)
        }
        // None in evaluation.
        let without = Transformer<Float>(try Self.small(dropout: 0))
        #expect(evaluation(model, parameters, try batch()) == evaluation(without, parameters, try batch()))
    }

    @Test func noStepAllocatesAfterTheLargestBatch() throws {
        let model = Transformer<Float>(try Self.small())
        let parameters = model.initialParameters(seed: 3)
        let batches = try (0..<6).map { try sentencePairs(sources: [3 + $0, 4], targets: [9 - $0, 2], vocabulary: 37) }
        func epoch() {
            for batch in batches {
                _ = lossAndGradient(model, parameters, batch)
                _ = evaluation(model, parameters, batch)
            }
        }
        epoch()
        // The first pass of the second epoch makes the one block.
        _ = evaluation(model, parameters, batches[0])
        let before = model.workspace.allocations
        epoch()
        #expect(model.workspace.allocations == before)
    }

    @Test func aRunDoesNotDependOnOthersBesideIt() throws {
        @Sendable func run(_ seed: UInt64) throws -> [Float] {
            let model = Transformer<Float>(try Self.small())
            var parameters = model.initialParameters(seed: seed)
            for step in 0..<10 {
                let key = StepKey(seed: seed, step: UInt64(step))
                let gradient = lossAndGradient(model, parameters, try batch(stream: step), key: key).gradient
                for i in parameters.indices { parameters[i] -= 0.1 * gradient[i] }
            }
            return parameters
        }
        let alone = try (0..<4).map { try run(UInt64($0)) }
        let together = Mutex<[Int: [Float]]>([:])
        DispatchQueue.concurrentPerform(iterations: 4) { index in
            let result = try? run(UInt64(index))
            together.withLock { $0[index] = result }
        }
        #expect(together.withLock { results in (0..<4).map { results[$0] } } == alone)
    }

    @Test(arguments: TransformerConfiguration.Architecture.allCases)
    func descentLearnsABatch(architecture: TransformerConfiguration.Architecture) throws {
        let model = Transformer<Float>(try Self.small(dropout: 0, placement: .pre, architecture: architecture))
        var parameters = model.initialParameters(seed: 3)
        var batch = try batch()
        if architecture == .encoderOnly {
            batch.targetLength = batch.sourceLength
            batch.targetOutput = batch.source
            for i in batch.source.indices where batch.source[i] != 0 && i % 3 == 0 { batch.source[i] = 2 }
            for i in batch.source.indices where batch.source[i] != 2 { batch.targetOutput[i] = 0 }
        }
        let before = evaluation(model, parameters, batch)
        for _ in 0..<300 {
            let gradient = lossAndGradient(model, parameters, batch).gradient
            for i in parameters.indices { parameters[i] -= 0.1 * gradient[i] }
        }
        let after = evaluation(model, parameters, batch)
        // Before: about ln 37 = 3.6; label smoothing keeps the probabilities from 1.
        #expect(before.negativeLogLikelihood > 3)
        #expect(after.negativeLogLikelihood < 0.5)
        #expect(after.correct! > before.correct! && after.correct! > after.count * 9 / 10)
    }

    @Test func refusesImpossibleShapes() {
        func rule(_ make: () throws(ParameterError) -> TransformerConfiguration) -> Parameter? {
            do { _ = try make() } catch { return error.parameter }
            return nil
        }
        #expect(rule { () throws(ParameterError) in try .init(layers: 0, sourceVocabulary: 9, targetVocabulary: 9) } == .layers)
        #expect(rule { () throws(ParameterError) in try .init(heads: 3, sourceVocabulary: 9, targetVocabulary: 9) } == .heads)
        #expect(
            rule { () throws(ParameterError) in try .init(sourceVocabulary: 9, targetVocabulary: 9, dropout: .nan) } == .dropout)
        #expect(
            rule { () throws(ParameterError) in try .init(sourceVocabulary: 9, targetVocabulary: 9, labelSmoothing: 1) }
                == .labelSmoothing)
        #expect(
            rule { () throws(ParameterError) in
                try .init(architecture: .encoderOnly, sourceVocabulary: 9, targetVocabulary: 8)
            } == .targetVocabulary)
        #expect(rule { () throws(ParameterError) in try .init(sourceVocabulary: 9, targetVocabulary: 8) } == nil)
    }
}
