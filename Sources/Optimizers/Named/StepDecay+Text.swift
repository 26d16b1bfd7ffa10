import Errors
import Theory

extension StepDecay: CustomStringConvertible {
    /// The forms that `init(parsing:)` reads.
    public static let forms = "constant, linear:STEPS, cosine:STEPS[:FINAL], steps:STEP:...:FACTOR, inverse-square-root:STEPS"

    /// - Throws: `ParameterError` for text of another form, or with a number outside its domain.
    public init(parsing text: String) throws(ParameterError) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let arguments = Array(fields.dropFirst())
        func failure(_ rule: String) -> ParameterError { ParameterError(parameter: .stepDecay, value: text, rule: rule) }
        func number(_ argument: String) throws(ParameterError) -> Double {
            guard let value = Double(argument) else { throw failure("'\(argument)' is not a number") }
            return value
        }
        func count(_ argument: String) throws(ParameterError) -> Int {
            guard let value = Int(argument) else { throw failure("'\(argument)' is not a whole number") }
            return value
        }
        switch (fields[0], arguments.count) {
        case ("constant", 0):
            self = .constant
        case ("linear", 1):
            self = .linear(steps: try count(arguments[0]))
        case ("cosine", 1...2):
            self = .cosine(steps: try count(arguments[0]), final: arguments.count == 2 ? try number(arguments[1]) : 0)
        case ("inverse-square-root", 1):
            self = .inverseSquareRoot(constantSteps: try count(arguments[0]))
        case ("steps", 2...):
            var milestones: [Int] = []
            for argument in arguments.dropLast() { milestones.append(try count(argument)) }
            self = .steps(milestones: milestones, factor: try number(arguments[arguments.count - 1]))
        default:
            throw failure("the forms are \(Self.forms)")
        }
        do throws(ParameterError) {
            try StepSize(learningRate: 1, decay: self).validate()
        } catch {
            throw failure("\(error.value) \(error.rule)")
        }
    }

    /// The text that reads back as the same value.
    public var description: String {
        switch self {
        case .constant: "constant"
        case .linear(let steps): "linear:\(steps)"
        case .cosine(let steps, let final): "cosine:\(steps)" + (final == 0 ? "" : ":\(short(final))")
        case .inverseSquareRoot(let steps): "inverse-square-root:\(steps)"
        case .steps(let milestones, let factor): (["steps"] + milestones.map(String.init) + [short(factor)]).joined(separator: ":")
        }
    }
}
