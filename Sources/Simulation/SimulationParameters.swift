import Errors
import Theory

/// What is simulated: n trajectories of ψ_t = 1/(√v̂_t + ε), t = 1...T, for gradients g_t ~ N(μ, 1) (paper, section 5.3), or
/// from another source about μ, which may depend on each other and change over the steps.
///
/// v_t = β2 v_{t-1} + (1-β2) g_t², v_0 = 0, v̂_t = v_t/(1-β2^t). All the means share one draw of the noise: g_t = z_t + μ.
/// The defaults are those of figure 9.
public struct SimulationParameters: Sendable, Equatable {
    /// The means μ of the gradients, one curve each, in the order given; repetitions are allowed.
    public let means: [Double]
    /// The decay rate β2 of the second moment; 0 gives v̂_t = g_t².
    public let beta2: Double
    /// ε, added to √v̂_t.
    public let epsilon: Double
    /// n, the number of trajectories.
    public let trajectories: Int
    /// T, the number of iterations.
    public let iterations: Int
    /// The seed of the noise, the key of its counter-based generator.
    public let seed: UInt64
    /// The iterations whose ψ_t are handed to a ``SampleConsumer``, ascending and without repetition.
    public let sampleSteps: [Int]
    /// What the noise z_t of the gradients g_t = z_t + μ is drawn from.
    public let gradients: GradientSource
    /// What becomes of the noise over the steps.
    public let sequence: GradientSequence
    /// The decay rate of m̂_t in the update u_t = m̂_t ψ_t, which is simulated beside ψ_t; nil without.
    public let beta1: Double?

    /// The largest |μ|. Beyond it the rounding of g = z + μ shows in the variance of ψ.
    public static let largestMean = 1e6
    /// The largest ε. Beyond it ψ hardly differs from 1/ε.
    public static let largestEpsilon = 1e6
    /// The largest number of trajectories, 2^40.
    public static let mostTrajectories = 1 << 40
    /// The largest number of iterations, and of iterations times means: 128 MiB of sums for each chunk in flight.
    public static let mostIterations = 1 << 22

    /// - Throws: `ParameterError` when `means` is empty or holds a value that is not finite or beyond
    ///   ``largestMean``, `beta2` is not in [0, 1), `epsilon` not in [0, ``largestEpsilon``], `trajectories` not in
    ///   1...``mostTrajectories``, `iterations` not in 1...``mostIterations``/means (half as many with updates), `sampleSteps` not
    ///   strictly ascending in 1...iterations, `beta1` not in [0, 1), and for a sequence that is not drawn of these gradients.
    public init(
        means: [Double] = [0, 0.001, 0.01, 0.1, 1, 10],
        beta2: Double = 0.999,
        epsilon: Double = 0,
        trajectories: Int = 5000,
        iterations: Int = 6000,
        seed: UInt64 = 1,
        sampleSteps: [Int] = [],
        gradients: GradientSource = .normal,
        sequence: GradientSequence = .independent,
        beta1: Double? = nil
    ) throws(ParameterError) {
        guard !means.isEmpty else {
            throw ParameterError(parameter: .mu, value: "[]", rule: "must hold at least one value")
        }
        for mean in means where !(mean.magnitude <= Self.largestMean) {
            throw ParameterError(parameter: .mu, value: mean, rule: "must be in [-1e6, 1e6]")
        }
        guard beta2 >= 0, beta2 < 1 else {
            throw ParameterError(parameter: .beta2, value: beta2, rule: "must be in [0, 1)")
        }
        guard epsilon >= 0, epsilon <= Self.largestEpsilon else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be in [0, 1e6]")
        }
        guard trajectories >= 1, trajectories <= Self.mostTrajectories else {
            throw ParameterError(parameter: .trajectories, value: trajectories, rule: "must be in 1...2^40")
        }
        if let beta1, !(beta1 >= 0 && beta1 < 1) { throw ParameterError(parameter: .beta1, value: beta1, rule: "must be in [0, 1)") }
        guard iterations >= 1, iterations <= Self.mostIterations / means.count / (beta1 == nil ? 1 : 2) else {
            throw ParameterError(
                parameter: .iterations, value: iterations,
                rule: "must be at least 1, and times the means at most \(beta1 == nil ? "2^22" : "2^21 with updates")")
        }
        for (index, step) in sampleSteps.enumerated() {
            guard step >= 1, step <= iterations, index == 0 || sampleSteps[index - 1] < step else {
                throw ParameterError(
                    parameter: .sampleSteps, value: step, rule: "must ascend strictly in 1...\(iterations)")
            }
        }
        try sequence.validate(gradients, means: means, iterations: iterations)
        self.means = means
        self.beta2 = beta2
        self.epsilon = epsilon
        self.trajectories = trajectories
        self.iterations = iterations
        self.seed = seed
        self.sampleSteps = sampleSteps
        self.gradients = gradients
        self.sequence = sequence
        self.beta1 = beta1
    }

    /// Whether the gradients are independent N(μ, 1).
    public var isStandard: Bool { gradients == .normal && sequence == .independent }

    /// What the exact law of ψ_t takes for gradients about one of the means; nil where it has none: for blocks of a trace, and for what
    /// `GradientProcess` refuses.
    public func process(mean: Double) -> GradientProcess? {
        guard gradients.blockLength == 1 else { return nil }
        return try? gradients.process(
            mean: mean, autocorrelation: sequence.autocorrelation, scales: sequence.scales, means: sequence.means)
    }
}
