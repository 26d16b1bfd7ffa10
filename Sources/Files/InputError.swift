import Errors
import Foundation

/// Why a file cannot be read: the file, the place in it, what was found there and the rule, in one line.
public struct InputError: ReportedError, Equatable {
    /// The file as the user named it, or `standard input`.
    public let path: String
    /// Bytes from the beginning of the file, where that says more.
    public let byte: Int?
    /// What was found, such as `a folder` or `cannot open it`.
    public let found: String
    /// The rule it breaks, such as `a file is needed`, or the system's reason.
    public let rule: String

    public init(path: String, byte: Int? = nil, found: String, rule: String) {
        self.path = path
        self.byte = byte
        self.found = found
        self.rule = rule
    }

    public var exitClass: ExitClass { .data }

    public var description: String {
        ([path] + (byte.map { ["byte \($0)"] } ?? []) + [found, rule]).map(\.onOneLine).joined(separator: ": ")
    }

    /// The error of the system call that has just failed.
    static func system(_ operation: String, path: String, code: Int32 = errno) -> InputError {
        InputError(path: path, found: "cannot \(operation)", rule: String(cString: strerror(code)))
    }
}
