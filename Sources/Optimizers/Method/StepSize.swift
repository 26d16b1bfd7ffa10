import CKernels
import Errors
import Theory

/// α_t = α · decay_t · warmup_t of algorithm 1.
public struct StepSize: Hashable, Sendable {
    /// α ≥ 0.
    public var learningRate: Double
    public var decay: StepDecay
    public var warmup: WarmupRule

    public init(learningRate: Double, decay: StepDecay = .constant, warmup: WarmupRule = .none) {
        self.learningRate = learningRate
        self.decay = decay
        self.warmup = warmup
    }
}

/// The factor by which the step size grows at the start.
public enum WarmupRule: Hashable, Sendable {
    case none
    /// min(t, T_w)/T_w (section 2). The authors' code adds `offset` = 1e-8 to the step size itself for t < T_w.
    case linear(steps: Int, offset: Double = 0)
    /// min(1, (1-β2)/2 · t) with the method's β2 (Ma and Yarats 2019).
    case untunedLinear
    /// 1 - exp(-(1-β2) t) with the method's β2 (ibid.).
    case untunedExponential
    /// r_t as a warmup of the plain adaptive step: 0 where the variance is infinite.
    case rectification(RectificationRule.Variance)
}

/// The factor by which the step size falls; 1 at t = 1.
public enum StepDecay: Hashable, Sendable {
    case constant
    /// 1 - (t-1)/T, and 0 for t > T.
    case linear(steps: Int)
    /// `factor` to the power of the number of milestones below t.
    case steps(milestones: [Int], factor: Double)
    /// f + (1-f) (1 + cos(π (t-1)/T))/2 with the final factor f, and f for t > T (Loshchilov and Hutter, SGDR, 2017, without
    /// restarts).
    case cosine(steps: Int, final: Double = 0)
    /// min(1, √(T/t)): constant for T steps, then the inverse square root (Vaswani et al. 2017).
    case inverseSquareRoot(constantSteps: Int)

    /// The factor for t ≥ 1.
    public func factor(at step: Int) -> Double {
        switch self {
        case .constant:
            return 1
        case .linear(let steps):
            return step > steps ? 0 : 1 - Double(step - 1) / Double(steps)
        case .steps(let milestones, let factor):
            return milestones.reduce(1) { step > $1 ? $0 * factor : $0 }
        case .cosine(let steps, let final):
            return step > steps ? final : final + (1 - final) * raisedCosine(Double(step - 1) / Double(steps))
        case .inverseSquareRoot(let constantSteps):
            return step <= constantSteps ? 1 : (Double(constantSteps) / Double(step)).squareRoot()
        }
    }
}

/// (1 + cos πx)/2 = cos²(πx/2) for 0 ≤ x ≤ 1: by the Taylor series, so that the bits do not depend on the C library.
private func raisedCosine(_ x: Double) -> Double {
    if x > 0.5 { return 1 - raisedCosine(1 - x) }
    let half = Double.pi / 2 * x
    let square = half * half
    // |half| ≤ π/4: the term after x^18/18! is below 1e-20.
    var cosine = 1.0
    for k in stride(from: 18.0, to: 0, by: -2) { cosine = 1 - square / (k * (k - 1)) * cosine }
    return cosine * cosine
}

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
