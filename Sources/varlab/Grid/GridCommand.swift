import ArgumentParser
import Errors
import Experiments
import Files
import Foundation
import Report

struct GridCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grid",
        abstract: "Simulate for many settings: a folder for each run, and one table of all results.",
        discussion: """
            FILE is YAML: settings of varlab simulate by the names of its options, NAME: VALUE. A list, as [0.9, 0.99], makes a run for each of its values, \
            several lists one for each combination; an option's own list stands without brackets. `steps` are those of the table.

            Every run has a folder of its own in the output folder, as simulate writes it, and grid.csv has the variances of all beside the exact ones, with the settings as columns. \
            Stopped or killed, --resume goes on where it was. --shard K/N makes every N-th run; the same command without it and with \
            --resume makes what is missing, and writes the table.

            Example: varlab grid grid.yaml --output runs
            """)

    @Argument(help: "The file of settings.")
    var file: String

    @Option(parsing: .unconditional, help: "Make every N-th run only, from the K-th on, as K/N.", transform: PartOptions.shard)
    var shard: Shard?

    @Option(parsing: .unconditional, help: "How often the run at work is saved: a number with s, m, h or d. (default: 30s)", transform: Durations.parse)
    var checkpointEvery = Durations(text: "30s", value: .seconds(30))

    @Flag(help: "Go on with what is there.")
    var resume = false

    @Option(parsing: .unconditional, help: "Stop after so long, as 55m: saved, with exit status 75. (default: never)", transform: Durations.parse)
    var maxTime: Durations?

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Say nothing of the runs.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws { try destination.require() }

    func run() throws {
        let start = ContinuousClock.now
        let grid = try GridFile(file), runs = grid.runs
        _ = try RunOptions.resolved(threads: threads)
        let own = shard?.indices(of: runs.count) ?? Array(runs.indices)
        // All that can be refused is, before there is work.
        for index in own { _ = try command(runs[index], maxTime: nil) }
        try requireNew(own.map { folder(runs[$0]) })
        for (done, index) in own.enumerated() {
            let left = maxTime.map { $0.value - (ContinuousClock.now - start) }
            if let left, left <= .zero { throw stopped("stopped by --max-time \(maxTime!)", done: done, of: own.count) }
            try carryOut(runs[index], maxTime: left, done: done, of: own.count)
        }
        guard shard == nil else { return }
        var table = GridTable(varied: grid.varied, steps: grid.steps)
        for run in runs {
            try table.add(run.name, settings: Dictionary(run.settings.map { ($0.name, $0.value) }) { $1 }, folder: folder(run))
        }
        let path = join("grid.csv")
        try OutputFile(path: path, force: resume || destination.force).write(table.table)
        if !quiet { StandardError.write("\(runs.count) runs\nwrote \(path.onOneLine)\n") }
    }

    private func carryOut(_ run: GridFile.Run, maxTime: Duration?, done: Int, of count: Int) throws {
        let (simulation, experiment) = try command(run, maxTime: maxTime)
        var options = destination
        options.output = folder(run)
        do {
            let isNew = try SimulationCommandRun(
                experiment, parts: simulation.parts, destination: options, threads: RunOptions.resolved(threads: threads), quiet: true
            ).runWhole()
            if isNew, !quiet { StandardError.write("\(run.name): \(done + 1) of \(count) runs\n") }
        } catch let error as RunStopped {
            throw stopped(error.reason, done: done, of: count)
        }
        try SimulationCheckpoint.remove(in: checkpoint(run))
    }

    /// The run as a command of its own, and what it describes.
    private func command(_ run: GridFile.Run, maxTime: Duration?) throws -> (SimulateCommand, SimulateExperiment) {
        var arguments = run.arguments + ["--quiet", "--output=\(folder(run))", "--checkpoint=\(checkpoint(run))", "--resume"]
        arguments += ["--checkpoint-every", checkpointEvery.text]
        if let maxTime { arguments += ["--max-time", "\(max(maxTime / .seconds(1), 0.001))s"] }
        do {
            let command = try SimulateCommand.parse(arguments)
            return (command, try command.experiment())
        } catch {
            let message = (error as? ParameterError).map { $0.named(for: SimulateCommand.self).description }
                ?? (error as? any ReportedError)?.description ?? SimulateCommand.message(for: error)
            throw InputError(path: file, found: "run \(run.name)", rule: message)
        }
    }

    private func requireNew(_ folders: [String]) throws {
        guard !resume, !destination.force else { return }
        for folder in folders + [join("grid.csv")] where FileManager.default.fileExists(atPath: folder) {
            throw OutputError(path: folder, reason: .exists)
        }
    }

    private func stopped(_ reason: String, done: Int, of count: Int) -> GridStopped {
        GridStopped(
            description: "\(reason): \(done) of \(count) runs are complete, and the one at work is saved; to go on: \(ShellCommand.goingOn(resumes: resume))")
    }

    private func join(_ name: String) -> String { FileSystem.join(destination.output!, name) }
    private func folder(_ run: GridFile.Run) -> String { join(run.name) }
    private func checkpoint(_ run: GridFile.Run) -> String { join("." + run.name + ".checkpoint") }
}

/// A grid that was stopped and can go on.
struct GridStopped: ReportedError {
    let description: String
    var exitClass: ExitClass { .unfinished }
}
