import Theory

/// By what a method multiplies the step size at one step.
public struct Multiplier: Hashable, Sendable {
    /// t, counted from 1.
    public let step: Int
    /// ρ_t, as the method computes it.
    public let rho: Double
    public let rule: OptimizerStep.Rule
    /// (α_t/α) r_t of the step that is taken: 0 where the parameters stay fixed, α_t/α for a momentum step.
    public let value: Double
    /// Whether r_t is part of it.
    public let isRectified: Bool

    /// The factor on the adaptive step φ_t ψ_t alone, 0 where none is taken: a learning-rate schedule for Adam.
    public var adaptiveValue: Double { rule == .adaptive ? value : 0 }
}

/// The multipliers of a method at ascending steps, in constant memory however many they are.
public struct MultiplierSequence: Sendable {
    private let method: OptimizationMethod
    private let average: ExponentialAverage
    private let precision: MultiplierSchedule.Precision
    private let single: SinglePrecisionRectification?
    private var steps: StepSequence

    /// - Parameter single: takes the place of the method's own ρ_t and r_t.
    /// - Precondition: the method is valid, with an adaptive rate and α = 1.
    init(_ method: OptimizationMethod, precision: MultiplierSchedule.Precision, single: SinglePrecisionRectification?) {
        self.method = method
        self.precision = precision
        self.single = single
        do {
            average = try ExponentialAverage(beta2: method.adaptiveRate!.decay)
            steps = try StepSequence(method)
        } catch {
            preconditionFailure("a validated method: \(error)")
        }
    }

    /// The next ones.
    /// - Parameter steps: ascending, each above those that were asked for before, up to ``OptimizationMethod/longestSchedule``.
    public mutating func multipliers(at steps: some Collection<Int>) -> [Multiplier] {
        prepare(for: Array(steps))
        return steps.map { multiplier(at: $0) }
    }

    /// Makes the steps that will be asked for cheap where r_t comes from the exact law.
    mutating func prepare(for steps: [Int]) { self.steps.prepare(for: steps) }

    mutating func multiplier(at index: Int) -> Multiplier {
        if let single, let rule = method.rectification { return multiplier(at: index, single, rule) }
        let step = steps.step(at: index)
        let value = step.stepSize * (step.rectification ?? 1)
        var isRectified = step.rectification != nil
        if case .rectification = method.stepSize.warmup { isRectified = value > 0 }
        return Multiplier(
            step: index, rho: average.rho(at: index), rule: step.rule,
            value: precision == .float64 ? value : Double(Float(value)), isRectified: isRectified)
    }

    /// RAdam has neither warmup nor freeze, so α_t/α is the decay alone.
    private func multiplier(
        at index: Int, _ single: SinglePrecisionRectification, _ rule: RectificationRule
    ) -> Multiplier {
        let decay = Float(method.stepSize.decay.factor(at: index))
        let rho = single.rho(at: index)
        if rule.allows(rho: rho) {
            return Multiplier(
                step: index, rho: rho, rule: .adaptive, value: Double(decay * single.factor(rho: rho)), isRectified: true)
        }
        let (name, value): (OptimizerStep.Rule, Float) = switch rule.before {
        case .momentumStep: (.momentum, decay)
        case .skip: (.skip, 0)
        case .adaptiveStep: (.adaptive, decay)
        }
        return Multiplier(step: index, rho: rho, rule: name, value: Double(value), isRectified: false)
    }
}
