import Errors
import Theory

/// The name of an optimizer with its own numbers, as a user writes it: `adam-warmup:4000`.
public enum MethodSpecification: Hashable, Sendable {
    /// `sgd`, `sgd:MOMENTUM`, `nesterov:MOMENTUM`.
    case sgd(momentum: Double = 0, isNesterov: Bool = false)
    /// `rmsprop`, `rmsprop:MOMENTUM`, and `rmsprop-centred` in the same way.
    case rmsprop(momentum: Double = 0, isCentred: Bool = false)
    case adam
    /// Adam with decoupled weight decay in every implementation.
    case adamW
    case nadam
    /// `radam`, `radam-closed-form`, `radam-exact`: by Eq. 5 with the implementation's threshold, by Eq. 2 and by the exact law
    /// from the first step with a finite variance on.
    case radam(RectificationRule.Variance = .firstOrder)
    /// `adam-eps:EPSILON`, or `adam-eps:FIRST:LAST:STEPS[:linear]`, geometric unless linear.
    case adamEpsilon(EpsilonSchedule = .constant(1e-4))
    /// `adam-2k`, `adam-2k:N`: Adam after N iterations (2000 unless given) that only update v.
    case adamFreeze(steps: Int = 2000)
    /// `adam-warmup:STEPS`, `adam-untuned-linear`, `adam-untuned-exponential`, `adam-rectified-warmup`.
    case adamWarmup(WarmupRule)

    /// One of each form.
    public static let all: [MethodSpecification] = [
        .sgd(), .sgd(momentum: 0.9), .sgd(momentum: 0.9, isNesterov: true),
        .rmsprop(), .rmsprop(momentum: 0.9), .rmsprop(isCentred: true), .rmsprop(momentum: 0.9, isCentred: true),
        .adam, .adamW, .nadam, .radam(.firstOrder), .radam(.closedForm), .radam(.exactLaw),
        .adamEpsilon(.constant(1e-4)), .adamEpsilon(.linear(first: 1e-8, last: 1e-4, steps: 2000)),
        .adamEpsilon(.geometric(first: 1e-8, last: 1e-4, steps: 2000)), .adamFreeze(steps: 2000), .adamWarmup(.linear(steps: 4000)),
        .adamWarmup(.untunedLinear), .adamWarmup(.untunedExponential), .adamWarmup(.rectification(.firstOrder)),
    ]

    /// The method of this name in an implementation.
    /// - Throws: `ParameterError` for a setting outside its domain.
    public func method(_ settings: MethodSettings, like implementation: Implementation) throws(ParameterError) -> OptimizationMethod {
        try MethodAssembly(settings: settings, implementation: implementation).method(self)
    }
}
