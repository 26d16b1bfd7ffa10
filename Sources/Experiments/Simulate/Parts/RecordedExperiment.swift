import Errors
import Files
import Simulation
import Traces

extension SimulateExperiment {
    /// The experiment that a record describes; the files that its gradients come from are read again.
    /// - Parameters:
    ///   - recorded: by a part, which is named in errors.
    ///   - inputs: the files' names and digests.
    /// - Throws: `ParameterError` and `TraceError` as for the arguments; `InputError` for a file that is not the one that was read.
    init(_ recorded: RecordedParameters, inputs: [InputFile], part: String) throws {
        let source: GradientSource
        var read: [InputFile] = []
        if let gradients = recorded.gradients, let path = Self.tracePath(gradients) {
            let (trace, input) = try RecordedGradients.source(path: path, blockLength: recorded.block ?? 1)
            (source, read) = (trace, [input])
        } else {
            source = try GradientSource(specification: recorded.gradients ?? "normal")
        }
        let sequence = try SequenceFiles(autocorrelation: recorded.autocorrelation ?? 0, scales: recorded.scales, means: recorded.means)
        try self.init(
            means: recorded.mu ?? [0], beta2: recorded.beta2, epsilon: recorded.epsilon, trajectories: recorded.trajectories,
            iterations: recorded.iterations, seed: recorded.seed, histogramSteps: recorded.histogramSteps, batchCount: recorded.batches,
            gradients: source, inputs: read, sequence: sequence, beta1: recorded.beta1)
        for (now, before) in zip(self.inputs, inputs) where now != before {
            throw InputError(
                path: now.file, found: "has the SHA-256 \(now.sha256)", rule: "must be as when \(part) was made from it: \(before.sha256)")
        }
        guard self.inputs.count == inputs.count, recordedParameters == recorded else {
            throw InputError(path: part, found: "has other settings than its program makes of them", rule: "must be as simulate wrote it")
        }
    }

    /// The file of `trace:FILE`.
    static func tracePath(_ gradients: String) -> String? {
        gradients.hasPrefix("trace:") ? String(gradients.dropFirst("trace:".count)) : nil
    }
}
