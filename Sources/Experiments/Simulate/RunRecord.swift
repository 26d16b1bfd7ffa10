import Distributions
import Foundation
import Report
import Traces

extension SimulateExperiment {
    /// `run.json`: all that decides the results, and nothing that does not: neither time nor number of threads nor folder.
    /// - Parameter inputs: the files that the gradients were read from.
    public func runRecord(version: String, inputs: [InputFile] = []) -> [UInt8] {
        runRecordBytes(record(version: version, inputs: inputs))
    }

    /// The same to be part of a larger record.
    func record(version: String, inputs: [InputFile] = []) -> Record {
        let list = { (values: [Double]) in values.map(ShortestDigits.text).joined(separator: ",") }
        let steps = parameters.sampleSteps
        let gradients = parameters.gradients
        let command = [
            "varlab simulate",
            "--mu \(list(parameters.means))",
            "--beta2 \(ShortestDigits.text(of: parameters.beta2))",
            "--epsilon \(ShortestDigits.text(of: parameters.epsilon))",
            "--trajectories \(parameters.trajectories)",
            "--iterations \(parameters.iterations)",
            "--seed \(parameters.seed)",
            steps.isEmpty ? nil : "--histogram-steps \(steps.map(String.init).joined(separator: ","))",
            "--batches \(batchCount)",
            gradients == .normal ? nil : "--gradients \(gradients.specification)",
            gradients.blockLength == 1 ? nil : "--block \(gradients.blockLength)",
        ].compactMap { $0 }.joined(separator: " ")
        return Record(
            program: "varlab", version: version, command: command,
            parameters: .init(
                mu: parameters.means, beta2: parameters.beta2, epsilon: parameters.epsilon,
                trajectories: parameters.trajectories, iterations: parameters.iterations, seed: parameters.seed,
                histogramSteps: steps, batches: batchCount,
                gradients: gradients == .normal ? nil : gradients.specification,
                block: gradients.law == .recorded ? gradients.blockLength : nil,
                gradientsHaveUnitVariance: gradients == .normal ? nil : gradients.hasUnitVariance),
            inputs: inputs.isEmpty ? nil : inputs, generator: "Philox4x32-10, \(gradients.method)", gsl: GSL.version)
    }

    struct Record: Encodable {
        let program: String
        let version: String
        let command: String
        let parameters: Parameters
        // Of recorded gradients.
        let inputs: [InputFile]?
        let generator: String
        let gsl: String

        struct Parameters: Encodable {
            let mu: [Double]
            let beta2: Double
            let epsilon: Double
            let trajectories: Int
            let iterations: Int
            let seed: UInt64
            let histogramSteps: [Int]
            let batches: Int
            // Absent for the normal law.
            let gradients: String?
            // Of recorded gradients.
            let block: Int?
            let gradientsHaveUnitVariance: Bool?
        }
    }
}
