import Errors
import Theory

/// One system as a value: algorithm 1 with its φ, ψ, r and α.
///
///     θ_t = θ_{t-1} - α_t r_t φ_t(g_1…g_t) ψ_t(g_1…g_t)
///
/// Every named optimizer is such a value (see `MethodSpecification`); an `Optimizer` runs one on a flat buffer.
public struct OptimizationMethod: Hashable, Sendable {
    /// φ.
    public var momentum: Momentum
    /// ψ; nil for SGD, where it is 1.
    public var adaptiveRate: AdaptiveRate?
    /// r; nil where it is 1.
    public var rectification: RectificationRule?
    /// α.
    public var stepSize: StepSize
    public var weightDecay: WeightDecay
    public var clipping: GradientClipping?
    public var freeze: Freeze?

    /// - Throws: `ParameterError` for a value outside its domain.
    public init(
        momentum: Momentum, adaptiveRate: AdaptiveRate? = nil, rectification: RectificationRule? = nil, stepSize: StepSize,
        weightDecay: WeightDecay = WeightDecay(), clipping: GradientClipping? = nil, freeze: Freeze? = nil
    ) throws(ParameterError) {
        self.momentum = momentum
        self.adaptiveRate = adaptiveRate
        self.rectification = rectification
        self.stepSize = stepSize
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.freeze = freeze
        try validate()
    }
}

/// What pulls the parameters to 0.
public struct WeightDecay: Hashable, Sendable {
    /// λ ≥ 0.
    public var rate: Double
    /// Whether θ ← (1 - α_t λ) θ beside the step (AdamW: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019),
    /// or λ θ is added to the gradient, so that it enters m and v.
    public var isDecoupled: Bool

    public init(rate: Double = 0, isDecoupled: Bool = true) {
        self.rate = rate
        self.isDecoupled = isDecoupled
    }
}

/// A bound on the Euclidean norm of the whole gradient: g ← g · min(1, bound/(‖g‖ + guard)).
public struct GradientClipping: Hashable, Sendable {
    /// The largest norm, > 0.
    public var bound: Double
    /// What is added to the norm: 1e-6 in PyTorch and fairseq, 0 in optax.
    public var normGuard: Double

    public init(bound: Double, normGuard: Double = 0) {
        self.bound = bound
        self.normGuard = normGuard
    }

    /// The factor for a gradient of this norm. A NaN norm passes on as it is.
    public func factor(norm: Double) -> Double {
        let quotient = bound / (norm + normGuard)
        return quotient > 1 ? 1 : quotient
    }
}

/// The first iterations, in which only v is updated while momentum and parameters stay fixed (Adam-2k, section 3.1).
///
/// The step size counts from the end of the freeze, as the paper's iterations do, whose first one is -(N-1); the bias
/// correction of v counts every iteration.
public struct Freeze: Hashable, Sendable {
    /// N ≥ 0.
    public var steps: Int
    /// Whether the momentum's bias correction counts from the end of the freeze. In the authors' code it counts every
    /// iteration, so that after a long freeze the momentum starts small and uncorrected: a short warmup of its own.
    public var restartsMomentumCorrection: Bool

    public init(steps: Int, restartsMomentumCorrection: Bool = false) {
        self.steps = steps
        self.restartsMomentumCorrection = restartsMomentumCorrection
    }
}
