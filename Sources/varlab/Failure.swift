import ArgumentParser
import Errors

/// What an error means to the shell: one line on standard error and an exit status. The only way out but success.
struct Failure {
    private let message: String
    private let status: Int32
    private let isHelp: Bool

    /// - Parameter command: the command that failed, whose options the message names.
    init(_ error: any Error, in command: any ParsableCommand.Type = Varlab.self) {
        switch error {
        case let error as ParameterError:
            let named = error.named(for: command)
            self.init(named.description, named.exitClass.rawValue)
        case let error as any ReportedError:
            self.init(error.exitClass == .success ? "" : error.description, error.exitClass.rawValue)
        default:
            // The parser's own: help, version, and everything wrong with the arguments.
            let code = Varlab.exitCode(for: error)
            self.init(
                code == .success ? Varlab.fullMessage(for: error) : Varlab.message(for: error),
                code.rawValue, isHelp: code == .success)
        }
    }

    private init(_ message: String, _ status: Int32, isHelp: Bool = false) {
        self.message = message
        self.status = status
        self.isHelp = isHelp
    }

    /// Prints the message and returns the exit status.
    func report() -> Int32 {
        if isHelp {
            print(message)
        } else if !message.isEmpty {
            let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
            StandardError.write("varlab: \(line)\n")
        }
        return status
    }
}

/// A bad value of an option, in the words that the user typed.
struct OptionError: ReportedError, Equatable {
    /// The option without its dashes, such as `lr-decay`.
    let option: String
    let value: String
    /// The rule it breaks, such as `must be in [0, 1)`.
    let rule: String

    init(option: String, value: some CustomStringConvertible, rule: String) {
        self.option = option
        self.value = value.description
        self.rule = rule
    }

    var description: String { "--\(option) \(value): \(rule)" }

    var exitClass: ExitClass { .usage }
}

/// A command, or a group of options, some of whose options have other names than the library's parameters that they set.
protocol OptionNaming {
    /// The option for a parameter, without its dashes. For a parameter that is not here it is the parameter's name with dashes,
    /// `histogram-steps` for `histogramSteps`.
    static var optionNames: [Parameter: String] { get }
}

extension ParameterError {
    /// The error with the option that sets the parameter on that command. Where none does, as for a number within another option,
    /// the parameter keeps its own name, without dashes.
    func named(for command: any ParsableCommand.Type) -> any ReportedError {
        let spelled = parameter.rawValue.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
        let names = (command as? any OptionNaming.Type)?.optionNames ?? [:]
        let option = names[parameter] ?? spelled
        guard command.hasOption(option) else { return self }
        return OptionError(option: option, value: value, rule: rule)
    }
}

extension ParsableCommand {
    /// Whether the command's own help lists the option.
    static func hasOption(_ name: String) -> Bool {
        Varlab.helpMessage(for: Self.self, columns: 200).split(separator: "\n").contains { line in
            // `  -o, --output <output>  The file to write`: the names stand before the first gap of two blanks.
            guard line.hasPrefix("  -") else { return false }
            let words = line.split(whereSeparator: { " ,/".contains($0) }).prefix { $0.hasPrefix("-") || $0.hasPrefix("<") }
            return words.contains("--\(name)")
        }
    }
}
