import Errors

/// Why two files are no parallel text: the file, the line, what was found there and the rule, in one line.
public struct ParallelTextError: ReportedError, Equatable {
    /// The file as the user named it.
    public let path: String
    /// A line of it, from 1; nil when the file as a whole is meant.
    public let line: Int?
    /// What was found, such as `12 lines`.
    public let found: String
    /// The rule it breaks.
    public let rule: String

    public init(path: String, line: Int? = nil, found: String, rule: String) {
        self.path = path
        self.line = line
        self.found = found
        self.rule = rule
    }

    public var exitClass: ExitClass { .data }

    public var description: String {
        let place = line.map { ": line \($0)" } ?? ""
        return "\(path)\(place): \(found): \(rule)"
    }
}
