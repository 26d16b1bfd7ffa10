import Errors
import Theory

/// The law of the gradients whose Var[ψ_t] an exact r_t = √(Var[ψ_∞]/Var[ψ_t]) holds at its limit.
///
/// Any law has the same definition as the normal one, and where Var[ψ_t] is infinite there is no r_t and the method does what it does
/// before it rectifies: at t ≤ 2 for every law with a density at 0, however heavy its tails, whose variance is finite from t = 3 on; at
/// every step where recorded gradients have values of exactly 0. Recorded gradients without such a value have an r_t from the first step on.
public struct RectificationLaw: Hashable, Sendable {
    /// What the gradients about 0 follow.
    public let gradients: GradientLaw
    /// r in (-1, 1) of normal AR(1) gradients.
    public let autocorrelation: Double
    /// What tells one recorded law from another: the SHA-256 of its file.
    public let digest: String?
    /// The law itself; nil for a recorded one that was read from JSON, which names its values but does not have them.
    let process: GradientProcess?

    /// Independent normal gradients, the theory's assumption.
    public static let normal = RectificationLaw(.normal, autocorrelation: 0, digest: nil, process: unchecked(.normal))

    private init(_ gradients: GradientLaw, autocorrelation: Double, digest: String?, process: GradientProcess?) {
        self.gradients = gradients
        self.autocorrelation = autocorrelation
        self.digest = digest
        self.process = process
    }

    /// - Parameters:
    ///   - gradients: any law but recorded values.
    ///   - autocorrelation: r in (-1, 1) of normal gradients.
    /// - Throws: `ParameterError` for what has no exact law: a parameter outside its domain, an autocorrelation outside (-1, 1) or of gradients that
    ///   are not normal.
    public init(_ gradients: GradientLaw, autocorrelation: Double = 0) throws(ParameterError) {
        let process = try GradientProcess(gradients, autocorrelation: autocorrelation)
        self.init(gradients, autocorrelation: autocorrelation, digest: nil, process: process)
    }

    /// The marginal law of recorded gradients.
    /// - Parameters:
    ///   - values: the values, which differ in size.
    ///   - digest: the SHA-256 of the file that they come from, in hexadecimal digits.
    /// - Throws: `ParameterError` for values that are not finite or above 1e100, none, and such that all have one size, whose ψ_t has no variance.
    public init(recorded values: [Double], digest: String) throws(ParameterError) {
        let process = try GradientProcess(.recorded, recorded: values)
        guard values.contains(where: { $0.magnitude != values[0].magnitude }) else {
            throw ParameterError(parameter: .gradients, value: "recorded", rule: "values of one size leave no variance to rectify")
        }
        self.init(.recorded, autocorrelation: 0, digest: digest, process: process)
    }

    private static func unchecked(_ law: GradientLaw) -> GradientProcess {
        do {
            return try GradientProcess(law)
        } catch {
            preconditionFailure("a law without parameters: \(error)")
        }
    }

    /// Recorded laws are equal where their files are.
    public static func == (a: RectificationLaw, b: RectificationLaw) -> Bool {
        a.gradients == b.gradients && a.autocorrelation == b.autocorrelation && a.digest == b.digest
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(gradients)
        hasher.combine(autocorrelation)
        hasher.combine(digest)
    }

    /// - Throws: `ParameterError` for a β2 outside the exact law's domain, and for one so near to 1 that autocorrelated gradients would have
    ///   to be followed for more than ``ExactProcessLaw/mostSteps`` steps.
    func validate(beta2: Double) throws(ParameterError) {
        guard let process else { return }
        try ExactProcessLaw(beta2: beta2, process: process).requireEveryStep()
    }
}

extension RectificationLaw: CustomStringConvertible {
    /// The forms that `init(parsing:)` reads, as they stand in a method's name.
    public static let forms = "student-t:DF, laplace, uniform, logistic, mixture:P:SIGMA, autocorrelation:R"

    private static let correlated = "autocorrelation", recorded = "trace"

    /// Reads a law as it stands in a method's name, where commas are colons.
    /// - Throws: `ParameterError` for text of another form, or with a number outside its domain.
    init(parsing text: String) throws(ParameterError) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if fields[0] == Self.correlated {
            guard fields.count == 2, let autocorrelation = Double(fields[1]) else {
                throw ParameterError(parameter: .gradients, value: text, rule: "must be autocorrelation:R, R a number in (-1, 1)")
            }
            self = try RectificationLaw(.normal, autocorrelation: autocorrelation)
            return
        }
        if fields[0] == Self.recorded {
            throw ParameterError(parameter: .gradients, value: text, rule: "recorded gradients are no part of a method's name")
        }
        guard ["normal", "student-t", "laplace", "uniform", "logistic", "mixture"].contains(fields[0]) else {
            throw ParameterError(parameter: .gradients, value: text, rule: "the law must be one of \(Self.forms)")
        }
        let specification = fields[0] + (fields.count > 1 ? ":" + fields.dropFirst().joined(separator: ",") : "")
        self = try RectificationLaw(GradientLaw(specification: specification))
    }

    /// As in a method's name: `laplace`, `mixture:0.1:10`, `autocorrelation:0.5`; `trace` for recorded values.
    public var description: String {
        if autocorrelation != 0 { return "\(Self.correlated):\(short(autocorrelation))" }
        return gradients == .recorded ? Self.recorded : gradients.specification.replacingCommas
    }
}

extension RectificationLaw {
    /// The text in JSON: a recorded law with its digest, `trace:6b1f…`.
    var coded: String { digest.map { "\(Self.recorded):\($0)" } ?? description }

    /// - Throws: `DecodingError` for text that ``coded`` does not write.
    init(coded text: String, in container: any SingleValueDecodingContainer) throws {
        let prefix = Self.recorded + ":"
        if text.hasPrefix(prefix) {
            self.init(.recorded, autocorrelation: 0, digest: String(text.dropFirst(prefix.count)), process: nil)
            return
        }
        do {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }
}

extension String {
    fileprivate var replacingCommas: String { String(map { $0 == "," ? ":" : $0 }) }
}
