import Errors
import Theory

extension OptimizationMethod {
    /// The longest schedule, 2^53 steps: up to here every step is a whole double, and no sum of two schedules overflows.
    public static let longestSchedule = 1 << 53

    /// The iterations that a run with so many updates takes: those of a freeze come before them.
    /// - Throws: `ParameterError` unless they are from 1 to ``longestSchedule``.
    public func iterations(updates: Int) throws(ParameterError) -> Int {
        try requireSteps(.steps, updates)
        let iterations = updates + (freeze?.steps ?? 0)
        try require(
            .steps, updates, iterations <= Self.longestSchedule,
            "must not exceed \(Self.longestSchedule) together with the \(freeze?.steps ?? 0) steps of the freeze")
        return iterations
    }

    /// - Throws: `ParameterError` for the first value outside its domain. The properties can be set freely; an `Optimizer`
    ///   checks its method again.
    public func validate() throws(ParameterError) {
        try momentum.validate()
        try adaptiveRate?.validate()
        try rectification?.validate()
        try stepSize.validate()
        try require(.weightDecay, weightDecay.rate, isFiniteAndNotNegative(weightDecay.rate), "must be finite and at least 0")
        if let clipping {
            try require(.clippingNorm, clipping.bound, clipping.bound > 0 && clipping.bound.isFinite, "must be finite and greater than 0")
            try require(
                .normGuard, clipping.normGuard, isFiniteAndNotNegative(clipping.normGuard), "must be finite and at least 0")
        }
        if let freeze, freeze.steps != 0 { try requireSteps(.freeze, freeze.steps) }
        if adaptiveRate == nil {
            try require(.rectification, "without adaptive rate", rectification == nil, "there is no variance to rectify")
            try require(.freeze, "without adaptive rate", freeze == nil, "there is nothing to update")
            if case .afterAdaptiveRate = momentum {
                throw ParameterError(
                    parameter: .momentum, value: "after adaptive rate", rule: "needs an adaptive rate")
            }
            switch stepSize.warmup {
            case .none, .linear: break
            case .untunedLinear, .untunedExponential, .rectification:
                throw ParameterError(parameter: .warmup, value: "without adaptive rate", rule: "there is no beta2")
            }
        }
        if let beta2 = adaptiveRate?.decay { try validateVariance(beta2: beta2) }
        if case .afterAdaptiveRate = momentum, rectification != nil {
            throw ParameterError(
                parameter: .rectification, value: "of a momentum after the adaptive rate",
                rule: "would rectify past steps again")
        }
    }

    /// The exact law has a smaller domain of β2.
    private func validateVariance(beta2: Double) throws(ParameterError) {
        if case .exact(let law) = rectification?.variance { try law.validate(beta2: beta2) }
        if case .rectification(.exact(let law)) = stepSize.warmup { try law.validate(beta2: beta2) }
    }
}

extension Momentum {
    func validate() throws(ParameterError) {
        switch self {
        case .none:
            break
        case .average(let decay, _, let lookAhead):
            try requireDecay(.beta1, decay)
            if case .scheduled(let decay, _) = lookAhead {
                try require(.momentumDecay, decay, isFiniteAndNotNegative(decay), "must be finite and at least 0")
            }
        case .accumulation(let decay, let dampening, _):
            try requireDecay(.momentum, decay)
            try require(.dampening, dampening, dampening >= 0 && dampening <= 1, "must be in [0, 1]")
        case .afterAdaptiveRate(let decay):
            try requireDecay(.momentum, decay)
        }
    }
}

extension AdaptiveRate {
    func validate() throws(ParameterError) {
        try requireDecay(.beta2, decay)
        switch epsilon {
        case .constant(let value):
            try require(.epsilon, value, isFiniteAndNotNegative(value), "must be finite and at least 0")
        case .linear(let first, let last, let steps), .geometric(let first, let last, let steps):
            for value in [first, last] {
                try require(.epsilon, value, isFiniteAndNotNegative(value), "must be finite and at least 0")
            }
            try requireSteps(.epsilonSteps, steps)
        }
        if case .geometric(let first, let last, _) = epsilon {
            for value in [first, last] {
                try require(.epsilon, value, value >= .leastNormalMagnitude, "must be greater than 0 to grow by ratios")
            }
            try require(.epsilon, last, (last / first).isNormal, "must not be that far from \(first)")
        }
    }
}

extension RectificationRule {
    func validate() throws(ParameterError) {
        try require(.threshold, threshold, isFiniteAndNotNegative(threshold), "must be finite and at least 0")
    }
}

extension StepSize {
    func validate() throws(ParameterError) {
        try require(.learningRate, learningRate, isFiniteAndNotNegative(learningRate), "must be finite and at least 0")
        switch decay {
        case .constant:
            break
        case .linear(let steps):
            try requireSteps(.decaySteps, steps)
        case .cosine(let steps, let final):
            try requireSteps(.decaySteps, steps)
            try require(.finalFactor, final, final >= 0 && final <= 1, "must be in [0, 1]")
        case .inverseSquareRoot(let constantSteps):
            try requireSteps(.constantSteps, constantSteps)
        case .steps(let milestones, let factor):
            try require(.decayFactor, factor, factor >= 0 && factor <= 1, "must be in [0, 1]")
            for milestone in milestones { try requireSteps(.milestone, milestone) }
        }
        if case .linear(let steps, let offset) = warmup {
            try requireSteps(.warmupSteps, steps)
            try require(.warmupOffset, offset, isFiniteAndNotNegative(offset), "must be finite and at least 0")
        }
    }
}

private func isFiniteAndNotNegative(_ value: Double) -> Bool { value >= 0 && value.isFinite }

private func requireDecay(_ parameter: Parameter, _ value: Double) throws(ParameterError) {
    try require(parameter, value, value >= 0 && value < 1, "must be in [0, 1)")
}

private func requireSteps(_ parameter: Parameter, _ steps: Int) throws(ParameterError) {
    try require(
        parameter, steps, steps >= 1 && steps <= OptimizationMethod.longestSchedule,
        "must be from 1 to \(OptimizationMethod.longestSchedule)")
}

private func require(
    _ parameter: Parameter, _ value: some CustomStringConvertible, _ holds: Bool, _ rule: String
) throws(ParameterError) {
    if !holds { throw ParameterError(parameter: parameter, value: value, rule: rule) }
}
