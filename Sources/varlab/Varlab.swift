import ArgumentParser
import Errors
import Experiments

struct Varlab: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "varlab",
        abstract: "The variance of the adaptive learning rate: theory, exact law, simulation, figures.",
        discussion: """
            After "On the Variance of the Adaptive Learning Rate and Beyond" (RAdam; Liu et al., ICLR 2020). Exit status: 0, \
            64 for a bad argument, 65 for a file that cannot be used, 69 when a program such as gnuplot is missing, 70 when a \
            computation fails, 73 when output cannot be written, 75 when a run was stopped and is saved.
            """,
        version: "\(version) (commit \(buildCommit ?? "unknown"))",
        subcommands: [
            RhoTableCommand.self, VarianceCommand.self, ExactCommand.self, DistributionCommand.self, UpdateCommand.self, SimulateCommand.self,
            MergeCommand.self, GridCommand.self,
            GradientsCommand.self, CheckpointCommand.self, ReplayCommand.self, ScheduleCommand.self, TrainCommand.self, SweepCommand.self, ReproduceCommand.self,
        ])

    /// This program, its commit, and the command that it was called with.
    static var provenance: Provenance {
        provenance(ofCommand: ShellCommand.deciding(["varlab"] + CommandLine.arguments.dropFirst()))
    }

    /// Of results that another command describes than the one that was typed.
    static func provenance(ofCommand command: String) -> Provenance {
        Provenance(version: version, commit: buildCommit, command: command)
    }

    /// Refuses a subcommand that does not exist, for which the parser has help or the message of a superfluous argument, where
    /// another one is meant.
    static func checkSubcommand(_ arguments: [String]) throws {
        let asksForHelp = arguments.first == "help"
        guard let name = asksForHelp ? arguments.dropFirst().first : arguments.first, !name.hasPrefix("-") else { return }
        let names = configuration.subcommands.map { $0._commandName } + ["help"]
        guard !names.contains(name) else { return }
        let question = Suggestion.question(for: name, among: names)
        if asksForHelp || !question.isEmpty { throw ValidationError("Unexpected argument '\(name)'\(question)") }
    }
}
