import CDatasets
import Files
import Optimizers
import Report
import Traces

/// The reports on the recorded gradients that come with the package: those of a Transformer at its initial parameters, where steps
/// differ by the minibatch alone, and along the first 500 steps of Adam with warmup.
enum RecordedTransformer {
    static let traces: [TraceInput] = [
        .memory(bytes(of: varlab_dataset_theta0_noise()), name: "theta0_noise.npy"),
        .memory(bytes(of: varlab_dataset_adam_warmup()), name: "adam_warmup.npy"),
    ]

    /// Bins of one unit from e^-20 to the traces' largest, e^-3: a step has but 64 gradients.
    private static let bins = 17

    /// Reports on both as `varlab gradients theta0_noise.npy adam_warmup.npy --bins 17` would, and writes them and the tables into the
    /// folder.
    static func report(writing folder: OutputFolder, threads: Int) throws -> GradientsOutcome {
        let outcome = try GradientsExperiment(inputs: traces, bins: bins).run(threads: threads)
        for trace in traces { try folder.write(trace.bytes!, as: trace.name) }
        try folder.write(outcome.coordinateTable(), as: "gradient_coordinates.csv")
        try folder.write(outcome.summaryTable(), as: "gradient_summary.csv")
        return outcome
    }

    /// Replays the steps of Adam with warmup, as `varlab replay --gradients adam_warmup.npy --lr 0.002 --like torch` does, and writes the trace into the
    /// folder. The fourth optimizer is the one that trained.
    static func replay(writing folder: OutputFolder, threads: Int) throws -> ReplayOutcome {
        var settings = MethodSettings()
        settings.learningRate = 0.002
        let trace = traces[1]
        try folder.write(trace.bytes!, as: trace.name)
        return try ReplayExperiment(
            gradients: trace, optimizers: ["adam", "radam", "adam-eps:1e-4", "adam-warmup:200"], settings: settings, like: .torch
        ).run(writing: nil, threads: threads)
    }

    private static func bytes(of file: varlab_dataset) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
    }
}
