import Distributions
import Report
import Traces

extension SimulateExperiment {
    /// What decides a run's results, for `run.json`; neither time nor number of threads nor folder.
    public struct RecordedParameters: Encodable, Sendable {
        let mu: [Double]
        let beta2: Double
        let epsilon: Double
        let trajectories: Int
        let iterations: Int
        let seed: UInt64
        let histogramSteps: [Int]
        let batches: Int
        /// Absent for the normal law.
        let gradients: String?
        /// Of recorded gradients; the blocks are circular.
        let block: Int?
        let gradientsHaveUnitVariance: Bool?
        /// Of the random numbers.
        let generator: String
    }

    /// `run.json`. The implied ρ and the compared laws come by GSL's roots and quadrature.
    public func record(_ provenance: Provenance) -> RunRecord<RecordedParameters> {
        RunRecord(provenance, parameters: recordedParameters, inputs: inputs, libraries: ["gsl": GSL.version])
    }

    var recordedParameters: RecordedParameters {
        let gradients = parameters.gradients
        return RecordedParameters(
            mu: parameters.means, beta2: parameters.beta2, epsilon: parameters.epsilon,
            trajectories: parameters.trajectories, iterations: parameters.iterations, seed: parameters.seed,
            histogramSteps: parameters.sampleSteps, batches: batchCount,
            gradients: gradients == .normal ? nil : gradients.specification,
            block: gradients.law == .recorded ? gradients.blockLength : nil,
            gradientsHaveUnitVariance: gradients == .normal ? nil : gradients.hasUnitVariance,
            generator: "Philox4x32-10, \(gradients.method)")
    }

    /// The command that makes the same results again, in a shell's words, with every number that decides them.
    public var command: String {
        let list = { (values: [Double]) in values.map(ShortestDigits.text).joined(separator: ",") }
        let steps = parameters.sampleSteps
        let gradients = parameters.gradients
        return [
            "varlab simulate",
            "--mu \(list(parameters.means))",
            "--beta2 \(ShortestDigits.text(of: parameters.beta2))",
            "--epsilon \(ShortestDigits.text(of: parameters.epsilon))",
            "--trajectories \(parameters.trajectories)",
            "--iterations \(parameters.iterations)",
            "--seed \(parameters.seed)",
            steps.isEmpty ? nil : "--histogram-steps \(steps.map(String.init).joined(separator: ","))",
            "--batches \(batchCount)",
            gradients == .normal ? nil : "--gradients \(Self.quoted(gradients.specification))",
            gradients.blockLength == 1 ? nil : "--block \(gradients.blockLength)",
        ].compactMap { $0 }.joined(separator: " ")
    }

    /// A word as a shell takes it, in single quotes where it needs them.
    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.,:/+=@%".utf8.contains(byte)
        }
        return plain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
