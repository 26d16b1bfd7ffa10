import CKernels
import Errors
import Theory

/// exp_avg and exp_avg_sq of one tensor of parameters, to be read in pieces, and what makes updates of them.
package struct MomentTensor: Sendable {
    /// As tables name it.
    package let name: String
    /// The number of coordinates.
    package let count: Int
    package let scales: MomentScales
    /// Reads coordinates as doubles, from any thread.
    let read: @Sendable (Range<Int>, _ first: UnsafeMutableBufferPointer<Double>, _ second: UnsafeMutableBufferPointer<Double>) throws -> Void

    package init(
        name: String, count: Int, scales: MomentScales,
        read: @escaping @Sendable (Range<Int>, _ first: UnsafeMutableBufferPointer<Double>, _ second: UnsafeMutableBufferPointer<Double>) throws -> Void
    ) {
        self.name = name
        self.count = count
        self.scales = scales
        self.read = read
    }
}

/// What makes updates u = m̂/(√v̂ + ε) of an optimizer's m and v: the bias corrections at its step, ε, and the size that no |m̂|/√v̂ exceeds.
package struct MomentScales: Hashable, Sendable {
    package let beta1, beta2, epsilon: Double
    package let step: Int
    /// sup |m̂|/√v̂, by Cauchy and Schwarz.
    package let largest: Double
    private let momentumCorrection, squareCorrection: Double

    /// Numbers of 16 bits, rounded from a state of longer ones, make a ratio larger by 0.3%.
    private static let tolerance = 0.01
    /// Single precision has lost digits of v below.
    private static let tiny = 1e-35

    /// - Throws: `ParameterError` as `UpdateLaw` does, unless β2 is positive, and unless ε is finite and not negative.
    package init(beta1: Double, beta2: Double, epsilon: Double, step: Int) throws(ParameterError) {
        guard beta2 != 0 else { throw ParameterError(parameter: .beta2, value: beta2, rule: "must be in (0, 1)") }
        guard epsilon >= 0, epsilon < .infinity else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be finite and at least 0")
        }
        guard step >= 1 else { throw ParameterError(parameter: .step, value: step, rule: "must be at least 1") }
        let law = try UpdateLaw(beta1: beta1, beta2: beta2, step: step)
        (self.beta1, self.beta2, self.epsilon, self.step) = (beta1, beta2, epsilon, step)
        largest = law.largest
        momentumCorrection = try ExponentialAverage(beta2: beta1).biasCorrection(at: step)
        squareCorrection = try ExponentialAverage(beta2: beta2).biasCorrection(at: step)
    }

    /// As the kernel takes them.
    var kernelScales: varlab_checkpoint_scales {
        varlab_checkpoint_scales(
            momentum_scale: 1 / momentumCorrection, square_scale: 1 / squareCorrection, epsilon: epsilon,
            largest: largest * (1 + Self.tolerance), tiny: Self.tiny)
    }
}
