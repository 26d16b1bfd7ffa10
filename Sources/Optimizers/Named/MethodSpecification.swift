import Errors
import Theory

/// The name of an optimizer with its own numbers, as a user writes it: `adam-warmup:4000`.
public enum MethodSpecification: Hashable, Sendable {
    /// `sgd`, `sgd:MOMENTUM`, `nesterov:MOMENTUM`.
    case sgd(momentum: Double = 0, isNesterov: Bool = false)
    /// `rmsprop`, `rmsprop:MOMENTUM`, and `rmsprop-centred` in the same way.
    case rmsprop(momentum: Double = 0, isCentred: Bool = false)
    case adam
    /// Adam with decoupled weight decay in every implementation.
    case adamW
    case nadam
    /// `radam`, `radam-closed-form`, `radam-exact`: by Eq. 5 with the implementation's threshold, by Eq. 2 and by the exact law
    /// from the first step with a finite variance on; `radam-exact:LAW` by that of other gradients, such as `laplace` or `student-t:3`.
    case radam(RectificationRule.Variance = .firstOrder)
    /// `adam-eps:EPSILON`, or `adam-eps:FIRST:LAST:STEPS[:linear]`, geometric unless linear.
    case adamEpsilon(EpsilonSchedule = .constant(1e-4))
    /// `adam-2k`, `adam-2k:N`: Adam after N iterations (2000 unless given) that only update v.
    case adamFreeze(steps: Int = 2000)
    /// `adam-warmup:STEPS`, `adam-untuned-linear`, `adam-untuned-exponential`, `adam-rectified-warmup`.
    case adamWarmup(WarmupRule)

    /// One of each form.
    public static let all: [MethodSpecification] = [
        .sgd(), .sgd(momentum: 0.9), .sgd(momentum: 0.9, isNesterov: true),
        .rmsprop(), .rmsprop(momentum: 0.9), .rmsprop(isCentred: true), .rmsprop(momentum: 0.9, isCentred: true),
        .adam, .adamW, .nadam, .radam(.firstOrder), .radam(.closedForm), .radam(.exactLaw), .radam(.exact(exampleLaw)),
        .adamEpsilon(.constant(1e-4)), .adamEpsilon(.linear(first: 1e-8, last: 1e-4, steps: 2000)),
        .adamEpsilon(.geometric(first: 1e-8, last: 1e-4, steps: 2000)), .adamFreeze(steps: 2000), .adamWarmup(.linear(steps: 4000)),
        .adamWarmup(.untunedLinear), .adamWarmup(.untunedExponential), .adamWarmup(.rectification(.firstOrder)),
    ]

    /// Any other than the normal one.
    private static let exampleLaw: RectificationLaw = {
        do {
            return try RectificationLaw(.laplace)
        } catch {
            preconditionFailure("a law without parameters: \(error)")
        }
    }()

    /// `radam-exact` by another law; any other method, and one that names its law, as it is.
    public func rectified(by law: RectificationLaw) -> MethodSpecification { self == .radam(.exactLaw) ? .radam(.exact(law)) : self }

    /// The method of this name in an implementation.
    /// - Throws: `ParameterError` for a setting outside its domain.
    public func method(_ settings: MethodSettings, like implementation: Implementation) throws(ParameterError) -> OptimizationMethod {
        try MethodAssembly(settings: settings, implementation: implementation).method(self)
    }
}

extension MethodSpecification: CustomStringConvertible {
    /// The forms that `init(parsing:)` reads.
    public static let forms = """
        sgd[:MOMENTUM], nesterov:MOMENTUM, rmsprop[:MOMENTUM], rmsprop-centred[:MOMENTUM], adam, adamw, nadam, radam, \
        radam-closed-form, radam-exact[:LAW], adam-eps[:EPSILON | :FIRST:LAST:STEPS[:linear]], adam-2k[:STEPS], adam-warmup:STEPS, \
        adam-untuned-linear, adam-untuned-exponential, adam-rectified-warmup
        """

    /// The words that a form begins with.
    public static var names: [String] {
        let other = ["sgd", "nesterov", "rmsprop", "rmsprop-centred", "adam-eps", "adam-2k", "adam-warmup"]
        return (other + all.map(\.description)).filter { !$0.contains(":") }
    }

    /// - Throws: `ParameterError` for text of another form, or with a number outside its domain.
    public init(parsing text: String) throws(ParameterError) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let arguments = Array(fields.dropFirst())
        func unknown(_ rule: String) -> ParameterError { ParameterError(parameter: .optimizer, value: text, rule: rule) }
        func number(_ index: Int) throws(ParameterError) -> Double {
            guard let value = Double(arguments[index]), value.isFinite else {
                throw unknown("'\(arguments[index])' is not a number")
            }
            return value
        }
        func count(_ index: Int) throws(ParameterError) -> Int {
            guard let value = Int(arguments[index]), value >= 1, value <= OptimizationMethod.longestSchedule else {
                throw unknown("'\(arguments[index])' is not a whole number from 1 to \(OptimizationMethod.longestSchedule)")
            }
            return value
        }
        func expect(_ counts: ClosedRange<Int>) throws(ParameterError) {
            if !counts.contains(arguments.count) {
                throw unknown("'\(fields[0])' takes \(counts.upperBound == 0 ? "no number" : "other numbers"); the forms are \(Self.forms)")
            }
        }
        switch fields[0] {
        case "sgd":
            try expect(0...1)
            self = .sgd(momentum: arguments.isEmpty ? 0 : try number(0))
        case "nesterov":
            try expect(1...1)
            self = .sgd(momentum: try number(0), isNesterov: true)
        case "rmsprop", "rmsprop-centred":
            try expect(0...1)
            self = .rmsprop(momentum: arguments.isEmpty ? 0 : try number(0), isCentred: fields[0] == "rmsprop-centred")
        case "adam-eps":
            try expect(0...4)
            switch arguments.count {
            case 0: self = .adamEpsilon()
            case 1: self = .adamEpsilon(.constant(try number(0)))
            case 3: self = .adamEpsilon(.geometric(first: try number(0), last: try number(1), steps: try count(2)))
            case 4 where arguments[3] == "linear":
                self = .adamEpsilon(.linear(first: try number(0), last: try number(1), steps: try count(2)))
            default: throw unknown("the forms are \(Self.forms)")
            }
        case "adam-2k":
            try expect(0...1)
            self = .adamFreeze(steps: arguments.isEmpty ? 2000 : try count(0))
        case "adam-warmup":
            try expect(1...1)
            self = .adamWarmup(.linear(steps: try count(0)))
        case "radam-exact" where !arguments.isEmpty:
            do throws(ParameterError) {
                self = .radam(.exact(try RectificationLaw(parsing: arguments.joined(separator: ":"))))
            } catch {
                throw unknown(error.rule)
            }
        default:
            guard let plain = Self.all.first(where: { $0.description == fields[0] }) else {
                let question = Suggestion.question(for: fields[0], among: Self.names)
                throw unknown(question.isEmpty ? "the forms are \(Self.forms)" : "there is no such method" + question)
            }
            try expect(0...0)
            self = plain
        }
        // The numbers' domains are the method's own; what is wrong is within the text, and no parameter of the caller's.
        do throws(ParameterError) {
            _ = try method(MethodSettings(), like: .torch)
        } catch {
            throw unknown("\(Self.words(error.parameter)) \(error.rule)")
        }
    }

    private static func words(_ parameter: Parameter) -> String {
        parameter.rawValue.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }

    /// The text that reads back as the same value.
    public var description: String {
        switch self {
        case .sgd(let momentum, false): momentum == 0 ? "sgd" : "sgd:\(short(momentum))"
        case .sgd(let momentum, true): "nesterov:\(short(momentum))"
        case .rmsprop(let momentum, let isCentred):
            (isCentred ? "rmsprop-centred" : "rmsprop") + (momentum == 0 ? "" : ":\(short(momentum))")
        case .adam: "adam"
        case .adamW: "adamw"
        case .nadam: "nadam"
        case .radam(.firstOrder): "radam"
        case .radam(.closedForm): "radam-closed-form"
        case .radam(.exact(let law)): law == .normal ? "radam-exact" : "radam-exact:\(law)"
        case .adamEpsilon(.constant(let value)): "adam-eps:\(short(value))"
        case .adamEpsilon(.linear(let first, let last, let steps)):
            "adam-eps:\(short(first)):\(short(last)):\(steps):linear"
        case .adamEpsilon(.geometric(let first, let last, let steps)): "adam-eps:\(short(first)):\(short(last)):\(steps)"
        case .adamFreeze(let steps): steps == 2000 ? "adam-2k" : "adam-2k:\(steps)"
        case .adamWarmup(.linear(let steps, _)): "adam-warmup:\(steps)"
        case .adamWarmup(.untunedLinear): "adam-untuned-linear"
        case .adamWarmup(.untunedExponential): "adam-untuned-exponential"
        case .adamWarmup(.rectification): "adam-rectified-warmup"
        case .adamWarmup(.none): "adam"
        }
    }
}

/// A number as a user writes it: 1 for 1.0.
func short(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
