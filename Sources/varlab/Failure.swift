import ArgumentParser
import Errors
import Foundation

/// What an error means to the shell: one line on standard error and an exit status. The only way out but success.
struct Failure {
    private let message: String
    private let status: Int32
    private let isHelp: Bool

    init(_ error: any Error) {
        switch error {
        case let error as ParameterError:
            self.init("--\(Self.option(error.parameter)) \(error.value): \(error.rule)", error.exitClass.rawValue)
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

    /// `histogramSteps` as `histogram-steps`, and the few whose option has another name.
    private static func option(_ parameter: Parameter) -> String {
        let names: [Parameter: String] = [.learningRate: "lr", .clippingNorm: "clip", .decaySteps: "lr-decay", .finalFactor: "lr-decay", .stepDecay: "lr-decay"]
        return names[parameter] ?? parameter.rawValue.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
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
