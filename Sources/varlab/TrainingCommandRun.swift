import Experiments
import Files
import Report

/// What `train` and `sweep` do around their experiment: checkpoints, progress, interruption, and the folder of results.
struct TrainingCommandRun {
    let training: TrainingOptions
    let destination: FolderOptions

    /// - Parameter write: writes tables, data and scripts of the complete runs, and returns the figures.
    func run(
        _ experiment: TrainExperiment, write: (TrainOutcome, OutputFolder, _ threads: Int) throws -> [GnuplotFigure]
    ) throws {
        let threads = try RunOptions.resolved(threads: training.threads)
        let folder = try destination.folder(resuming: training.resume)
        let checkpoints = try CheckpointFolder(
            path: folder.path + "/checkpoints", identity: experiment.identity, resumes: training.resume)
        let lines = TrainingProgressLines(runs: experiment.runs.count, quiet: training.quiet)
        Interruption.postpone()
        let outcome = try experiment.run(
            threads: threads, checkpoints: checkpoints, isInterrupted: { Interruption.isRequested }, progress: lines.update)
        lines.finish()
        if !outcome.runs.isEmpty {
            let figures = try write(outcome, folder, threads)
            try folder.write(outcome.runRecord(version: Varlab.version), as: "run.json")
            try folder.commit(drawing: figures, pdf: destination.pdf)
        }
        Interruption.endProcessIfRequested()
        checkpoints.remove()
    }
}
