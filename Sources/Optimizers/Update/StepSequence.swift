import CKernels
import Errors
import Theory

/// What a method does at one step: everything about it that does not depend on the gradients.
public struct OptimizerStep: Sendable {
    public enum Rule: String, Hashable, Codable, Sendable {
        /// Momentum and parameters stay fixed, v moves: Adam-Nk's freeze.
        case freeze
        /// The averages move, the parameters do not.
        case skip
        /// θ ← θ - α_t φ_t.
        case momentum
        /// θ ← θ - α_t r_t φ_t ψ_t.
        case adaptive
    }

    /// t, counted from 1.
    public let index: Int
    public let rule: Rule
    /// α_t with its decay and warmup; 0 where the parameters stay fixed.
    public let stepSize: Double
    /// r_t; nil where this step is not rectified.
    public let rectification: Double?
    /// ε_t; nil without adaptive rate.
    public let epsilon: Double?
    /// φ_t in terms of m_t and g_t.
    public let momentum: MomentumFactors
    /// √(1-β2^t) where ψ has it above the line, otherwise 1.
    let rateNumerator: Double
    /// The kernel's constants, but for the gradient's scale.
    var update: varlab_update

    /// ψ_t of a second moment v_t, as this method computes it.
    public func adaptiveRate(secondMoment: Double) -> Double {
        rateNumerator
            / ((secondMoment / update.bias_correction + update.inner_epsilon).squareRoot() + update.epsilon)
    }
}

/// The steps of a method, one after the other: α_t, r_t, bias corrections and ε_t as they come.
public struct StepSequence: Sendable {
    private var method: OptimizationMethod
    private let average: ExponentialAverage?
    private var momentum: MomentumFactorSequence
    private var rectification: RectificationFactors?
    private var warmup: RectificationFactors?

    /// - Throws: `ParameterError` for a method with a value outside its domain, or without the recorded values of its r_t.
    public init(_ method: OptimizationMethod) throws(ParameterError) {
        try method.validate()
        self.method = method
        average = if let rate = method.adaptiveRate { try ExponentialAverage(beta2: rate.decay) } else { nil }
        momentum = MomentumFactorSequence(method.momentum)
        if let average {
            if let rule = method.rectification {
                rectification = try RectificationFactors(average: average, variance: rule.variance)
            }
            if case .rectification(let variance) = method.stepSize.warmup {
                warmup = try RectificationFactors(average: average, variance: variance)
            }
        }
    }

    /// Changes α from the next step on; nothing else depends on it.
    /// - Throws: `ParameterError` unless it is finite and at least 0.
    mutating func set(learningRate: Double) throws(ParameterError) {
        var changed = method
        changed.stepSize.learningRate = learningRate
        try changed.validate()
        method = changed
    }

    /// Computes the exact law's r_t at these ascending steps in one pass, so that they need not be next to each other.
    mutating func prepare(for steps: [Int]) {
        rectification?.prepare(for: steps)
        warmup?.prepare(for: steps)
    }

    /// Step t; the steps ascend from call to call, and may leave some out.
    public mutating func step(at index: Int) -> OptimizerStep {
        precondition(index >= 1, "steps count from 1")
        let frozen = method.freeze?.steps ?? 0
        if index <= frozen { return assemble(index: index, rule: .freeze, stepSize: 0, rectification: nil, count: index) }
        let restarts = method.freeze?.restartsMomentumCorrection ?? false
        let count = restarts ? index - frozen : index
        let stepSize = stepSize(at: index - frozen, iteration: index)
        guard method.adaptiveRate != nil else {
            return assemble(index: index, rule: .momentum, stepSize: stepSize, rectification: nil, count: count)
        }
        guard let rule = method.rectification else {
            return assemble(index: index, rule: .adaptive, stepSize: stepSize, rectification: nil, count: count)
        }
        if rule.allows(rho: average!.rho(at: index)), let factor = rectification!.factor(at: index) {
            return assemble(index: index, rule: .adaptive, stepSize: stepSize, rectification: factor, count: count)
        }
        switch rule.before {
        case .momentumStep:
            return assemble(index: index, rule: .momentum, stepSize: stepSize, rectification: nil, count: count)
        case .skip:
            return assemble(index: index, rule: .skip, stepSize: 0, rectification: nil, count: count)
        case .adaptiveStep:
            return assemble(index: index, rule: .adaptive, stepSize: stepSize, rectification: nil, count: count)
        }
    }

    /// α_t, with t counted from the end of the freeze; a warmup by the variance of ψ_t looks at every iteration.
    private mutating func stepSize(at step: Int, iteration: Int) -> Double {
        let base = method.stepSize.learningRate * method.stepSize.decay.factor(at: step)
        switch method.stepSize.warmup {
        case .none:
            return base
        case .linear(let steps, let offset):
            return step >= steps ? base : base * Warmup.uncheckedLinear(step: step, length: steps) + offset
        case .untunedLinear:
            return base * Warmup.untunedLinear(average!, step: step)
        case .untunedExponential:
            return base * Warmup.untunedExponential(average!, step: step)
        case .rectification:
            return base * (warmup!.factor(at: iteration) ?? 0)
        }
    }

    private mutating func assemble(
        index: Int, rule: OptimizerStep.Rule, stepSize: Double, rectification: Double?, count: Int
    ) -> OptimizerStep {
        var update = varlab_update()
        update.gradient_scale = 1
        update.parameter_scale = 1
        update.bias_correction = 1
        let factors = momentum.factors(at: count)
        update.setMomentum(method.momentum, isFirst: index == 1)
        var numerator = 1.0
        if let rate = method.adaptiveRate {
            update.setSecondMoment(rate)
            let epsilon = rate.epsilon.value(at: index)
            let correction = rate.biasCorrection.value(average!, at: index)
            switch rate.placement {
            case .insideBiasCorrection:
                numerator = correction.squareRoot()
                update.epsilon = epsilon
            case .outsideBiasCorrection:
                update.bias_correction = correction
                update.epsilon = epsilon
            case .underRoot:
                update.bias_correction = correction
                update.inner_epsilon = epsilon
            }
        }
        switch rule {
        case .freeze, .skip:
            update.rule = VARLAB_HOLD
        case .momentum:
            update.rule = VARLAB_MOMENTUM
            update.setStep(stepSize, factors)
        case .adaptive:
            update.rule = VARLAB_ADAPTIVE
            update.setStep(stepSize * (rectification ?? 1) * numerator, factors)
            if case .afterAdaptiveRate = method.momentum { update.normalises_first = true }
        }
        if method.weightDecay.isDecoupled {
            update.parameter_scale = 1 - stepSize * method.weightDecay.rate
        } else {
            update.coupled_decay = method.weightDecay.rate
        }
        return OptimizerStep(
            index: index, rule: rule, stepSize: stepSize, rectification: rectification,
            epsilon: method.adaptiveRate?.epsilon.value(at: index), momentum: factors, rateNumerator: numerator, update: update)
    }
}

extension varlab_update {
    /// How m moves under this momentum.
    mutating func setMomentum(_ momentum: Momentum, isFirst: Bool) {
        switch momentum {
        case .none:
            break
        case .average(let decay, _, _):
            momentum_decay = decay
            momentum_gain = 1 - decay
        case .accumulation(let decay, let dampening, _):
            momentum_decay = decay
            momentum_gain = isFirst ? 1 : 1 - dampening
        case .afterAdaptiveRate(let decay):
            momentum_decay = decay
            momentum_gain = 1
        }
    }

    mutating func setStep(_ size: Double, _ factors: MomentumFactors) {
        momentum_step = size * factors.momentumWeight / factors.momentumCorrection
        gradient_step = size * factors.gradientWeight / factors.gradientCorrection
    }

    /// How v moves under this rate.
    mutating func setSecondMoment(_ rate: AdaptiveRate) {
        square_decay = rate.decay
        square_gain = 1 - rate.decay
    }
}
