import CKernels

/// ln M for normal gradients g_i = σ_i (x_i + μ_i) with x a stationary AR(1) of variance 1 and autocorrelation r, one gradient at a time.
///
/// M(s) = E e^{-½ Σ z_k y_k²}, y = x + μ, z = 2 s w σ², is up to a constant the likelihood that the series of zeros is y seen through noise of
/// variance 1/z_k. The Kalman filter of that has variance R and mean a of x_k given what came before, and gives
///
///     ln M = -½ Σ ln(1 + R z) - ½ Σ e² z/(1 + R z),  e = μ_k - a,   a' = r (a + e R z/(1+Rz)),   R' = 1 - r² + r² R/(1+Rz).
///
/// With S = 1 - R, which grows from 0 as S' = r² (S + R²z/(1+Rz)), the excess over the mean is a sum that does not cancel for small s:
///
///     2 (ln M + s E v) = Σ [Rz - ln(1+Rz) + S z + z (e² Rz/(1+Rz) + a (2μ - a))].
///
/// The order of the chain may be either: a stationary AR(1) is the same backwards.
final class GaussianChain {
    let autocorrelation: Double
    private let sums: TransformSums
    private let storage: UnsafeMutableBufferPointer<Double>
    /// e^{u - base}, and R, 1 - R and a of the next gradient.
    private let nodes, variance, complement, predicted: UnsafeMutablePointer<Double>
    private var base = Double.nan

    init(autocorrelation: Double, sums: TransformSums) {
        self.autocorrelation = autocorrelation
        self.sums = sums
        let size = sums.count
        storage = .allocate(capacity: 4 * size)
        storage.initialize(repeating: 0)
        let start = storage.baseAddress!
        (nodes, variance, complement, predicted) = (start, start + size, start + 2 * size, start + 3 * size)
        for node in 0..<size { variance[node] = 1 }
    }

    deinit { storage.deallocate() }

    /// The next gradient of the chain: x + `mean` with the weight w σ².
    func add(logWeight: Double, mean: Double, groups: Range<Int>) {
        // In units in which neither the weight nor a node that counts leaves the range of doubles.
        if !(abs(logWeight + base) < 100) {
            base = -logWeight
            for node in 0..<sums.count { nodes[node] = varlab_exp(min(max(sums.logNode(node) - base, -700), 560)) }
        }
        let state = varlab_chain(
            nodes: nodes, variance: variance, complement: complement, predicted: predicted, logs: sums.logs, logs_lost: sums.logsLost,
            excesses: sums.excesses, excesses_lost: sums.excessesLost)
        varlab_transform_chain(
            sums.variant, state, groups.lowerBound, groups.upperBound, 2 * varlab_exp(logWeight + base), mean, autocorrelation)
    }

    /// One gradient by itself, into arrays of their own.
    func addIndependent(logWeight: Double, mean: Double, groups: Range<Int>, to arrays: TransformArrays) {
        for node in (groups.lowerBound * TransformSums.stride)..<(groups.upperBound * TransformSums.stride) {
            let z = 2 * varlab_exp(max(min(sums.logNode(node) + logWeight, 560), -700))
            let (log, remainder) = TransformValues.logarithmAndRemainder(z)
            let reduced = z / (1 + z)
            arrays.logs[node] += log + mean * mean * reduced
            arrays.excesses[node] += remainder + mean * mean * z * reduced
        }
    }
}
