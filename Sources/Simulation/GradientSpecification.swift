import Errors
import Theory

/// A source of gradients as it is written on the command line.
extension GradientSource: CustomStringConvertible {
    /// The forms of a specification, for help and errors.
    public static let forms = "normal, student-t:DF, laplace, uniform, logistic, mixture:P,SIGMA, trace:FILE"

    /// Parses all ``forms`` but `trace:FILE`, whose values come through ``samples(_:seriesLength:blockLength:name:)``.
    /// - Throws: ``Theory/ParameterError`` that quotes the specification and says which rule it breaks.
    public init(specification: String) throws(ParameterError) {
        func failure(_ rule: String) -> ParameterError {
            ParameterError(parameter: .gradients, value: specification, rule: rule)
        }
        let parts = specification.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let arguments = parts.count < 2
            ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let law: Law
        switch (parts[0], arguments.count) {
        case ("normal", 0): law = .normal
        case ("laplace", 0): law = .laplace
        case ("uniform", 0): law = .uniform
        case ("logistic", 0): law = .logistic
        case ("normal", _), ("laplace", _), ("uniform", _), ("logistic", _):
            throw failure("\(parts[0]) takes no parameter")
        case ("student-t", 1):
            guard let nu = arguments[0] else { throw failure("degrees of freedom must be a number") }
            law = .studentT(degreesOfFreedom: nu)
        case ("student-t", _): throw failure("must be student-t:DF, DF the degrees of freedom")
        case ("mixture", 2):
            guard let share = arguments[0], let sigma = arguments[1] else {
                throw failure("probability and standard deviation must be numbers")
            }
            law = .mixture(share: share, standardDeviation: sigma)
        case ("mixture", _): throw failure("must be mixture:P,SIGMA, probability and standard deviation of the second normal")
        case ("trace", _):
            throw failure(parts.count == 1 ? "must be trace:FILE, a file of recorded gradients" : "its file must be read first")
        default: throw failure("must be one of \(Self.forms)")
        }
        if let rule = Self.brokenRule(law) { throw failure(rule) }
        try self.init(law)
    }

    /// The specification that gives this source again; for recorded values the name that they were given.
    public var specification: String {
        switch law {
        case .normal: "normal"
        case .studentT(let nu): "student-t:\(Self.text(nu))"
        case .laplace: "laplace"
        case .uniform: "uniform"
        case .logistic: "logistic"
        case .mixture(let share, let sigma): "mixture:\(Self.text(share)),\(Self.text(sigma))"
        case .recorded: name
        }
    }

    public var description: String { specification }

    /// What is wrong with a law's parameters, nil if nothing.
    static func brokenRule(_ law: Law) -> String? {
        switch law {
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
