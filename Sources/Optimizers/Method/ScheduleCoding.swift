// How the step size stands in JSON; see `OptimizationMethod`.

extension StepSize: Codable {
    private enum CodingKeys: CodingKey { case learningRate }

    public init(from decoder: any Decoder) throws {
        learningRate = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .learningRate)
        decay = try StepDecay(from: decoder)
        warmup = try WarmupRule(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(learningRate, forKey: .learningRate)
        try decay.encode(to: encoder)
        try warmup.encode(to: encoder)
    }
}

extension StepDecay: Codable {
    private enum CodingKeys: CodingKey { case lrDecay, lrDecaySteps, lrDecayMilestones, lrDecayFactor, lrDecayFinal }
    private enum Kind: String, Codable { case constant, linear, steps, cosine, inverseSquareRoot = "inverse-square-root" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func steps() throws -> Int { try container.decode(Int.self, forKey: .lrDecaySteps) }
        self = switch try container.decode(Kind.self, forKey: .lrDecay) {
        case .constant: .constant
        case .linear: .linear(steps: try steps())
        case .cosine: .cosine(steps: try steps(), final: try container.decode(Double.self, forKey: .lrDecayFinal))
        case .inverseSquareRoot: .inverseSquareRoot(constantSteps: try steps())
        case .steps:
            .steps(
                milestones: try container.decode([Int].self, forKey: .lrDecayMilestones),
                factor: try container.decode(Double.self, forKey: .lrDecayFactor))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        func encode(_ kind: Kind, steps: Int) throws {
            try container.encode(kind, forKey: .lrDecay)
            try container.encode(steps, forKey: .lrDecaySteps)
        }
        switch self {
        case .constant: try container.encode(Kind.constant, forKey: .lrDecay)
        case .linear(let steps): try encode(.linear, steps: steps)
        case .inverseSquareRoot(let constantSteps): try encode(.inverseSquareRoot, steps: constantSteps)
        case .cosine(let steps, let final):
            try encode(.cosine, steps: steps)
            try container.encode(final, forKey: .lrDecayFinal)
        case .steps(let milestones, let factor):
            try container.encode(Kind.steps, forKey: .lrDecay)
            try container.encode(milestones, forKey: .lrDecayMilestones)
            try container.encode(factor, forKey: .lrDecayFactor)
        }
    }
}

extension WarmupRule: Codable {
    private enum CodingKeys: CodingKey { case warmup, warmupSteps, warmupOffset, warmupVariance }
    private enum Kind: String, Codable {
        case none, linear, rectification
        case untunedLinear = "untuned-linear"
        case untunedExponential = "untuned-exponential"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self = switch try container.decode(Kind.self, forKey: .warmup) {
        case .none: .none
        case .untunedLinear: .untunedLinear
        case .untunedExponential: .untunedExponential
        case .linear:
            .linear(
                steps: try container.decode(Int.self, forKey: .warmupSteps),
                offset: try container.decode(Double.self, forKey: .warmupOffset))
        case .rectification:
            .rectification(try container.decode(RectificationRule.Variance.self, forKey: .warmupVariance))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .none: try container.encode(Kind.none, forKey: .warmup)
        case .untunedLinear: try container.encode(Kind.untunedLinear, forKey: .warmup)
        case .untunedExponential: try container.encode(Kind.untunedExponential, forKey: .warmup)
        case .linear(let steps, let offset):
            try container.encode(Kind.linear, forKey: .warmup)
            try container.encode(steps, forKey: .warmupSteps)
            try container.encode(offset, forKey: .warmupOffset)
        case .rectification(let variance):
            try container.encode(Kind.rectification, forKey: .warmup)
            try container.encode(variance, forKey: .warmupVariance)
        }
    }
}

/// A named method is its text: `"adam-warmup:4000"`.
extension MethodSpecification: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
