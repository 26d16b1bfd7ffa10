import Optimizers
import Report
import Traces

extension ReplayOutcome {
    /// `run.json`: the settings, every method as it was put together, the version, and the inputs with the SHA-256 of the bytes that
    /// were read.
    public func runRecord(version: String) -> [UInt8] { runRecordBytes(record(version: version)) }

    /// The same to be part of a larger record.
    func record(version: String) -> Record {
        let text = ShortestDigits.text(of:)
        let settings = experiment.settings
        let command: [String?] = [
            "varlab replay --gradients \(experiment.gradients.name)",
            experiment.arrayName.map { "--array \($0)" },
            experiment.parameters.map { "--parameters \($0.name)" },
            "--optimizer \(experiment.entries.map(\.name).joined(separator: ","))",
            "--like \(experiment.implementation.rawValue) --lr \(text(settings.learningRate))",
            "--betas \(text(settings.beta1)),\(text(settings.beta2)) --epsilon \(text(settings.epsilon))",
            settings.rmspropDecay.map { "--rmsprop-decay \(text($0))" },
            settings.weightDecay.map { "--weight-decay \(text($0))" },
            settings.isDecoupled.map { $0 ? "--decoupled-weight-decay" : "--no-decoupled-weight-decay" },
            "--lr-decay \(settings.stepDecay)",
            settings.clippingNorm.map { "--clip \(text($0))" },
            "--steps \(steps)",
            experiment.skipsNonfinite ? "--skip-nonfinite" : nil,
        ]
        return Record(
            program: "varlab", version: version, command: command.compactMap { $0 }.joined(separator: " "),
            parameters: .init(
                array: array.name, shape: array.shape, steps: steps, like: experiment.implementation,
                lr: settings.learningRate, betas: [settings.beta1, settings.beta2], epsilon: settings.epsilon,
                rmspropDecay: settings.rmspropDecay, weightDecay: settings.weightDecay,
                decoupledWeightDecay: settings.isDecoupled, lrDecay: settings.stepDecay.description, clip: settings.clippingNorm,
                skipNonfinite: experiment.skipsNonfinite),
            optimizers: experiment.entries.map { .init(name: $0.name, method: $0.method) }, skippedSteps: skippedSteps,
            inputs: inputs)
    }

    struct Record: Encodable {
        let program: String
        let version: String
        let command: String
        let parameters: Parameters
        let optimizers: [Optimizer]
        let skippedSteps: [Int]
        let inputs: [InputFile]

        struct Parameters: Encodable {
            let array: String
            let shape: [Int]
            let steps: Int
            let like: Implementation
            let lr: Double
            let betas: [Double]
            let epsilon: Double
            // Where they were asked for.
            let rmspropDecay: Double?
            let weightDecay: Double?
            let decoupledWeightDecay: Bool?
            let lrDecay: String
            let clip: Double?
            let skipNonfinite: Bool
        }

        struct Optimizer: Encodable {
            let name: String
            let method: OptimizationMethod
        }
    }
}
