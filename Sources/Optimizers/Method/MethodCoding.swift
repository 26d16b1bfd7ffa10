/// How a method stands in JSON: one flat object of plain words and numbers, in which only what the method has is named.
///
///     {"momentum": "average", "momentumDecay": 0.9, "momentumCorrection": "exact", "lookAhead": "none",
///      "beta2": 0.999, "epsilon": 1e-8, "epsilonPlacement": "inside-bias-correction", "rateCorrection": "exact", "centred": false,
///      "rectification": "first-order", "threshold": 4, "includesThreshold": false, "before": "momentum-step",
///      "learningRate": 0.001, "lrDecay": "constant", "warmup": "none", "weightDecay": 0, "decoupled": true}
///
/// | word                 | what it can be                                                                     |
/// | -------------------- | ---------------------------------------------------------------------------------- |
/// | momentum             | none; average; accumulation (dampening, nesterov); after-adaptive-rate             |
/// | momentumDecay        | β1 of an average, μ of the others                                                  |
/// | lookAhead            | of an average: none; constant; scheduled (lookAheadDecay, lookAheadRoundsProduct)  |
/// | beta2                | β2; absent without adaptive rate, with all that belongs to it                      |
/// | epsilon              | a number, or epsilonSchedule linear or geometric (epsilonFirst, -Last, -Steps)     |
/// | rectification        | absent, or from which variance: first-order, closed-form, exact-law, exact-law:LAW |
/// | lrDecay              | constant; linear, cosine (lrDecayFinal), inverse-square-root (lrDecaySteps); steps (lrDecayMilestones, lrDecayFactor) |
/// | warmup               | none; linear (warmupSteps, warmupOffset); untuned-linear; untuned-exponential; rectification (warmupVariance) |
/// | clip                 | the largest norm (clipGuard); absent without clipping                              |
/// | freezeSteps          | Adam-2k's (freezeRestartsMomentumCorrection); absent without freeze                |
///
/// Each part has its own keys and writes them into the object that it stands in, so that it can also stand alone.
extension OptimizationMethod: Codable {
    private enum CodingKeys: CodingKey {
        case beta2, rectification, weightDecay, decoupled, clip, clipGuard, freezeSteps, freezeRestartsMomentumCorrection
    }

    /// - Throws: `DecodingError`; also for a method with a number outside its domain.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        momentum = try Momentum(from: decoder)
        adaptiveRate = container.contains(.beta2) ? try AdaptiveRate(from: decoder) : nil
        rectification = container.contains(.rectification) ? try RectificationRule(from: decoder) : nil
        stepSize = try StepSize(from: decoder)
        weightDecay = WeightDecay(
            rate: try container.decode(Double.self, forKey: .weightDecay),
            isDecoupled: try container.decode(Bool.self, forKey: .decoupled))
        clipping = try container.decodeIfPresent(Double.self, forKey: .clip).map {
            GradientClipping(bound: $0, normGuard: try container.decode(Double.self, forKey: .clipGuard))
        }
        freeze = try container.decodeIfPresent(Int.self, forKey: .freezeSteps).map {
            Freeze(
                steps: $0,
                restartsMomentumCorrection: try container.decode(Bool.self, forKey: .freezeRestartsMomentumCorrection))
        }
        do {
            try validate()
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no method: \(error)", underlyingError: error))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        try momentum.encode(to: encoder)
        try adaptiveRate?.encode(to: encoder)
        try rectification?.encode(to: encoder)
        try stepSize.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(weightDecay.rate, forKey: .weightDecay)
        try container.encode(weightDecay.isDecoupled, forKey: .decoupled)
        try container.encodeIfPresent(clipping?.bound, forKey: .clip)
        try container.encodeIfPresent(clipping?.normGuard, forKey: .clipGuard)
        try container.encodeIfPresent(freeze?.steps, forKey: .freezeSteps)
        try container.encodeIfPresent(freeze?.restartsMomentumCorrection, forKey: .freezeRestartsMomentumCorrection)
    }
}

extension Momentum: Codable {
    private enum CodingKeys: CodingKey {
        case momentum, momentumDecay, momentumCorrection, lookAhead, lookAheadDecay, lookAheadRoundsProduct, dampening, nesterov
    }

    private enum Kind: String, Codable { case none, average, accumulation, afterAdaptiveRate = "after-adaptive-rate" }
    private enum LookAheadKind: String, Codable { case none, constant, scheduled }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func decay() throws -> Double { try container.decode(Double.self, forKey: .momentumDecay) }
        switch try container.decode(Kind.self, forKey: .momentum) {
        case .none:
            self = .none
        case .average:
            let lookAhead: LookAhead = switch try container.decode(LookAheadKind.self, forKey: .lookAhead) {
            case .none: .none
            case .constant: .constant
            case .scheduled:
                .scheduled(
                    decay: try container.decode(Double.self, forKey: .lookAheadDecay),
                    roundsProduct: try container.decode(Bool.self, forKey: .lookAheadRoundsProduct))
            }
            self = .average(
                decay: try decay(), biasCorrection: try container.decode(BiasCorrection.self, forKey: .momentumCorrection),
                lookAhead: lookAhead)
        case .accumulation:
            self = .accumulation(
                decay: try decay(), dampening: try container.decode(Double.self, forKey: .dampening),
                isNesterov: try container.decode(Bool.self, forKey: .nesterov))
        case .afterAdaptiveRate:
            self = .afterAdaptiveRate(decay: try decay())
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        func begin(_ kind: Kind, _ decay: Double) throws {
            try container.encode(kind, forKey: .momentum)
            try container.encode(decay, forKey: .momentumDecay)
        }
        switch self {
        case .none:
            try container.encode(Kind.none, forKey: .momentum)
        case .average(let decay, let biasCorrection, let lookAhead):
            try begin(.average, decay)
            try container.encode(biasCorrection, forKey: .momentumCorrection)
            switch lookAhead {
            case .none: try container.encode(LookAheadKind.none, forKey: .lookAhead)
            case .constant: try container.encode(LookAheadKind.constant, forKey: .lookAhead)
            case .scheduled(let decay, let roundsProduct):
                try container.encode(LookAheadKind.scheduled, forKey: .lookAhead)
                try container.encode(decay, forKey: .lookAheadDecay)
                try container.encode(roundsProduct, forKey: .lookAheadRoundsProduct)
            }
        case .accumulation(let decay, let dampening, let isNesterov):
            try begin(.accumulation, decay)
            try container.encode(dampening, forKey: .dampening)
            try container.encode(isNesterov, forKey: .nesterov)
        case .afterAdaptiveRate(let decay):
            try begin(.afterAdaptiveRate, decay)
        }
    }
}

extension AdaptiveRate: Codable {
    private enum CodingKeys: CodingKey {
        case beta2, epsilon, epsilonSchedule, epsilonFirst, epsilonLast, epsilonSteps, epsilonPlacement, rateCorrection, centred
    }

    private enum Growth: String, Codable { case linear, geometric }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        decay = try container.decode(Double.self, forKey: .beta2)
        placement = try container.decode(EpsilonPlacement.self, forKey: .epsilonPlacement)
        biasCorrection = try container.decode(BiasCorrection.self, forKey: .rateCorrection)
        isCentred = try container.decode(Bool.self, forKey: .centred)
        guard let growth = try container.decodeIfPresent(Growth.self, forKey: .epsilonSchedule) else {
            epsilon = .constant(try container.decode(Double.self, forKey: .epsilon))
            return
        }
        let first = try container.decode(Double.self, forKey: .epsilonFirst)
        let last = try container.decode(Double.self, forKey: .epsilonLast)
        let steps = try container.decode(Int.self, forKey: .epsilonSteps)
        epsilon = switch growth {
        case .linear: .linear(first: first, last: last, steps: steps)
        case .geometric: .geometric(first: first, last: last, steps: steps)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(decay, forKey: .beta2)
        try container.encode(placement, forKey: .epsilonPlacement)
        try container.encode(biasCorrection, forKey: .rateCorrection)
        try container.encode(isCentred, forKey: .centred)
        switch epsilon {
        case .constant(let value):
            try container.encode(value, forKey: .epsilon)
        case .linear(let first, let last, let steps), .geometric(let first, let last, let steps):
            let growth: Growth = if case .linear = epsilon { .linear } else { .geometric }
            try container.encode(growth, forKey: .epsilonSchedule)
            try container.encode(first, forKey: .epsilonFirst)
            try container.encode(last, forKey: .epsilonLast)
            try container.encode(steps, forKey: .epsilonSteps)
        }
    }
}
