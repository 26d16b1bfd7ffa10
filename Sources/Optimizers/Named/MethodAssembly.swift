import Errors
import Theory

/// Puts a named method together from its settings and from what an implementation does.
struct MethodAssembly {
    let settings: MethodSettings
    let implementation: Implementation

    func method(_ specification: MethodSpecification) throws(ParameterError) -> OptimizationMethod {
        switch specification {
        case .sgd(let momentum, let isNesterov):
            return try make(sgdMomentum(momentum, isNesterov: isNesterov), nil)
        case .rmsprop(let momentum, let isCentred):
            return try make(momentum == 0 ? .none : .afterAdaptiveRate(decay: momentum), rmspropRate(isCentred: isCentred))
        case .adam:
            return try make(average(), adamRate())
        case .adamW:
            return try make(average(), adamRate(), weightDecay: implementation.weightDecayOfAdamW, isDecoupled: true)
        case .nadam:
            return try make(average(lookAhead: implementation == .torch ? .scheduled(roundsProduct: true) : .constant), adamRate())
        case .radam(let variance):
            return try make(average(), radamRate(), rectification: rectification(variance))
        case .adamEpsilon(let schedule):
            return try make(average(), adamRate(epsilon: schedule))
        case .adamFreeze(let steps):
            return try make(
                average(), adamRate(),
                freeze: Freeze(steps: steps, restartsMomentumCorrection: settings.restartsMomentumCorrection))
        case .adamWarmup(let warmup):
            return try make(average(), adamRate(), warmup: warmupRule(warmup))
        }
    }

    private func make(
        _ momentum: Momentum, _ rate: AdaptiveRate?, rectification: RectificationRule? = nil, warmup: WarmupRule = .none,
        freeze: Freeze? = nil, weightDecay: Double = 0, isDecoupled: Bool? = nil
    ) throws(ParameterError) -> OptimizationMethod {
        try OptimizationMethod(
            momentum: momentum, adaptiveRate: rate, rectification: rectification,
            stepSize: StepSize(learningRate: settings.learningRate, decay: settings.stepDecay, warmup: warmup),
            weightDecay: WeightDecay(
                rate: settings.weightDecay ?? weightDecay,
                isDecoupled: isDecoupled ?? settings.isDecoupled ?? (implementation != .torch)),
            clipping: settings.clippingNorm.map { GradientClipping(bound: $0, normGuard: clippingGuard) }, freeze: freeze)
    }

    private func average(lookAhead: Momentum.LookAhead = .none) -> Momentum {
        .average(decay: settings.beta1, biasCorrection: biasCorrection, lookAhead: lookAhead)
    }

    private func sgdMomentum(_ momentum: Double, isNesterov: Bool) -> Momentum {
        if implementation == .paper {
            return momentum == 0 ? .none : .average(decay: momentum, biasCorrection: biasCorrection, lookAhead: isNesterov ? .constant : .none)
        }
        return momentum == 0 ? .none : .accumulation(decay: momentum, isNesterov: isNesterov)
    }

    private func adamRate(epsilon: EpsilonSchedule? = nil) -> AdaptiveRate {
        AdaptiveRate(
            decay: settings.beta2, epsilon: epsilon ?? .constant(settings.epsilon),
            placement: implementation == .torch || implementation == .optax ? .outsideBiasCorrection : .insideBiasCorrection,
            biasCorrection: biasCorrection)
    }

    private func radamRate() -> AdaptiveRate {
        AdaptiveRate(
            decay: settings.beta2, epsilon: .constant(settings.epsilon),
            placement: implementation == .optax ? .outsideBiasCorrection : .insideBiasCorrection,
            biasCorrection: biasCorrection)
    }

    private func rmspropRate(isCentred: Bool) -> AdaptiveRate {
        AdaptiveRate(
            decay: settings.rmspropDecay ?? implementation.rmspropDecay ?? settings.beta2, epsilon: .constant(settings.epsilon),
            placement: implementation == .optax ? .underRoot : .outsideBiasCorrection, biasCorrection: .none,
            isCentred: isCentred)
    }

    /// The thresholds belong to the first-order formula; the other two need none.
    private func rectification(_ variance: RectificationRule.Variance) -> RectificationRule {
        var rule = RectificationRule(variance: variance, before: implementation == .authors ? .skip : .momentumStep)
        if variance == .firstOrder {
            rule.threshold = implementation == .paper ? 4 : 5
            rule.includesThreshold = implementation == .authors || implementation == .optax
        }
        return rule
    }

    private func warmupRule(_ warmup: WarmupRule) -> WarmupRule {
        guard case .linear(let steps, _) = warmup, implementation == .authors else { return warmup }
        return .linear(steps: steps, offset: 1e-8)
    }

    private var biasCorrection: BiasCorrection { implementation == .paper ? .exact : .textbook }

    private var clippingGuard: Double { implementation == .authors || implementation == .torch ? 1e-6 : 0 }
}
