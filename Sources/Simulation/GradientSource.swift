import CKernels
import Errors
import Theory

/// What the noise z_t of the gradients g_t = z_t + μ is drawn from; independent between trajectories, and but for recorded
/// blocks between iterations.
///
/// Every law has zero mean, and unit variance where it has one: the exact law of ψ_t for g ~ N(μ, 1) is the Gaussian
/// reference for all of them. Student's t with ν ≤ 2 has no variance and is left at scale 1. All but recorded samples have a
/// positive density at zero, so that at ε = 0 the moments of ψ_t that exist are those of the Gaussian: E[ψ_t^k] for t > k.
///
/// The words of the counter-based generator decide the draws, as for the normal law: the bits depend on seed, trajectory and
/// iteration alone. Uniform, Laplace and logistic numbers come by inversion from 52 random bits and a sign.
public struct GradientSource: Sendable, Equatable {
    /// The family and its parameters.
    public typealias Law = GradientLaw

    public let law: Law
    /// The values of a recorded law, each series standardised; nil for the others.
    public let samples: [Double]?
    /// How many recorded series are left out, since all values of each are equal.
    public let constantSeries: Int
    /// How many consecutive recorded values are taken together; 1 for the other laws.
    public let blockLength: Int
    /// The length of each recorded series.
    let seriesLength: Int
    /// The specification of recorded values.
    let name: String

    /// N(0, 1), the theory's assumption and the default.
    public static let normal = GradientSource(law: .normal)

    private init(
        law: Law, samples: [Double]? = nil, constantSeries: Int = 0, seriesLength: Int = 1, blockLength: Int = 1, name: String = "recorded"
    ) {
        self.law = law
        self.name = name
        self.samples = samples
        self.constantSeries = constantSeries
        self.seriesLength = seriesLength
        self.blockLength = blockLength
    }

    /// - Throws: `ParameterError` when a parameter of the law is outside its domain.
    /// - Precondition: the law is not `recorded`, whose values come through ``samples(_:seriesLength:blockLength:name:)``.
    public init(_ law: Law) throws(ParameterError) {
        precondition(law != .recorded, "recorded values are needed")
        self.init(law: law)
        if let rule = law.brokenRule {
            throw ParameterError(parameter: .gradients, value: specification, rule: rule)
        }
    }

    /// Draws with replacement from recorded gradients, of which each series is standardised to zero mean and unit variance (divisor n)
    /// before they are pooled, so that g = z + μ has mean μ and no series is louder than another.
    ///
    /// Series that never change have no variance and are left out (``constantSeries``).
    ///
    /// - Parameters:
    ///   - values: one series of consecutive steps after the other, one for each coordinate.
    ///   - seriesLength: the length of each series; nil for one series.
    ///   - blockLength: how many consecutive values are taken together; 1 draws independently, longer blocks keep the
    ///     autocorrelation. The blocks are circular: one that reaches the end of its series goes on at the start of the same
    ///     series, so that every value is as likely as any other (Politis and Romano 1992), at the price of one jump in it.
    ///   - name: the source's ``specification``, such as `trace:gradients.npy`.
    /// - Throws: `ParameterError` when a value is not finite, when no series changes, or there are none, when
    ///   `seriesLength` does not divide their number, or `blockLength` is not in 1...`seriesLength`.
    public static func samples(
        _ values: [Double], seriesLength: Int? = nil, blockLength: Int = 1, name: String = "recorded"
    ) throws(ParameterError) -> GradientSource {
        let length = seriesLength ?? values.count
        guard length > 0, values.count.isMultiple(of: length) else {
            throw ParameterError(
                parameter: .gradients, value: name, rule: "\(values.count) recorded values are not whole series of \(length)")
        }
        guard blockLength >= 1, blockLength <= length else {
            throw ParameterError(parameter: .block, value: blockLength, rule: "must be from 1 to the \(length) recorded steps")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw ParameterError(parameter: .gradients, value: name, rule: "the recorded values must all be finite")
        }
        var samples: [Double] = []
        samples.reserveCapacity(values.count)
        for start in stride(from: 0, to: values.count, by: length) {
            if let series = standardized(values[start..<start + length]) { samples += series }
        }
        guard !samples.isEmpty else {
            throw ParameterError(parameter: .gradients, value: name, rule: "the recorded values of a coordinate must not all be equal")
        }
        return GradientSource(
            law: .recorded, samples: samples, constantSeries: (values.count - samples.count) / length, seriesLength: length,
            blockLength: blockLength, name: name)
    }

    /// (x - mean)/standard deviation; nil where all values are equal.
    private static func standardized(_ series: ArraySlice<Double>) -> [Double]? {
        // Relative to the largest, so that no square leaves the range.
        let largest = series.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0 else { return nil }
        let n = Double(series.count)
        let relative = series.map { $0 / largest }
        let mean = relative.reduce(0, +) / n
        let deviation = (relative.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
        // A common value leaves nothing but rounding.
        return deviation > 1e-14 * mean.magnitude ? relative.map { ($0 - mean) / deviation } : nil
    }

    /// Whether the draws have unit variance: all laws but Student's t with at most two degrees of freedom.
    public var hasUnitVariance: Bool { law.hasUnitVariance }

    /// Where there is no variance, the power of its length with which an average of squares grows; nil elsewhere.
    var growthExponent: Double? {
        if case .studentT(let nu) = law, nu <= 2 { 2 / nu - 1 } else { nil }
    }

    /// How the numbers are made, for the record of a run.
    public var method: String {
        switch law {
        case .normal: "Box-Muller"
        case .studentT: "Bailey's polar form"
        case .laplace, .uniform, .logistic: "inversion"
        case .mixture: "Box-Muller, chosen scale"
        case .recorded: "circular blocks of \(blockLength) from \(samples?.count ?? 0) recorded values"
        }
    }

    /// Calls `body` with the structure that the kernel reads, valid during the call.
    func withKernel<Result>(_ body: (UnsafePointer<varlab_gradients>) -> Result) -> Result {
        var kernel = varlab_gradients()
        kernel.scale = 1
        switch law {
        case .normal: kernel.kind = VARLAB_NORMAL
        case .uniform: (kernel.kind, kernel.scale) = (VARLAB_UNIFORM, 12.0.squareRoot())
        case .laplace: (kernel.kind, kernel.scale) = (VARLAB_LAPLACE, 0.5.squareRoot())
        case .logistic: (kernel.kind, kernel.scale) = (VARLAB_LOGISTIC, 3.0.squareRoot() / .pi)
        case .studentT(let nu):
            kernel.kind = VARLAB_STUDENT_T
            kernel.degrees_of_freedom = nu
            // √ν of the method times √((ν-2)/ν).
            kernel.scale = (nu > 2 ? nu - 2 : nu).squareRoot()
            // |z| reaches 2^(53/ν) √ν, and 2^22 of its squares must stay below 2^127.
            kernel.is_wide = nu < 1.1
        case .mixture(let share, let sigma):
            kernel.kind = VARLAB_MIXTURE
            kernel.share = share
            kernel.scale = 1 / (1 - share + share * sigma * sigma).squareRoot()
            kernel.wide_scale = sigma * kernel.scale
        case .recorded:
            kernel.kind = VARLAB_SAMPLES
            // Exact zeros may be frequent.
            kernel.is_wide = true
            kernel.series_length = UInt64(seriesLength)
            kernel.block_length = UInt64(blockLength)
        }
        return (samples ?? []).withUnsafeBufferPointer { values in
            kernel.samples = values.baseAddress
            kernel.sample_count = UInt64(values.count)
            return body(&kernel)
        }
    }
}
