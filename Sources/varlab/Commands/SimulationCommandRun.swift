import Errors
import Experiments
import Files
import Foundation
import Messages
import Report
import Simulation

/// What `simulate` does around its experiment: the whole run or a share of it, saved now and then, into a folder or a file.
struct SimulationCommandRun {
    let experiment: SimulateExperiment
    let parts: PartOptions
    let destination: FolderOptions
    let threads: Int
    let quiet: Bool
    /// Those that make the run together; nil for a process alone.
    let ranks: RankMessages?
    private let start = ContinuousClock.now
    let provenance: Provenance

    init(
        _ experiment: SimulateExperiment, parts: PartOptions, destination: FolderOptions, threads: Int, quiet: Bool, ranks: RankMessages? = nil
    ) {
        (self.experiment, self.parts, self.destination, self.threads, self.quiet) = (experiment, parts, destination, threads, quiet)
        self.ranks = ranks
        // By its parameters, so that a run in parts has the same one.
        provenance = Varlab.provenance(ofCommand: experiment.command)
    }

    func run() throws {
        if let ranks, ranks.rank > 0 { return try work(ranks) }
        if let part = parts.part { return try run(part: part) }
        if !(try runWhole()) { StandardError.say("\(destination.output!) is complete, with these options; there is nothing left to do") }
    }

    /// The results in their folder, unless they are there.
    /// - Returns: whether there was anything to do.
    func runWhole() throws -> Bool {
        if parts.resume, try isComplete() {
            OutputFolder.removeAbandoned(in: destination.output!)
            dismissRanks()
            return false
        }
        let folder = try destination.folder(resumed: parts.resume ? SimulateOutcome.allResults : [])
        let simulation = try PartwiseSimulation(experiment, threads: threads)
        let state = try self.state(of: simulation, share: simulation.simulation.wholeShare)
        try destination.write(
            simulation.outcome(of: state, threads: threads)!, to: folder, provenance: provenance, quiet: quiet)
        return true
    }

    private func run(part: String) throws {
        let simulation = try PartwiseSimulation(experiment, threads: threads)
        let share = parts.shard?.share(of: simulation.simulation) ?? simulation.simulation.wholeShare
        let file = OutputFile(path: part, force: destination.force)
        if parts.resume, let there = try? PartFile.open(part), there.isSame(share, of: simulation, provenance: provenance) {
            dismissRanks()
            return StandardError.say("\(part) is complete, with these options; there is nothing left to do")
        }
        try file.check()
        let state = try self.state(of: simulation, share: share)
        try file.write(PartFile.content(state, of: experiment, provenance: provenance))
        if !quiet {
            let count = simulation.simulation.trajectoryCount(of: share)
            StandardError.write("\(count) of \(experiment.parameters.trajectories) trajectories\nwrote \(part.onOneLine)\n")
        }
    }

    /// The share of the run, computed here or before.
    private func state(of simulation: PartwiseSimulation, share: SimulationShare) throws -> PartwiseSimulation.State {
        if let ranks { return try state(of: simulation, share: share, ranks: ranks) }
        let count = simulation.simulation.trajectoryCount(of:)
        guard let folder = parts.checkpoint else {
            let bar = ProgressBar(total: count(share), unit: "trajectories", quiet: quiet)
            let state = try simulation.state(of: share, threads: threads, progress: bar.update)
            bar.finish()
            return state
        }
        let checkpoint = try SimulationCheckpoint(
            in: folder, shard: parts.shard, of: simulation, resumes: parts.resume, force: destination.force, provenance: provenance)
        let begun = try checkpoint.load(warn: StandardError.say)
        let bar = ProgressBar(total: count(share.subtracting(begun.share)), unit: "trajectories", quiet: quiet)
        Interruption.postpone()
        let state = try SavingRun(simulation, share: share, interval: parts.checkpointEvery.value, save: checkpoint.save).run(
            from: begun, threads: threads, progress: bar.update, isStopped: isStopped, warn: StandardError.say)
        bar.finish()
        guard share.subtracting(state.share).isEmpty else {
            throw RunStopped(
                reason: reasonOfStop, done: count(state.share),
                total: count(share), checkpoint: checkpoint.path, hasGained: state.share != begun.share, command: commandToGoOn)
        }
        // From here on a signal ends the process at once, as ever: all that takes time is saved.
        Interruption.endProcessIfRequested()
        return state
    }

    /// Asked often while the run is at work.
    var isStopped: @Sendable () -> Bool {
        let deadline = parts.maxTime.map { start + $0.value }
        return { Interruption.isRequested || deadline.map { ContinuousClock.now >= $0 } ?? false }
    }

    var reasonOfStop: String {
        if Interruption.isRequested { return "stopped by a signal" }
        return parts.maxTime.map { "stopped by --max-time \($0)" } ?? "a rank was stopped by a signal"
    }

    var commandToGoOn: String { ShellCommand.goingOn(resumes: parts.resume) }

    /// Whether the folder has the results of this very run; those of another one are not gone on with.
    private func isComplete() throws -> Bool {
        let folder = destination.output!
        guard let there = FileManager.default.contents(atPath: folder + "/run.json"), !destination.force else { return false }
        guard try there == Data(experiment.record(provenance).bytes()) else { throw OutputError(path: folder, reason: .notEmpty(entry: "run.json")) }
        return try Set(FileManager.default.contentsOfDirectory(atPath: folder)).isSuperset(of: SimulateOutcome.results)
    }
}
