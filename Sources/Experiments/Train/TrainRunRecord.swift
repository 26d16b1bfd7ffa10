import Foundation
import Optimizers
import Report
import Training

extension TrainOutcome {
    /// `run.json`: the network, every run with all numbers of its methods, and which runs diverged or were not finished.
    public func runRecord(version: String) -> [UInt8] { runRecordBytes(record(version: version)) }

    /// The same to be part of a larger record.
    func record(version: String) -> Record {
        Record(
            program: "varlab", version: version, settings: experiment.settings,
            text: experiment.textRecord.map { "SHA-256 of the sentence pairs: \($0)" }
                ?? (experiment.settings.task == .digits ? "digits of the package" : "de-en of the package"),
            observation: experiment.observation,
            runs: runs.map { run, result in
                Record.Run(
                    optimizer: run.optimizer, learningRate: run.learningRate, plan: run.plan,
                    divergedAt: result.divergedAt)
            },
            unfinishedRuns: unfinished)
    }

    struct Record: Encodable {
        let program: String
        let version: String
        let settings: TrainingSettings
        let text: String
        let observation: RunObservation
        let runs: [Run]
        let unfinishedRuns: Int

        struct Run: Encodable {
            let optimizer: String
            let learningRate: Double
            let plan: RunPlan
            let divergedAt: Int?
        }
    }
}
