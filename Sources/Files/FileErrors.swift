import Errors
import Foundation

/// Why a file cannot be read: the file, the place in it, what was found there and the rule, in one line.
public struct InputError: ReportedError, Equatable {
    public enum Position: Equatable, Sendable {
        /// Bytes from the beginning of the file.
        case byte(Int)
        /// Bytes from the beginning of what a gzip file holds.
        case inflatedByte(Int)
        /// A line of a text, from 1.
        case line(Int)
    }

    /// The file as the user named it, or `standard input`.
    public let path: String
    /// Where in the file, where that says more.
    public let position: Position?
    /// What was found, such as `a folder` or `cannot open it`.
    public let found: String
    /// The rule it breaks, such as `a file is needed`, or the system's reason.
    public let rule: String

    public init(path: String, at position: Position? = nil, found: String, rule: String) {
        self.path = path
        self.position = position
        self.found = found
        self.rule = rule
    }

    public var exitClass: ExitClass { .data }

    public var description: String {
        let place: [String] =
            switch position {
            case .byte(let byte): ["byte \(byte)"]
            case .inflatedByte(let byte): ["byte \(byte) of the inflated data"]
            case .line(let line): ["line \(line)"]
            case nil: []
            }
        return ([path] + place + [found, rule]).map(\.onOneLine).joined(separator: ": ")
    }

    /// The error of the system call that has just failed.
    static func system(_ operation: String, path: String, code: Int32 = errno) -> InputError {
        InputError(path: path, found: "cannot \(operation)", rule: String(cString: strerror(code)))
    }
}

/// Why a file or folder was not written: its path, and the rule or the system's reason, in one line.
public struct OutputError: ReportedError, Equatable {
    public enum Reason: Equatable, Sendable {
        /// There is a file already, and overwriting was not asked for.
        case exists
        /// A file was asked for where there is a folder.
        case isFolder
        /// A folder was asked for where there is a file.
        case isNotFolder
        /// A device, a pipe or a socket stands where a file is to be put.
        case isSpecial
        /// No name at all.
        case emptyPath
        /// Two files are to be put in one place, to which `name` leads too, by a symbolic link.
        case samePlace(as: String)
        /// The folder contains something, and overwriting was not asked for. `entry` is one of the things in it.
        case notEmpty(entry: String)
        /// Another process is writing into the folder.
        case inUse
        /// Something of a name that this program uses for itself, which it did not make.
        case notOwn
        /// The reader of a pipe has gone. Not a failure: a command ends quietly.
        case closedPipe
        /// The system refused `operation` with an `errno`.
        case system(operation: String, code: Int32)
    }

    public let path: String
    public let reason: Reason

    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// Whether the reader of a pipe has gone, so that the command should end without a message.
    public var isClosedPipe: Bool { reason == .closedPipe }

    public var exitClass: ExitClass { isClosedPipe ? .success : .cannotCreate }

    public var description: String {
        let name = path == OutputFile.standardOutput ? "standard output" : path.onOneLine
        switch reason {
        case .emptyPath: return "the path of the output is empty"
        case .isSpecial: return "\(name): is a device, a pipe or a socket, which is never replaced"
        case .samePlace(let other): return "\(name): leads to the same file as \(other.onOneLine)"
        case .exists: return "\(name): exists already, and is overwritten only with force"
        case .isFolder: return "\(name): is a folder, a file is needed"
        case .isNotFolder: return "\(name): is not a folder"
        case .notEmpty(let entry):
            return "\(name): the folder is not empty (it has \(entry.onOneLine)), and is written to only with force"
        case .inUse: return "\(name): is being written to by another varlab process"
        case .notOwn: return "\(name): was not made by varlab, which needs this name for itself; move it away"
        case .closedPipe: return "\(name): the reader has closed the pipe"
        case .system(let operation, let code):
            return "\(name): cannot \(operation): \(String(cString: strerror(code)))"
        }
    }

    /// The error of the system call that has just failed.
    static func system(_ operation: String, path: String, code: Int32 = errno) -> OutputError {
        OutputError(path: path, reason: .system(operation: operation, code: code))
    }
}

extension String {
    /// The text without what would break a line or move a terminal's cursor: such characters are written as escapes, such as `\u{a}`.
    package var onOneLine: String {
        var line = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format:
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

extension String {
    /// The word as a POSIX shell reads it back: as it is where it has nothing that a shell looks at, else in single quotes.
    package var quotedForShell: String {
        let isPlain = !isEmpty && unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "@", "%", "+", "=", ":", ",", ".", "/", "-": true
            default: false
            }
        }
        return isPlain ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
