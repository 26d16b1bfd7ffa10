import Files
import Foundation
import Report
import Traces

extension TrainOutcome {
    /// The gradients that were recorded, one trace a run: `gradients_RUN.npy`, float32 [iterations, coordinates].
    private var recordedTraces: [(name: String, bytes: [UInt8])] {
        let coordinates = experiment.observation.recordedCoordinates.count
        guard coordinates > 0 else { return [] }
        return runs.map { run, result in
            let steps = result.recorded.count / (coordinates * MemoryLayout<Float>.stride)
            return ("gradients_\(run.fileName).npy", NpyWriter.header(shape: [steps, coordinates], element: .single) + result.recorded)
        }
    }

    /// Writes the traces and what their coordinates are, and returns the figure of ψ_t along them next to the exact law: at θ_0 the
    /// theory's i.i.d. case. No figure for runs with gradients that are not numbers.
    func writeRecordedGradients(to folder: OutputFolder, threads: Int) throws -> GnuplotFigure? {
        let traces = recordedTraces
        guard !traces.isEmpty else { return nil }
        for trace in traces { try folder.write(trace.bytes, as: trace.name) }
        try folder.write(coordinateTable(), as: "recorded_coordinates.csv")
        let finite = zip(runs, traces).filter { $0.0.result.divergedAt == nil }.map(\.1)
        guard !finite.isEmpty else { return nil }
        let inputs = finite.map { TraceInput.memory($0.bytes, name: $0.name) }
        let outcome = try GradientsExperiment(inputs: inputs).run(threads: threads)
        return PsiTraceFigure(outcome: outcome).figure(table: try outcome.psiTable())
    }

    /// `recorded_coordinates.csv`: which parameter each column of a trace is.
    private func coordinateTable() -> Table {
        let places = experiment.observation.recordedCoordinates
        let tensors = places.map { place in experiment.layout.tensors.first { $0.range.contains(place) }! }
        return Table([
            Column("coordinate", Array(places.indices)), Column("parameter", places),
            Column("tensor", tensors.map(\.name)), Column("index", zip(places, tensors).map { $0 - $1.offset }),
        ])
    }
}
