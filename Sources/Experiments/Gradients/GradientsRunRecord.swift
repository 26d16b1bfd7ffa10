import Distributions
import Report

extension GradientsOutcome {
    /// `run.json`: the parameters, the version, and the inputs with the SHA-256 of their bytes (null for pipes).
    public func runRecord(version: String) -> [UInt8] { runRecordBytes(record(version: version)) }

    /// The same to be part of a larger record.
    func record(version: String) -> Record {
        let text = ShortestDigits.text(of:)
        let command = [
            "varlab gradients \(experiment.inputs.map(\.name).joined(separator: " "))",
            "--steps \(steps.map(String.init).joined(separator: ","))",
            experiment.bins.map { "--bins \($0)" },
            "--beta2 \(text(experiment.beta2)) --epsilon \(text(experiment.epsilon)) --level \(text(experiment.level))",
            experiment.skipsNonfinite ? "--skip-nonfinite" : nil,
        ].compactMap { $0 }.joined(separator: " ")
        return Record(
            program: "varlab", version: version, command: command,
            parameters: .init(
                steps: steps, bins: arrays.first?.scan.histograms.first?.counts.count, beta2: experiment.beta2,
                epsilon: experiment.epsilon, level: experiment.level, correction: "Holm",
                skipNonfinite: experiment.skipsNonfinite),
            inputs: zip(experiment.inputs, digests).map { .init(file: $0.name, sha256: $1) },
            gsl: GSL.version)
    }

    struct Record: Encodable {
        let program: String
        let version: String
        let command: String
        let parameters: Parameters
        let inputs: [Input]
        let gsl: String

        struct Parameters: Encodable {
            let steps: [Int]
            let bins: Int?
            let beta2: Double
            let epsilon: Double
            let level: Double
            let correction: String
            let skipNonfinite: Bool
        }

        struct Input: Encodable {
            let file: String
            let sha256: String?
        }
    }
}
