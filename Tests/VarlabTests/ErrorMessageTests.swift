import ArgumentParser
import Errors
import TestSupport
import Testing
@testable import varlab

/// Messages name what was typed: options that exist on the command, and names that were meant.
@Suite struct ErrorMessageTests {
    /// Every option that a command maps a parameter to is in its help.
    @Test func namedOptionsExist() {
        for command in Varlab.configuration.subcommands {
            for (parameter, option) in (command as? any OptionNaming.Type)?.optionNames ?? [:] {
                let exists = command.hasOption(option)
                #expect(exists, "\(command._commandName): \(parameter) is said to be --\(option)")
            }
        }
    }

    @Test func hasOptionLooksAtNamesAlone() {
        #expect(ExactCommand.hasOption("beta1") && ExactCommand.hasOption("output") && ExactCommand.hasOption("help"))
        #expect(!ExactCommand.hasOption("bet") && !ExactCommand.hasOption("betas") && !ExactCommand.hasOption("points"))
        // Named in the text of another option's help, but no option here.
        #expect(!GradientsCommand.hasOption("block") && SimulateCommand.hasOption("block"))
    }

    @Test(arguments: Parameter.allCases)
    func everyParameterHasAName(parameter: Parameter) {
        let error = ParameterError(parameter: parameter, value: 7, rule: "must be less")
        for command in Varlab.configuration.subcommands {
            let named = error.named(for: command)
            #expect(named.exitClass == .usage && named.description.hasSuffix(" 7: must be less"))
            guard let named = named as? OptionError else { continue }
            let exists = command.hasOption(named.option)
            #expect(exists)
        }
    }

    @Test func aCommandsOwnNameForAParameter() {
        let error = ParameterError(parameter: .beta2, value: 1.2, rule: "must be in [0, 1)")
        #expect(error.named(for: ExactCommand.self).description == "--beta2 1.2: must be in [0, 1)")
        #expect(error.named(for: TrainCommand.self).description == "--betas 1.2: must be in [0, 1)")
        #expect(error.named(for: ReplayCommand.self).description == "--betas 1.2: must be in [0, 1)")
        // No option of rho-table sets it: the parameter keeps its own name, without dashes.
        let other = ParameterError(parameter: .momentum, value: 2, rule: "must be in [0, 1)")
        #expect(other.named(for: RhoTableCommand.self).description == "momentum 2: must be in [0, 1)")
    }

    @Test(arguments: [
        ("train --betas 0.9,1.2 --output out", "--betas 0.9,1.2: β2 must"), ("sweep --betas 1.5,0.9 --output out", "--betas 1.5,0.9: β1 must"),
        ("replay --gradients none.npy --betas 0.9,1 --output out", "--betas 0.9,1: β2 must"),
    ])
    func theOptionThatWasTyped(arguments: String, mention: String) throws {
        let outcome = try Command.run(arguments.split(separator: " ").map(String.init))
        #expect(outcome.status == 64 && outcome.errors.contains(mention) && !outcome.errors.contains("--beta2"), "\(outcome.errors)")
    }

    /// What cannot be loaded is refused before there is an output, with the words of the system.
    @Test(arguments: ["none.so", "text.so", "built-in", "."])
    func aPluginThatCannotBeLoaded(name: String) throws {
        let scratch = try Scratch()
        try scratch.put("no library", at: "text.so")
        for output in [["--output", "out"], ["--part", "out"]] {
            let outcome = try Command.run(["simulate", "--trajectories", "10", "--iterations", "5", "--histogram-steps", "5", "--mpi", name] + output, in: scratch.url)
            #expect(outcome.status == 69 && outcome.output.isEmpty, "\(outcome.errors)")
            #expect(outcome.errors.contains("--mpi \(name): ") && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
            #expect(scratch.names == ["text.so"])
        }
    }

    // MARK: What was meant

    @Test(arguments: [
        ("rho-tabel", "rho-table"), ("rhotable", "rho-table"), ("varience", "variance"), ("exactt", "exact"), ("simulat", "simulate"),
        ("gradient", "gradients"), ("trian", "train"), ("sweeep", "sweep"), ("REPLAY", "replay"), ("reproduec", "reproduce"),
        ("distrbution", "distribution"), ("shedule", "schedule"), ("hlep", "help"),
    ])
    func mistypedSubcommand(typed: String, meant: String) throws {
        for arguments in [[typed], ["help", typed], [typed, "--steps", "3"]] {
            let outcome = try Command.run(arguments)
            #expect(outcome.status == 64 && outcome.output.isEmpty)
            #expect(outcome.errors == "varlab: Unexpected argument '\(typed)' (did you mean '\(meant)'?)\n", "\(outcome.errors)")
        }
    }

    @Test func unknownSubcommandWithoutASuggestion() throws {
        for arguments in [["nosuch"], ["help", "nosuch"]] {
            let outcome = try Command.run(arguments)
            #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors == "varlab: Unexpected argument 'nosuch'\n")
        }
    }

    @Test func everySubcommandIsItsOwnSuggestion() {
        let names = Varlab.configuration.subcommands.map { $0._commandName }
        for name in names { #expect(Suggestion.closest(to: name, among: names) == name) }
    }

    @Test(arguments: [
        ("radem", "radam"), ("adma", "adam"), ("adamw2", "adamw"), ("radam-exat", "radam-exact"), ("Adam", "adam"), ("nesterow", "nesterov"),
        ("sdg", "sgd"), ("adam-worm", "adam-warmup"), ("xyz", nil), ("", nil), ("q", nil), ("nosuchthing", nil),
    ] as [(String, String?)])
    func closestName(typed: String, meant: String?) {
        let names = ["sgd", "nesterov", "adam", "adamw", "radam", "radam-exact", "adam-warmup"]
        #expect(Suggestion.closest(to: typed, among: names) == meant)
        #expect(Suggestion.question(for: typed, among: names) == (meant.map { " (did you mean '\($0)'?)" } ?? ""))
    }

    @Test func suggestionsOfNothing() {
        #expect(Suggestion.closest(to: "adam", among: []) == nil)
        #expect(Suggestion.closest(to: String(repeating: "a", count: 100_000), among: ["adam"]) == nil)
        // Of two that are equally close, the first.
        #expect(Suggestion.closest(to: "adamx", among: ["adamw", "adamq"]) == "adamw")
    }
}
