import ArgumentParser
import Foundation
import TestSupport
import Testing
@testable import varlab

/// The help says what is true: its examples run, its options have their defaults.
@Suite struct HelpTests {
    private static let commands = Varlab.configuration.subcommands

    /// `varlab simulate --mu 0,1 …`, as the help has it.
    private static func example(of command: any ParsableCommand.Type) -> [String]? {
        let lines = command.configuration.discussion.split(separator: "\n")
        guard let line = lines.last(where: { $0.hasPrefix("Example: varlab ") }) else { return nil }
        return line.dropFirst("Example: varlab ".count).split(separator: " ").map(String.init)
    }

    /// What makes an example small: the last one of an option counts.
    private static let small = [
        "simulate": ["--trajectories", "300"], "schedule": ["--steps", "1-300"], "train": ["--steps", "5"],
        "sweep": ["--steps", "4", "--evaluations", "2"], "reproduce": ["--trajectories", "200", "--iterations", "60"],
    ]

    @Test(.timeLimit(.minutes(10)), arguments: commands.map { $0._commandName })
    func theExampleRuns(name: String) throws {
        let command = try #require(Self.commands.first { $0._commandName == name })
        let example = try #require(Self.example(of: command), "\(name) has no example")
        #expect(example.first == name)
        let scratch = try Scratch()
        // Recorded gradients of a hundred steps and four coordinates, under the names of the examples.
        var values: [String] = []
        for step in 0..<120 { values.append((0..<4).map { "\(sin(Double(step * 4 + $0 + 1) * 12.9898) * 0.1)" }.joined(separator: ",")) }
        let csv = "a,b,c,d\n" + values.joined(separator: "\n") + "\n"
        var arguments = example + (Self.small[name] ?? [])
        for (index, argument) in arguments.enumerated() where argument.hasSuffix(".npy") {
            arguments[index] = try scratch.put(csv, at: argument.replacingOccurrences(of: ".npy", with: ".csv"))
        }
        for argument in arguments where argument.hasSuffix(".pt") {
            try FileManager.default.copyItem(
                at: Repository.root.appending(path: "Sources/CDatasets/Files/digits_adam.pt"), to: scratch.url.appending(path: argument))
        }
        for (index, argument) in arguments.filter({ $0.hasSuffix(".part") }).enumerated() {
            let part = ["simulate", "--trajectories", "20000", "--iterations", "5", "--quiet", "--shard", "\(index + 1)/2", "--part", argument]
            #expect(try Command.run(part, in: scratch.url).status == 0)
        }
        for argument in arguments where argument.hasSuffix(".yaml") {
            try scratch.put("iterations: 5\ntrajectories: 300\nmu: [0, 1]\n", at: argument)
        }
        let outcome = try Command.run(arguments, in: scratch.url)
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        if let place = arguments.firstIndex(of: "--output") {
            #expect(!scratch.names(arguments[place + 1]).isEmpty)
        } else {
            #expect(outcome.output.split(separator: "\n").count > 1)
        }
    }

    @Test func helpOfEveryCommand() throws {
        let root = try Command.run([])
        #expect(root.status == 0 && root.errors.isEmpty)
        #expect(try Command.run(["--help"]).output == root.output && Command.run(["help"]).output == root.output)
        for command in Self.commands {
            let name = command._commandName
            #expect(root.output.contains("\n  \(name) "))
            let help = try Command.run([name, "--help"])
            #expect(help.status == 0 && help.errors.isEmpty && help.output.hasPrefix("OVERVIEW: "))
            #expect(try Command.run(["help", name]).output == help.output)
        }
    }

    /// Options without a value of their own where none is given: what they mean then is nothing.
    private static let withoutDefault: Set = [
        "--output", "--source", "--target", "--array", "--parameters", "--stretch", "--gradients", "--clip", "--label",
        "--scales", "--means", "--implied-by-rms", "--coordinates", "--images", "--shard", "--part", "--checkpoint",
    ]

    @Test(arguments: commands.map { $0._commandName })
    func everyOptionHasItsDefault(name: String) throws {
        let command = try #require(Self.commands.first { $0._commandName == name })
        // One line for each option.
        let lines = Varlab.helpMessage(for: command, columns: 10_000).split(separator: "\n")
        for (index, line) in lines.enumerated() where line.hasPrefix("  -") && line.contains("<") {
            let option = line.split(separator: " ").first { $0.hasPrefix("--") }.map(String.init) ?? ""
            // What is said of a long name stands on the line after it.
            let next = index + 1 < lines.count && lines[index + 1].hasPrefix("      ") ? lines[index + 1] : ""
            #expect((line + next).contains("default: ") || Self.withoutDefault.contains(option), "\(name): \(line)")
        }
    }

    /// The word in the help is the value in the program.
    @Test func defaultsOfListsAreTrue() throws {
        func check<Value: Equatable>(
            _ command: any ParsableCommand.Type, _ option: String, _ value: Value, _ parse: (String) throws -> Value
        ) throws {
            let help = Varlab.helpMessage(for: command, columns: 10_000)
            let line = try #require(help.split(separator: "\n").first { $0.hasPrefix("  --\(option) ") })
            let text = try #require(line.components(separatedBy: "(default: ").last?.prefix { $0 != ")" })
            #expect(try parse(String(text)) == value, "\(option): \(line)")
        }
        let exact = try #require(try Varlab.parseAsRoot(["exact"]) as? ExactCommand)
        try check(ExactCommand.self, "beta2", exact.beta2, Lists.reals)
        try check(ExactCommand.self, "mu", exact.mu, Lists.reals)
        try check(ExactCommand.self, "epsilon", exact.epsilon, Lists.reals)
        let distribution = try #require(try Varlab.parseAsRoot(["distribution"]) as? DistributionCommand)
        try check(DistributionCommand.self, "steps", distribution.steps, Lists.steps)
        try check(DistributionCommand.self, "beta2", distribution.beta2, Lists.reals)
        let update = try #require(try Varlab.parseAsRoot(["update"]) as? UpdateCommand)
        try check(UpdateCommand.self, "beta1", update.beta1, Lists.reals)
        try check(UpdateCommand.self, "beta2", update.beta2, Lists.reals)
        try check(UpdateCommand.self, "mu", update.mu, Lists.reals)
        try check(UpdateCommand.self, "epsilon", update.epsilon, Lists.reals)
        let variance = try #require(try Varlab.parseAsRoot(["variance"]) as? VarianceCommand)
        try check(VarianceCommand.self, "rho", variance.rho, Lists.realRanges)
        let simulate = try #require(try Varlab.parseAsRoot(["simulate", "-o", "x"]) as? SimulateCommand)
        try check(SimulateCommand.self, "mu", simulate.resolvedMeans, Lists.reals)
        let schedule = try #require(try Varlab.parseAsRoot(["schedule"]) as? ScheduleCommand)
        try check(ScheduleCommand.self, "beta2", schedule.beta2, Lists.reals)
        try check(ScheduleCommand.self, "steps", schedule.steps, Lists.steps)
        let reproduce = try #require(try Varlab.parseAsRoot(["reproduce"]) as? ReproduceCommand)
        try check(ReproduceCommand.self, "seeds", reproduce.seeds, Lists.seeds)
        #expect(Lists.defaultSteps.count == 20 && Lists.defaultSteps.last == 10_000)
    }
}
