/// A parameter outside the domain of a formula or of an experiment: what was given, and the rule that it breaks.
public struct ParameterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The parameter's name as in the documentation, such as `beta2`.
    public let parameter: String
    /// The value that was given, printed.
    public let value: String
    /// The rule it breaks, such as `must be in [0, 1)`.
    public let rule: String

    public init(parameter: String, value: some CustomStringConvertible, rule: String) {
        self.parameter = parameter
        let text = value.description
        self.value = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        self.rule = rule
    }

    public var description: String { "\(parameter) \(value): \(rule)" }
}
