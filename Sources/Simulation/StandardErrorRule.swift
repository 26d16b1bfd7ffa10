import CLibC
import Theory

/// Which moments of ψ_t a simulation can give at one mean, and which of them have a standard error worth printing.
///
/// **Existence.** At ε = 0 and for gradients with a positive density at zero (every law but recorded samples) E[ψ_t^k] is finite
/// for t > k, at β2 = 0 for no t. Recorded gradients are finitely many: ψ_t is bounded unless all t of them can be exactly zero.
/// If a share p₀ > 0 of the values is zero at this mean, then P(v̂_t = 0) = p₀^t > 0 for independent draws, and
/// E[ψ_t] = Var[ψ_t] = ∞ at every t, whether or not the sample hit it. In blocks of length L it is so for all t where L zeros in a
/// row can be drawn, else for t up to the longest row of zeros; at β2 = 0, where v̂_t = g_t², for all t.
///
/// **Standard errors.** One from the sample is no estimate where rare values that the sample has missed make up the moment. By the
/// exact law of g ~ N(μ, 1) the relative standard error of the sample mean is √(Var/n)/E[ψ], that of the sample variance
/// √((κ-1)/n) with the kurtosis κ = E[(ψ-E[ψ])⁴]/Var². The standard error of each is given where this is at most
/// ``largestRelativeError``; for ε > 1, which brings the law nearer to a normal one, at ε = 1. For recorded gradients the law at
/// t = 1 is that of their values; from t = 2 on the sample's word is taken. Gradients that depend on each other or change over the steps
/// go by Scale-inv-χ² with the ν_t of normal ones at ε = 0: there ν_t may be 1 at every step.
struct StandardErrorRule: Sendable {
    /// Up to this step v̂_t can be 0 and the moments are infinite; 0 for no step, `Int.max` for all.
    let stepsWithZero: Int
    /// What the exact law says of the first steps; from the last of them on the answers stay.
    private let first: [Answer]
    private let epsilon: Double
    private let beta2: Double
    private let isRecorded: Bool

    /// The largest relative standard error, by the exact law, of what a sample's own standard error is printed for.
    static let largestRelativeError = 1.0 / 3

    private struct Answer {
        var mean: Bool
        var variance: Bool
    }

    init(_ parameters: SimulationParameters, mean: Double) {
        (epsilon, beta2) = (parameters.epsilon, parameters.beta2)
        isRecorded = parameters.gradients.law == .recorded
        stepsWithZero = epsilon > 0 ? 0 : parameters.gradients.stepsWithZero(at: mean, beta2: beta2)
        let n = Double(parameters.trajectories)
        // Two numbers for a variance, four for its error.
        guard n >= 2 else {
            first = [Answer(mean: false, variance: false)]
            return
        }
        if parameters.sequence != .independent {
            first = Self.sequenceAnswers(parameters, mean: mean, n: n)
            return
        }
        first = parameters.gradients.samples.map { samples in
            let shape = Self.shape(of: samples, mean: mean, epsilon: parameters.epsilon)
            let start = Self.answer(shape.relativeVariance, shape.kurtosis, n)
            return parameters.beta2 == 0 ? [start] : [start, Answer(mean: true, variance: n >= 4)]
        } ?? Self.exactAnswers(parameters, mean: mean, n: n)
    }

    private static func answer(_ relativeVariance: Double, _ kurtosis: Double, _ n: Double) -> Answer {
        let most = n * largestRelativeError * largestRelativeError
        return Answer(mean: relativeVariance <= most, variance: n >= 4 && kurtosis - 1 <= most)
    }

    /// At each step until both are given, which they are from then on; after the 64th at steps ever further apart.
    private static func exactAnswers(_ parameters: SimulationParameters, mean: Double, n: Double) -> [Answer] {
        guard var shape = try? ExactShape(beta2: parameters.beta2, mean: mean, epsilon: min(parameters.epsilon, 1)) else { return [] }
        var answers: [Answer] = []
        while answers.count < parameters.iterations {
            shape.advance()
            let step = shape.step
            if step > 64, step % (step / 16) != 0 {
                answers.append(answers[step - 2])
                continue
            }
            let moments = shape.moments()
            answers.append(answer(moments.relativeVariance, moments.kurtosis, n))
            if step >= 5, answers[step - 1].mean, answers[step - 1].variance { break }
            if parameters.beta2 == 0 { break }
        }
        return answers
    }

    /// At every step, by the number of squares that count.
    private static func sequenceAnswers(_ parameters: SimulationParameters, mean: Double, n: Double) -> [Answer] {
        var moments = SequenceMoments(parameters, mean: mean)
        return (0..<parameters.iterations).map { _ in
            moments.advance()
            let nu = moments.degreesOfFreedom
            return answer(AdaptiveRateVariance.relativeVariance(rho: nu), AdaptiveRateVariance.kurtosis(rho: nu), n)
        }
    }

    /// Relative variance and kurtosis of ψ_1 for gradients drawn from these values.
    private static func shape(of samples: [Double], mean: Double, epsilon: Double) -> (relativeVariance: Double, kurtosis: Double) {
        let n = Double(samples.count)
        func psi(_ sample: Double) -> Double { 1 / ((sample + mean).magnitude + epsilon) }
        let average = samples.reduce(0) { $0 + psi($1) } / n
        var (second, fourth) = (0.0, 0.0)
        for sample in samples {
            let relative = psi(sample) / average - 1
            second += relative * relative
            fourth += relative * relative * relative * relative
        }
        return (second / n, second > 0 ? fourth * n / (second * second) : 1)
    }

    /// How many gradients count at a step.
    private func terms(_ step: Int) -> Int { beta2 > 0 ? step : 1 }

    /// Whether E[ψ_t] and Var[ψ_t] are infinite because v̂_t can be exactly zero.
    func isInfinite(at step: Int) -> Bool { step <= stepsWithZero }

    /// Whether Var[ψ_t] is finite.
    func hasVariance(at step: Int) -> Bool { exists(power: 2, step) }

    func hasMeanError(at step: Int) -> Bool { exists(power: 2, step) && answer(step).mean }

    func hasVarianceError(at step: Int) -> Bool { exists(power: 4, step) && answer(step).variance }

    private func exists(power: Int, _ step: Int) -> Bool {
        epsilon > 0 || (isRecorded ? !isInfinite(at: step) : terms(step) > power)
    }

    private func answer(_ step: Int) -> Answer {
        first.isEmpty ? Answer(mean: false, variance: false) : first[min(step, first.count) - 1]
    }
}

extension GradientSource {
    /// Up to which step v̂_t = Σ w_k g_{t-k}² can be exactly zero with a positive probability: 0 for no step, `Int.max` for all.
    func stepsWithZero(at mean: Double, beta2: Double) -> Int {
        guard let samples else { return 0 }
        // The kernel's own arithmetic; a square that underflows counts as zero there too.
        let isZero = samples.map { sample in
            let gradient = (sample + mean) * 0x1p64
            return gradient * gradient == 0
        }
        guard isZero.contains(true) else { return 0 }
        if beta2 == 0 || blockLength == 1 { return .max }
        var longest = 0
        for start in stride(from: 0, to: isZero.count, by: seriesLength) {
            // Around the end: twice through the series.
            var row = 0
            for offset in 0..<2 * seriesLength where longest < blockLength {
                row = isZero[start + offset % seriesLength] ? row + 1 : 0
                longest = max(longest, min(row, blockLength))
            }
        }
        return longest == blockLength ? .max : longest
    }
}
