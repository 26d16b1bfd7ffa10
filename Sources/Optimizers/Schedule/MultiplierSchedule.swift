import Errors
import Theory

/// The multiplier (α_t/α) r_t that a named method applies over the steps, for use as a learning-rate schedule elsewhere.
public struct MultiplierSchedule: Sendable {
    /// The arithmetic behind ρ_t and r_t.
    public enum Precision: String, CaseIterable, Hashable, Codable, Sendable {
        /// To the last digits of a double, whatever the implementation.
        case float64
        /// What parameters in single precision are multiplied by: RAdam as each implementation computes it (see
        /// `SinglePrecisionRectification`), any other method rounded once.
        case float32
        /// The same with optax outside of `jax.jit`, which takes β2^t by another algorithm and so rectifies other steps.
        case float32Eager = "float32-eager"
    }

    public let specification: MethodSpecification
    public let implementation: Implementation
    public let beta2: Double
    public let precision: Precision
    private let method: OptimizationMethod
    private let single: SinglePrecisionRectification?

    /// A scan for the first rectified step, or a sum in single precision, is not longer than this: a second's work.
    private static let longestScan = 1 << 24

    /// - Parameters:
    ///   - specification: the method.
    ///   - implementation: whose.
    ///   - settings: α > 0 matters only where an implementation adds to the step size itself; β2 is RMSProp's too.
    ///   - precision: that of the arithmetic.
    /// - Throws: `ParameterError` for a setting outside its domain, and for a method without adaptive rate.
    public init(
        _ specification: MethodSpecification, settings: MethodSettings = MethodSettings(), like implementation: Implementation,
        precision: Precision = .float64
    ) throws(ParameterError) {
        var settings = settings
        let learningRate = settings.learningRate
        guard learningRate > 0 else {
            throw ParameterError(parameter: .learningRate, value: learningRate, rule: "must be greater than 0")
        }
        settings.learningRate = 1
        settings.rmspropDecay = settings.beta2
        var method = try specification.method(settings, like: implementation)
        // φ is no part of the multiplier.
        method.momentum = .none
        guard method.adaptiveRate != nil else {
            throw ParameterError(
                parameter: .optimizer, value: specification, rule: "must have an adaptive learning rate to multiply")
        }
        if case .linear(let steps, let offset) = method.stepSize.warmup {
            method.stepSize.warmup = .linear(steps: steps, offset: offset / learningRate)
            try method.validate()
        }
        let isFirstOrder = method.rectification?.variance == .firstOrder
        single = precision != .float64 && isFirstOrder
            ? SinglePrecisionRectification(beta2: settings.beta2, like: implementation, isCompiled: precision == .float32) : nil
        self.specification = specification
        self.implementation = implementation
        self.beta2 = settings.beta2
        self.precision = precision
        self.method = method
    }

    /// - Parameter steps: ascending, from 1 on.
    public func multipliers(at steps: [Int]) -> [Multiplier] {
        var sequence = sequence()
        return sequence.multipliers(at: steps)
    }

    /// To ask for the multipliers a piece at a time.
    public func sequence() -> MultiplierSequence { MultiplierSequence(method, precision: precision, single: single) }

    /// The first step that r_t is part of; nil for a method without r_t, and where ρ_∞ never lets it in. In single precision
    /// steps without it may follow, and one beyond the first 16 million is not looked for.
    public var firstRectifiedStep: Int? {
        var isRectified = method.rectification != nil
        if case .rectification = method.stepSize.warmup { isRectified = true }
        guard isRectified else { return nil }
        var sequence = sequence()
        return (1...min(limitStep, Self.longestScan)).first { sequence.multiplier(at: $0).isRectified }
    }

    /// 2/(1-β2): how long Ma and Yarats ("On the adequacy of untuned warmup for adaptive optimization", 2019) would warm up.
    public var warmupLengthRuleOfThumb: Double { 2 / (1 - beta2) }

    /// T_w of the linear warmup min(1, t/T_w) that loses as much step size as this schedule does until it has reached its limit:
    /// with a_t the adaptive multiplier and a its limit, Σ_t (1 - a_t/a) = (T_w - 1)/2. A real number; 1 for plain Adam.
    ///
    /// nil where the sum has no limit, as for RAdam with ρ_∞ below its threshold or a step size that decays, and in single
    /// precision where it has more than 16 million terms.
    public var equivalentWarmupLength: Double? {
        guard method.stepSize.decay == .constant else { return nil }
        let last = limitStep
        guard single == nil || last <= Self.longestScan else { return nil }
        guard let limit = multipliers(at: [last]).first?.adaptiveValue, limit > 0, limit.isFinite else { return nil }
        var sequence = MultiplierSequence(method, precision: single == nil ? .float64 : precision, single: single)
        if single != nil {
            // Rounding noise from step to step: every term.
            return 1 + 2 * (1...last).reduce(0.0) { $0 + (1 - sequence.multiplier(at: $1).adaptiveValue / limit) }
        }
        let sum = SmoothSum(through: last, scale: 1 / (1 - beta2), settled: settledStep, kinks: kinks)
        sequence.prepare(for: sum.nodes)
        return 1 + 2 * sum.sum { 1 - sequence.multiplier(at: $0).adaptiveValue / limit }
    }

    /// A step at which β2^t no longer matters.
    private var settledStep: Int { Int(45 / (1 - beta2)) + 3 }

    /// One at which no other rule matters either. Neither term is above 2^60.
    private var limitStep: Int { (kinks.max() ?? 0) + settledStep }

    /// The last steps of stretches on which the multiplier is smooth.
    private var kinks: [Int] {
        var kinks: [Int] = []
        if let freeze = method.freeze { kinks.append(freeze.steps) }
        switch method.stepSize.warmup {
        case .linear(let steps, _): kinks += [steps - 1, steps]
        case .untunedLinear: kinks.append(Int(2 / (1 - beta2)))
        case .none, .untunedExponential, .rectification: break
        }
        return kinks
    }
}
