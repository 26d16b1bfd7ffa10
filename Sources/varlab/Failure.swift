import ArgumentParser
import Errors
import Foundation

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
            FileHandle.standardError.write(Data("varlab: \(line)\n".utf8))
        }
        return status
    }
}
