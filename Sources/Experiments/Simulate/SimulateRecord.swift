import Distributions
import Report
import Simulation
import Traces

extension SimulateExperiment {
    /// What decides a run's results, for `run.json`; neither time nor number of threads nor folder.
    public struct RecordedParameters: Codable, Equatable, Sendable {
        /// Absent where the means are given for each step.
        let mu: [Double]?
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
        /// Absent for independent gradients.
        let autocorrelation: Double?
        /// The files of σ_i and μ_i; absent where all steps are alike.
        let scales: String?
        let means: String?
        /// Of the update; absent where none is simulated.
        let beta1: Double?
        /// Of the random numbers.
        let generator: String
    }

    /// `run.json`. The implied ρ and the compared laws come by GSL's roots and quadrature.
    public func record(_ provenance: Provenance) -> RunRecord<RecordedParameters> {
        RunRecord(provenance, parameters: recordedParameters, inputs: inputs, libraries: ["gsl": GSL.version])
    }

    var recordedParameters: RecordedParameters {
        let (gradients, r) = (parameters.gradients, parameters.sequence.autocorrelation)
        return RecordedParameters(
            mu: parameters.sequence.means == nil ? parameters.means : nil, beta2: parameters.beta2, epsilon: parameters.epsilon,
            trajectories: parameters.trajectories, iterations: parameters.iterations, seed: parameters.seed,
            histogramSteps: parameters.sampleSteps, batches: batchCount,
            gradients: gradients == .normal ? nil : gradients.specification,
            block: gradients.law == .recorded ? gradients.blockLength : nil,
            gradientsHaveUnitVariance: gradients == .normal ? nil : gradients.hasUnitVariance,
            autocorrelation: r == 0 ? nil : r, scales: files.scales, means: files.means, beta1: parameters.beta1,
            generator: "Philox4x32-10, \(gradients.method)")
    }

    /// The command that makes the same results again, in a shell's words, with every number that decides them.
    public var command: String {
        let list = { (values: [Double]) in values.map(ShortestDigits.text).joined(separator: ",") }
        let steps = parameters.sampleSteps
        let (gradients, r) = (parameters.gradients, parameters.sequence.autocorrelation)
        return [
            "varlab simulate",
            parameters.sequence.means == nil ? "--mu \(list(parameters.means))" : nil,
            "--beta2 \(ShortestDigits.text(of: parameters.beta2))",
            "--epsilon \(ShortestDigits.text(of: parameters.epsilon))",
            "--trajectories \(parameters.trajectories)",
            "--iterations \(parameters.iterations)",
            "--seed \(parameters.seed)",
            steps.isEmpty ? nil : "--histogram-steps \(steps.map(String.init).joined(separator: ","))",
            "--batches \(batchCount)",
            gradients == .normal ? nil : "--gradients \(gradients.specification.quotedForShell)",
            gradients.blockLength == 1 ? nil : "--block \(gradients.blockLength)",
            r == 0 ? nil : "--autocorrelation \(ShortestDigits.text(of: r))",
            files.scales.map { "--scales \($0.quotedForShell)" },
            files.means.map { "--means \($0.quotedForShell)" },
            parameters.beta1.map { "--update --beta1 \(ShortestDigits.text(of: $0))" },
        ].compactMap { $0 }.joined(separator: " ")
    }
}
