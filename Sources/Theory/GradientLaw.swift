import Errors

/// The family of a symmetric law of gradients and its parameters, as it is written on the command line.
///
/// Every law has mean 0, and unit variance where it has one. Student's t with ν ≤ 2 has no variance and is left at scale 1.
public enum GradientLaw: Sendable, Hashable {
    /// N(0, 1).
    case normal
    /// Student's t with ν = `degreesOfFreedom`, from 0.125 to 1e100; divided by √(ν/(ν-2)) where ν > 2.
    case studentT(degreesOfFreedom: Double)
    /// Density exp(-√2 |z|)/√2.
    case laplace
    /// Uniform on (-√3, √3).
    case uniform
    /// The logistic law with scale √3/π.
    case logistic
    /// N(0, Σ²) with probability P = `share`, else N(0, 1); divided by √(1-P+PΣ²). P in [0, 1], Σ in [1e-6, 1e6].
    case mixture(share: Double, standardDeviation: Double)
    /// Drawn with replacement from recorded values.
    case recorded

    /// The forms of a specification, for help and errors.
    public static let forms = "normal, student-t:DF, laplace, uniform, logistic, mixture:P,SIGMA, trace:FILE"

    /// Parses all ``forms`` but `trace:FILE`, whose values must be read.
    /// - Throws: `ParameterError` that quotes the specification and says which rule it breaks.
    public init(specification: String) throws(ParameterError) {
        func failure(_ rule: String) -> ParameterError {
            ParameterError(parameter: .gradients, value: specification, rule: rule)
        }
        let parts = specification.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let arguments = parts.count < 2
            ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        switch (parts[0], arguments.count) {
        case ("normal", 0): self = .normal
        case ("laplace", 0): self = .laplace
        case ("uniform", 0): self = .uniform
        case ("logistic", 0): self = .logistic
        case ("normal", _), ("laplace", _), ("uniform", _), ("logistic", _):
            throw failure("\(parts[0]) takes no parameter")
        case ("student-t", 1):
            guard let nu = arguments[0] else { throw failure("degrees of freedom must be a number") }
            self = .studentT(degreesOfFreedom: nu)
        case ("student-t", _): throw failure("must be student-t:DF, DF the degrees of freedom")
        case ("mixture", 2):
            guard let share = arguments[0], let sigma = arguments[1] else {
                throw failure("probability and standard deviation must be numbers")
            }
            self = .mixture(share: share, standardDeviation: sigma)
        case ("mixture", _): throw failure("must be mixture:P,SIGMA, probability and standard deviation of the second normal")
        case ("trace", _):
            throw failure(parts.count == 1 ? "must be trace:FILE, a file of recorded gradients" : "its file must be read first")
        default: throw failure("must be one of \(Self.forms)")
        }
        if let rule = brokenRule { throw failure(rule) }
    }

    /// The specification that gives this law again; `recorded` for recorded values.
    public var specification: String {
        switch self {
        case .normal: "normal"
        case .studentT(let nu): "student-t:\(Self.text(nu))"
        case .laplace: "laplace"
        case .uniform: "uniform"
        case .logistic: "logistic"
        case .mixture(let share, let sigma): "mixture:\(Self.text(share)),\(Self.text(sigma))"
        case .recorded: "recorded"
        }
    }

    /// Whether the law has a variance, which is then 1.
    public var hasUnitVariance: Bool {
        if case .studentT(let nu) = self { nu > 2 } else { true }
    }

    /// What is wrong with a law's parameters, nil if nothing.
    public var brokenRule: String? {
        switch self {
        case .studentT(let nu):
            if !(nu > 0) { return "degrees of freedom must be greater than 0" }
            // Below, |z| = 2^(53/ν) and its square leave the range of double precision; above, it is the normal law.
            if !(nu >= 0.125 && nu <= 1e100) { return "degrees of freedom must be from 0.125 to 1e100" }
        case .mixture(let share, let sigma):
            if !(share >= 0 && share <= 1) { return "the probability must be in [0, 1]" }
            if !(sigma > 0) { return "the standard deviation must be greater than 0" }
            if !(sigma >= 1e-6 && sigma <= 1e6) { return "the standard deviation must be in [1e-6, 1e6]" }
        case .normal, .laplace, .uniform, .logistic, .recorded: break
        }
        return nil
    }

    /// The shortest digits that read back the same, whole numbers without `.0`.
    private static func text(_ value: Double) -> String {
        let digits = value.description
        return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    }
}
