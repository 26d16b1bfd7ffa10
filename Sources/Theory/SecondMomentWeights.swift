import Errors

/// How the second moment under ψ_t weighs the squared gradients.
public enum SecondMomentWeights: Sendable, Hashable {
    /// Adam: v̂_t = v_t/(1-β2^t), v_t = β2 v_{t-1} + (1-β2) g_t² from v_0 = 0.
    case biasCorrected
    /// v_t itself from v_0 = 0.
    case uncorrected
    /// v_t itself from v_0 = g_0², the square of one independent gradient of the same law (GI-Adam, Kalra and Barkeshli 2406.09405).
    case initialSquare
    /// v_t with β2_t = 1 - t^{-p} (Adafactor, Shazeer and Stern 1804.04235, p = 0.8; p = 1 is the plain mean); the β2 of the law is unused.
    case growingDecay(exponent: Double)
    /// v̂_{t-1} under g_t; undefined at t = 1.
    case previous
    /// v_{t-1} under g_t, with v_0 = g_0² (ADOPT, Taniguchi et al. 2411.02853).
    case previousWithInitialSquare
    /// w_0, w_1, …: Σ_k w_k g²_{t-k} over k < t, as they are; β2 is unused.
    case list([Double])

    /// The forms of a specification but for a list, for help and errors.
    public static let forms = "adam, no-bias, v0-g0, adafactor:P, previous, adopt"

    /// Parses ``forms``.
    /// - Throws: `ParameterError` that quotes the specification and says which rule it breaks.
    public init(specification: String) throws(ParameterError) {
        let parts = specification.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first ?? "", parts.count) {
        case ("adam", 1): self = .biasCorrected
        case ("no-bias", 1): self = .uncorrected
        case ("v0-g0", 1): self = .initialSquare
        case ("previous", 1): self = .previous
        case ("adopt", 1): self = .previousWithInitialSquare
        case ("adafactor", 1): self = .growingDecay(exponent: 0.8)
        case ("adafactor", 2):
            guard let exponent = Double(parts[1]) else {
                throw ParameterError(parameter: .weights, value: specification, rule: "the exponent must be a number")
            }
            self = .growingDecay(exponent: exponent)
        default:
            throw ParameterError(parameter: .weights, value: specification, rule: "must be one of \(Self.forms)")
        }
        try validate(as: specification)
    }

    /// - Throws: `ParameterError` unless an exponent is in (0, 1], and a list has finite weights that are not negative, one of them positive.
    func validate(as value: String? = nil) throws(ParameterError) {
        switch self {
        case .growingDecay(let exponent):
            guard exponent > 0, exponent <= 1 else {
                throw ParameterError(parameter: .weights, value: value ?? "\(exponent)", rule: "the exponent must be in (0, 1]")
            }
        case .list(let weights):
            for weight in weights {
                guard weight == 0 || (weight >= 1e-50 && weight <= 1e50) else {
                    throw ParameterError(parameter: .weights, value: weight, rule: "a weight must be 0 or in [1e-50, 1e50]")
                }
            }
            guard weights.contains(where: { $0 > 0 }) else {
                throw ParameterError(parameter: .weights, value: value ?? "\(weights.count) weights", rule: "one must be positive")
            }
        case .biasCorrected, .uncorrected, .initialSquare, .previous, .previousWithInitialSquare: break
        }
    }

    /// By how many steps ψ lags behind the gradient.
    var delay: Int {
        switch self {
        case .previous, .previousWithInitialSquare: 1
        default: 0
        }
    }

    /// Whether v is divided by 1 - β2^t.
    var isBiasCorrected: Bool { self == .biasCorrected || self == .previous }

    /// Whether β2 grows with t.
    var isGrowing: Bool { if case .growingDecay = self { true } else { false } }

    /// Whether the weights are given one by one.
    var isList: Bool { if case .list = self { true } else { false } }

    /// Whether v_0 is g_0².
    var hasInitialSquare: Bool { self == .initialSquare || self == .previousWithInitialSquare }
}
