import ArgumentParser
import Errors
import Foundation
import Messages

/// Whether the processes of a run speak with each other, and by what.
struct MessageOptions: ParsableArguments {
    @Option(help: "A plug-in that speaks this cluster's MPI, whose launcher starts the ranks of the run; or built-in. (default: VARLAB_MPI_PLUGIN, or a run of one process)")
    var mpi: String?

    static let variable = "VARLAB_MPI_PLUGIN"

    /// What was asked for; nil for a process alone.
    var plugin: String? {
        let path = mpi ?? ProcessInfo.processInfo.environment[Self.variable] ?? ""
        return path.isEmpty ? nil : path
    }

    /// Runs a command among the ranks that the launcher has started, or alone.
    ///
    /// An error of one rank ends all of them, with its exit status.
    /// - Parameter body: gets nil where there is no plug-in. When it returns it has left the other ranks (`RankMessages.finish`).
    func withRanks(of command: any ParsableCommand.Type, _ body: (RankMessages?) throws -> Void) throws {
        guard let plugin else { return try body(nil) }
        let ranks = try MessagePlugin.start(path: plugin, environment: ProcessInfo.processInfo.environment)
        do {
            try body(ranks)
        } catch {
            if !ranks.isFinished { ranks.abort(status: Failure(error, in: command).report()) }
            throw error
        }
    }
}
