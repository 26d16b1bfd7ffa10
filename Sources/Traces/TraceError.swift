import Errors
import Files

/// Why a recorded trace cannot be read: the file, the place in it, what was found there and the rule, in one line.
public struct TraceError: ReportedError, Equatable {
    public enum Position: Equatable, Sendable {
        /// The file as a whole.
        case file
        /// Bytes from the beginning of the file.
        case byte(Int)
        /// Bytes from the beginning of what a compressed member of a zip file holds.
        case inflatedByte(Int)
        /// A line of text, from 1, and the cell in it, from 1.
        case line(Int, column: Int?)
    }

    /// The file as the user named it, or `standard input`.
    public let path: String
    /// The member of a zip file or the tensor, when there is one.
    public let member: String?
    public let position: Position
    /// What was found, such as `shape (0, 3)`.
    public let found: String
    /// The rule it breaks, such as `must have at least one step`.
    public let rule: String

    public init(path: String, member: String? = nil, position: Position = .file, found: String, rule: String) {
        self.path = path
        self.member = member
        self.position = position
        self.found = found
        self.rule = rule
    }

    public var exitClass: ExitClass { .data }

    public var description: String {
        var parts = [path]
        if let member { parts.append(member) }
        switch position {
        case .file: break
        case .byte(let offset): parts.append("byte \(offset)")
        case .inflatedByte(let offset): parts.append("byte \(offset) of the inflated member")
        case .line(let line, nil): parts.append("line \(line)")
        case .line(let line, let column?): parts.append("line \(line), column \(column)")
        }
        parts.append(found)
        parts.append(rule)
        return parts.map(\.onOneLine).joined(separator: ": ")
    }

    /// Bytes from a file for use in `found`: at most 40 of them.
    static func quote(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        return bytes.count > 40 ? "'\(text)…'" : "'\(text)'"
    }
}
