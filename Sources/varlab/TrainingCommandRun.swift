import Experiments
import Files
import Foundation
import Report

/// What `train` and `sweep` do around their experiment: the folder, progress, interruption, and the results.
struct TrainingCommandRun {
    let training: TrainingOptions
    let destination: FolderOptions
    /// Tables that a complete folder has.
    let results: [String]

    /// Carries out the runs, or what is left of them, and puts their results in place.
    /// - Parameter outcome: the runs as the command shows them.
    func run(_ experiment: TrainExperiment, outcome: (TrainOutcome) -> any Outcome) throws {
        let threads = try RunOptions.resolved(threads: training.threads)
        let path = destination.output ?? "."
        guard
            let folder = try TrainingFolder.open(
                path, options: experiment.options, resumes: training.resume, force: destination.force, results: results)
        else { return Self.say("\(path) is complete, with these options; there is nothing left to do") }
        let prepared = try experiment.prepare(threads: threads)
        let checkpoints = try folder.checkpoints(for: experiment.runs)
        let lines = TrainingProgressLines(runs: experiment.runs.count, iterations: experiment.iterations, quiet: training.quiet)
        Interruption.postpone()
        let runs = try prepared.run(
            checkpoints: checkpoints, isInterrupted: { Interruption.isRequested }, progress: lines.update)
        lines.finish()
        try write(runs, as: outcome(runs), to: folder)
        if runs.unfinished > 0 { sayHowToGoOn(runs, in: path) }
        Interruption.endProcessIfRequested()
        try folder.finish()
    }

    private func write(_ runs: TrainOutcome, as outcome: any Outcome, to folder: TrainingFolder) throws {
        guard !runs.runs.isEmpty else { return folder.output.discard() }
        do {
            try destination.write(outcome, to: folder.output, quiet: training.quiet)
        } catch {
            // The data are in place where gnuplot alone failed, and may be replaced when it is tried again.
            try? folder.noteFiles()
            throw error
        }
        if runs.unfinished > 0 { try folder.noteFiles() }
    }

    private func sayHowToGoOn(_ runs: TrainOutcome, in path: String) {
        let complete = runs.runs.count
        Self.say(
            "interrupted: \(complete) of \(complete + runs.unfinished) runs \(complete == 1 ? "is" : "are") complete"
                + (complete > 0 ? ", with tables in \(path)" : "") + "; the others are saved where they stopped")
        let arguments = CommandLine.arguments + (training.resume ? [] : ["--resume"])
        Self.say("to go on: \(arguments.map(ShellCommand.quoted).joined(separator: " "))")
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data("varlab: \(text)\n".utf8)) }
}
