import ArgumentParser
import Errors
import Experiments
import Files
import Simulation

/// How a simulation is made in parts: at different places, and at different times.
struct PartOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Make one of N shares of the run only, as K/N with K from 1 to N; needs --part.", transform: Self.shard)
    var shard: Shard?

    @Option(help: "The file to write in place of --output: what varlab merge makes the results from.")
    var part: String?

    @Option(help: "A folder to save the run in, now and then and when it is stopped; created if it is missing. A shard has a folder of its own in it.")
    var checkpoint: String?

    @Option(parsing: .unconditional, help: "How often to save: a number with s, m, h or d. It takes at most a twentieth of the time. (default: 30s)", transform: Durations.parse)
    var checkpointEvery = Durations(text: "30s", value: .seconds(30))

    @Flag(help: "Go on with what --checkpoint has, or begin where it has nothing.")
    var resume = false

    @Option(parsing: .unconditional, help: "Stop after so long, as 55m: saved, with exit status 75. (default: never)", transform: Durations.parse)
    var maxTime: Durations?

    /// Refuses what does not go together.
    /// - Parameter hasRanks: whether several processes make the run.
    func require(_ destination: FolderOptions, gradients: String, series: SeriesOptions, hasRanks: Bool = false) throws {
        if part != nil || checkpoint != nil || hasRanks {
            // What another process must read too is no pipe.
            for (option, file) in [("gradients", gradients), ("scales", series.scales ?? ""), ("means", series.means ?? "")] where ["trace:-", "-"].contains(file) {
                throw ValidationError("--\(option) \(file): a run in parts reads its gradients from a file, which every part can read")
            }
        }
        if part == nil { try destination.require() }
        if part != nil, let output = destination.output {
            throw ValidationError("--part \(part!): stands in place of --output \(output)")
        }
        if let part, destination.pdf { throw ValidationError("--pdf: the part \(part) has no figures; give it to varlab merge") }
        if let shard, part == nil { throw ValidationError("--shard \(shard.number)/\(shard.count): needs --part, a file for this share of the run") }
        guard checkpoint == nil else { return }
        if resume { throw ValidationError("--resume: needs --checkpoint, the folder that the run is saved in") }
        if let maxTime { throw ValidationError("--max-time \(maxTime.text): needs --checkpoint, a folder to save the run in") }
    }

    static func shard(_ text: String) throws -> Shard {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1] else {
            throw ValidationError("must be K/N, such as 3/64")
        }
        do throws(ParameterError) {
            return try Shard(number, of: count)
        } catch {
            throw ValidationError(error.rule)
        }
    }
}

/// A time as it is typed.
struct Durations: Sendable, CustomStringConvertible {
    let text: String
    let value: Duration

    var description: String { text }

    /// A number with a unit: `30s`, `1.5h`.
    static func parse(_ text: String) throws -> Durations {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()) else {
            throw ValidationError("must be a number with s, m, h or d behind it, such as 30s")
        }
        // Ten years: neither a clock nor a sum overflows.
        guard number > 0, number * unit <= 3650 * 86_400 else { throw ValidationError("must be more than 0, and at most 3650d") }
        return Durations(text: text, value: .seconds(number * unit))
    }
}

/// A run that was stopped and is saved.
struct RunStopped: ReportedError {
    /// Why, such as `stopped by a signal`.
    let reason: String
    let done: Int
    let total: Int
    let checkpoint: String
    /// Whether nothing was added to what there was.
    let hasGained: Bool
    let command: String

    var exitClass: ExitClass { .unfinished }

    var description: String {
        "\(reason): \(done) of \(total) trajectories are in \(checkpoint.onOneLine)"
            + (hasGained ? "" : ", no more than before: a piece that is saved has 16384 on each thread, and needs more time than this")
            + "; to go on: \(command)"
    }
}
