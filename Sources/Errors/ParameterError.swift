/// A parameter outside the domain of a formula or of an experiment: what was given, and the rule that it breaks.
public struct ParameterError: ReportedError, Equatable {
    public let parameter: Parameter
    /// The value that was given, printed.
    public let value: String
    /// The rule it breaks, such as `must be in [0, 1)`.
    public let rule: String

    public init(parameter: Parameter, value: some CustomStringConvertible, rule: String) {
        self.parameter = parameter
        let text = value.description
        self.value = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        self.rule = rule
    }

    public var description: String { "\(parameter) \(value): \(rule)" }

    public var exitClass: ExitClass { .usage }
}
