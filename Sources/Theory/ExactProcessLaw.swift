import CKernels
import Errors

/// The exact law of ψ_t = 1/(√v̂_t + ε) for gradients of any ``GradientProcess`` and any ``SecondMomentWeights``, without simulation.
///
/// The moments are the integrals of ``ExactLaw`` over M_t(s) = E e^{-s v̂_t}. For independent gradients that is Π_k φ(s w_k), φ(s) = E e^{-s g²}, with
/// ln φ tabulated once and one factor a step; for normal AR(1) gradients a likelihood by Kalman's filter. Independent N(μ, 1) gradients
/// under Adam's weights are ``ExactLaw`` itself.
///
/// With a density at zero E[ψ^k] is finite at ε = 0 where v̂_t has more than k squares. Recorded gradients with a value of exactly 0 have
/// infinite moments there at every t; without one, and where |μ| > √3 for the uniform law, all are finite. A finite variance of ψ_t is no
/// sign of a finite standard error of a simulated one: that takes E[ψ⁴], more than 4 squares.
///
/// Relative error of the variance: below 1e-11 at β2 ≤ 0.99999, growing with (1-β2)^{-1} beyond where g⁴ has no mean or E[g²] is the
/// work of rare values. The relative error of the moments themselves is below 1e-13.
public struct ExactProcessLaw: Sendable {
    public let beta2: Double
    public let process: GradientProcess
    public let weights: SecondMomentWeights
    /// ε ≥ 0, added to √v̂_t.
    public let epsilon: Double

    /// How far a walk that takes every step by itself may go.
    public static let mostSteps = 1_000_000

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1 and β2 is 0 or at least 1e-100, and ε is 0 or in [1e-100, 1e100]; for weights outside their
    ///   domain; for β2 = 0 with scales or means over the steps; and for such a list with weights from v_0 = g_0², whose g_0 has no scale, or
    ///   with weights from a list.
    public init(
        beta2: Double, process: GradientProcess, weights: SecondMomentWeights = .biasCorrected, epsilon: Double = 0
    ) throws(ParameterError) {
        _ = try ExponentialAverage(ofExactLaw: beta2)
        try ExactLaw.requireMagnitude(epsilon: epsilon)
        try weights.validate()
        if !process.isStationary {
            let parameter: Parameter = process.scales == nil ? .means : .scales
            if weights.isList || weights.hasInitialSquare {
                throw ParameterError(parameter: parameter, value: "list", rule: "cannot go with these weights")
            }
            if beta2 == 0 { throw ParameterError(parameter: parameter, value: "list", rule: "needs a positive β2") }
        }
        self.beta2 = beta2
        self.process = process
        self.weights = weights
        self.epsilon = epsilon
    }

    /// The moments at each of the steps; nil where ψ_t is undefined, at t = 1 for weights that leave out the newest square.
    /// - Parameter steps: ascending, from 1 on.
    /// - Throws: `ParameterError` when a step is beyond the scales, means or ``mostSteps``, the latter where each step must be taken by itself:
    ///   for autocorrelated gradients until β2^t is negligible, for scales and means over the steps, and for a growing β2.
    public func moments(at steps: [Int]) throws(ParameterError) -> [ExactMoments?] {
        try sweep(over: steps).next(steps.count)
    }

    /// The same piece by piece.
    /// - Parameter steps: all that will be asked for, ascending, from 1 on.
    /// - Throws: as ``moments(at:)``.
    public func sweep(over steps: [Int]) throws(ParameterError) -> ExactProcessSweep {
        precondition((steps.first ?? 1) >= 1 && zip(steps, steps.dropFirst()).allSatisfy { $0 <= $1 }, "steps ascend from 1")
        let shifted = steps.map { $0 - weights.delay }
        let defined = shifted.drop { $0 < (weights.hasInitialSquare ? 0 : 1) }
        guard let last = defined.last else { return ExactProcessSweep(shifted, undefined: steps.count, by: .none) }
        try check(last: last)
        let undefined = steps.count - defined.count
        if isPlain {
            let law = try ExactLaw(beta2: beta2, means: [process.mean], epsilon: epsilon)
            return ExactProcessSweep(shifted, undefined: undefined, by: .plain(law.sweep(through: last)))
        }
        return try ExactProcessSweep(shifted, undefined: undefined, by: .walk(ProcessWalk.make(self, steps: Array(defined))))
    }

    /// - Throws: `ParameterError` unless ``moments(at:)`` has every step, however late.
    package func requireEveryStep() throws(ParameterError) {
        do throws(ParameterError) {
            try check(last: .max)
        } catch {
            throw ParameterError(parameter: .beta2, value: beta2, rule: "must be below 0.99984 where each step has to be taken by itself")
        }
    }

    /// The limit t → ∞, where there is one: not for a growing β2 or scales and means over the steps.
    public func limit() throws(ParameterError) -> ExactMoments? {
        if weights.isGrowing || !process.isStationary { return nil }
        if case .list(let list) = weights { return try moments(at: [list.count])[0] }
        let average = try ExponentialAverage(beta2: beta2)
        return try moments(at: [Int((1600 / average.decayExponent).rounded(.up)) + 4])[0]
    }

    /// Whether this is `ExactLaw`, at a step before where the weights lag.
    private var isPlain: Bool {
        process.law == .normal && process.autocorrelation == 0 && process.isStationary && weights.isBiasCorrected
    }

    private func check(last: Int) throws(ParameterError) {
        if last > process.lastStep {
            throw ParameterError(
                parameter: .steps, value: last,
                rule: "must be at most the \(process.lastStep) steps that \(process.scales == nil ? "means" : "scales") are given for")
        }
        let isSingle = process.autocorrelation != 0 || !process.isStationary || weights.isGrowing
        guard isSingle, last > Self.mostSteps else { return }
        if process.isStationary, beta2 == 0 { return }
        let average = try ExponentialAverage(beta2: beta2)
        let settles = process.isStationary && !weights.isGrowing && 160 / average.decayExponent < Double(Self.mostSteps)
        if !settles {
            throw ParameterError(
                parameter: .steps, value: last, rule: "must be at most \(Self.mostSteps) where each step has to be taken by itself")
        }
    }
}

/// A walk of an ``ExactProcessLaw`` over given steps, piece by piece.
public final class ExactProcessSweep {
    enum Route {
        case none
        case plain(ExactLawSweep)
        case walk(ProcessWalk)
    }

    private let steps: [Int]
    private let undefined: Int
    private let route: Route
    private var position = 0

    /// - Parameters:
    ///   - steps: those of v̂.
    ///   - undefined: how many of the first are before it begins.
    init(_ steps: [Int], undefined: Int, by route: Route) {
        self.steps = steps
        self.undefined = undefined
        self.route = route
    }

    /// The moments at the next so many of the steps, fewer at their end; nil where ψ_t is undefined.
    public func next(_ count: Int) -> [ExactMoments?] {
        let end = min(position + count, steps.count)
        defer { position = end }
        return (position..<end).map { index in
            if index < undefined { return nil }
            switch route {
            case .none: return nil
            case .plain(let sweep): return sweep.moments(at: CollectionOfOne(steps[index]))[0][0]
            case .walk(let walk): return walk.moments(at: steps[index])
            }
        }
    }
}
