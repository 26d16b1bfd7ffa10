import CKernels

/// The kernel's view of the parameters: one entry for each iteration of what does not depend on the noise.
struct KernelTables: Sendable {
    /// ψ_t in units of the kernel's inverse root.
    let scale: [Double]
    /// About the mean of ψ_t, in that unit, [iterations][means]: the kernel sums powers of the distance to it, so that
    /// nothing cancels. The value at v̂_t = E v̂_t, 1/(√(1+μ²) + ε), is within a standard deviation of the mean and takes no
    /// pilot run.
    ///
    /// Where the gradients have no variance (Student's t with ν ≤ 2), v̂_t grows with its effective length n = (1-β2^t)/(1-β2) like
    /// n^(2/ν-1), which stands for the 1 then.
    let shift: [Double]
    private let epsilon: [Double]
    private let means: [Double]
    private let sampleSteps: [Int32]
    private let beta2: Double
    private let seed: UInt64
    private let gradients: GradientSource
    private let sequence: GradientSequence
    private let beta1: Double
    /// The factor that makes the kernel's sums of gradients and ψ_t the update; empty without updates.
    private let updateFactor: [Double]
    /// About the mean of u_t, [iterations][means]: E[m̂_t]/(√E[v̂_t] + ε); empty without updates.
    let updateShift: [Double]

    init(_ parameters: SimulationParameters) {
        let iterations = parameters.iterations
        var correction = [Double](repeating: 0, count: iterations)
        varlab_bias_correction(parameters.beta2, Int32(iterations), &correction)
        let unit = varlab_psi_unit()
        // v̂_t = (1-β2) V_t/(1-β2^t) with the kernel's V_t.
        let scale = correction.map { unit * ($0 / (1 - parameters.beta2)).squareRoot() }
        let centres = parameters.means.map { 1 / ((1 + $0 * $0).squareRoot() + parameters.epsilon) }
        var shift: [Double] = []
        shift.reserveCapacity(iterations * centres.count)
        if parameters.sequence != .independent {
            shift = Self.shift(parameters, scale: scale, correction: correction)
        } else if let growth = parameters.gradients.growthExponent {
            for (step, length) in zip(scale, correction) {
                let square = varlab_exp(growth * varlab_log(length / (1 - parameters.beta2)))
                for mean in parameters.means {
                    shift.append(1 / ((square + mean * mean).squareRoot() + parameters.epsilon) / step)
                }
            }
        } else {
            for step in scale {
                for centre in centres { shift.append(centre / step) }
            }
        }
        self.scale = scale
        self.shift = shift
        epsilon = parameters.epsilon == 0 ? [] : scale.map { parameters.epsilon * $0 }
        means = parameters.means
        sampleSteps = parameters.sampleSteps.map(Int32.init)
        beta2 = parameters.beta2
        seed = parameters.seed
        gradients = parameters.gradients
        sequence = parameters.sequence
        beta1 = parameters.beta1 ?? 0
        guard let beta1 = parameters.beta1 else {
            (updateFactor, updateShift) = ([], [])
            return
        }
        varlab_bias_correction(beta1, Int32(iterations), &correction)
        updateFactor = zip(scale, correction).map { $0 * ((1 - beta1) / $1) }
        let count = parameters.means.count
        var moments = SequenceMoments(parameters, mean: 0)
        updateShift = scale.indices.flatMap { step in
            moments.advance()
            let momentum = moments.meanMomentum
            return parameters.means.indices.map { (momentum + parameters.means[$0]) * (shift[step * count + $0] * scale[step]) }
        }
    }

    /// The value at v̂_t = E v̂_t for gradients that change over the steps.
    private static func shift(_ parameters: SimulationParameters, scale: [Double], correction: [Double]) -> [Double] {
        let growth = parameters.gradients.growthExponent
        var moments = parameters.means.map { SequenceMoments(parameters, mean: $0) }
        return scale.indices.flatMap { step in
            let factor = growth.map { varlab_exp($0 * varlab_log(correction[step] / (1 - parameters.beta2))) } ?? 1
            return moments.indices.map { index in
                moments[index].advance()
                return 1 / ((factor * moments[index].meanSquare).squareRoot() + parameters.epsilon) / scale[step]
            }
        }
    }

    /// Calls `body` with the structure that the kernel reads, valid during the call.
    func withKernel<Result>(_ body: (UnsafePointer<varlab_simulation>) -> Result) -> Result {
        means.withUnsafeBufferPointer { means in
            scale.withUnsafeBufferPointer { scale in
                shift.withUnsafeBufferPointer { shift in
                    epsilon.withUnsafeBufferPointer { epsilon in
                        sampleSteps.withUnsafeBufferPointer { steps in
                            gradients.withKernel { gradients in
                                withProcess { process in
                                    withMomentum { momentum in
                                        var kernel = varlab_simulation(
                                            seed: seed, beta2: beta2,
                                            means: means.baseAddress, mean_count: Int32(means.count),
                                            iterations: Int32(scale.count),
                                            scale: scale.baseAddress,
                                            epsilon: epsilon.isEmpty ? nil : epsilon.baseAddress,
                                            shift: shift.baseAddress,
                                            sample_steps: steps.baseAddress, sample_step_count: Int32(steps.count),
                                            gradients: gradients.pointee, process: process, momentum: momentum)
                                        return body(&kernel)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func withProcess<Result>(_ body: (UnsafePointer<varlab_process>?) -> Result) -> Result {
        if sequence == .independent { return body(nil) }
        let r = sequence.autocorrelation
        return (sequence.scales ?? []).withUnsafeBufferPointer { scales in
            (sequence.means ?? []).withUnsafeBufferPointer { means in
                var process = varlab_process(
                    autocorrelation: r, innovation: ((1 - r) * (1 + r)).squareRoot(),
                    step_scales: sequence.scales == nil ? nil : scales.baseAddress,
                    step_means: sequence.means == nil ? nil : means.baseAddress, is_wide: sequence.isWide(gradients))
                return body(&process)
            }
        }
    }

    private func withMomentum<Result>(_ body: (UnsafePointer<varlab_momentum>?) -> Result) -> Result {
        if updateFactor.isEmpty { return body(nil) }
        return updateFactor.withUnsafeBufferPointer { factor in
            updateShift.withUnsafeBufferPointer { shift in
                var momentum = varlab_momentum(beta1: beta1, factor: factor.baseAddress, shift: shift.baseAddress)
                return body(&momentum)
            }
        }
    }
}

/// The noise of one trajectory: z_1, z_2, ... with g_t = z_t + μ.
///
/// Philox4x32-10 with the seed as its key, and with the trajectory and the pair of iterations as its counter; Box and
/// Muller's transform in double precision makes two iterations' normals from the four words. The other laws take the same
/// words in their own ways; see ``GradientSource``.
public enum NoiseStream {
    /// Independent standard normal z_t for t = 1...count of one trajectory, counted from 0.
    public static func normals(seed: UInt64, trajectory: Int, count: Int) -> [Double] {
        normals(seed: seed, trajectory: trajectory, count: count, variant: varlab_best_variant())
    }

    package static func normals(seed: UInt64, trajectory: Int, count: Int, variant: varlab_variant) -> [Double] {
        values(of: .normal, seed: seed, trajectory: trajectory, count: count, variant: variant)
    }

    /// z_t for t = 1...count of one trajectory, counted from 0, from the given source.
    public static func values(of source: GradientSource, seed: UInt64, trajectory: Int, count: Int) -> [Double] {
        values(of: source, seed: seed, trajectory: trajectory, count: count, variant: varlab_best_variant())
    }

    package static func values(
        of source: GradientSource, seed: UInt64, trajectory: Int, count: Int, variant: varlab_variant
    ) -> [Double] {
        precondition(trajectory >= 0 && count >= 0 && count <= Int(Int32.max))
        var z = [Double](repeating: 0, count: count)
        source.withKernel { varlab_noise(variant, $0, seed, UInt64(trajectory), 1, Int32(count), &z) }
        return z
    }
}
