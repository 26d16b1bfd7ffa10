import CKernels
import Theory

/// ψ_t = 1/(√v̂_t + ε) and the update m̂_t ψ_t along a recorded trace, across its coordinates, each divided by its own root mean square S.
///
/// v_t = β2 v_{t-1} + (1-β2) (g_t/S)², v̂_t = v_t/(1-β2^t), S² the mean of g² over all recorded steps: one law of it holds for all
/// coordinates with the same |μ|/σ, whatever their σ (`SelfNormalizedLaw`), and they are a sample of it. ε is in units of S.
public struct AdaptiveRateTrace: Sendable {
    /// ψ_t across coordinates at one step.
    public struct CrossSection: Sendable, Equatable {
        /// The step, from 1.
        public let step: Int
        /// The number of coordinates with a finite ψ_t; the moments are theirs.
        public fileprivate(set) var count = 0
        /// The number with v̂_t = 0 at ε = 0: all gradients up to here were exactly 0.
        public fileprivate(set) var infinite = 0
        fileprivate var centre = 0.0
        fileprivate var second = 0.0
        fileprivate var updateSquares = 0.0

        fileprivate init(step: Int) { self.step = step }

        /// nil without a finite ψ_t.
        public var mean: Double? { count > 0 ? centre : nil }
        /// With n - 1; nil below two coordinates.
        public var variance: Double? { count > 1 ? second / Double(count - 1) : nil }
        /// The mean of u_t² = (m̂_t ψ_t)² over the same coordinates; nil without one.
        public var updateSecondMoment: Double? { count > 0 ? updateSquares / Double(count) : nil }

        fileprivate mutating func add(_ value: Double, momentum: Double) {
            guard value.isFinite else {
                infinite += 1
                return
            }
            count += 1
            let delta = value - centre
            centre += delta / Double(count)
            second += delta * (value - centre)
            updateSquares += (momentum * value) * (momentum * value)
        }
    }

    private let average: ExponentialAverage
    private let momentum: ExponentialAverage
    private let epsilon: Double
    private let scales: [Double]
    private let isIncluded: [Bool]
    private let steps: [Int]
    private let chosen: [Int: Int]
    private var averages: [Double]
    private var momenta: [Double]
    /// At the chosen steps, in their order.
    public private(set) var sections: [CrossSection]

    /// - Parameters:
    ///   - average: v̂_t, of the squared gradients.
    ///   - momentum: m̂_t, of the gradients themselves.
    ///   - scales: S of each coordinate; nil for one that is left out. Empty when whole series are added by ``add(rates:)``.
    ///   - steps: the steps of the cross sections, from 1, ascending.
    public init(
        average: ExponentialAverage, momentum: ExponentialAverage, epsilon: Double, scales: [Double?] = [], steps: [Int]
    ) {
        self.average = average
        self.momentum = momentum
        self.epsilon = epsilon
        self.scales = scales.map { $0 ?? 1 }
        isIncluded = scales.map { $0 != nil }
        self.steps = steps
        chosen = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1, $0) })
        averages = Array(repeating: 0, count: scales.count)
        momenta = averages
        sections = steps.map(CrossSection.init)
    }

    /// Adds a block of gradients. The blocks of a coordinate come in the order of the steps, from the first.
    ///
    /// - Parameters:
    ///   - steps: of the block, counted from 0.
    ///   - values: row by row, one row for each step.
    public mutating func add(steps: Range<Int>, coordinates: Range<Int>, values: UnsafeBufferPointer<Double>) {
        precondition(values.count == steps.count * coordinates.count, "a block of another size")
        for step in steps {
            let row = (step - steps.lowerBound) * coordinates.count - coordinates.lowerBound
            for coordinate in coordinates where isIncluded[coordinate] {
                let value = values[row + coordinate] / scales[coordinate]
                averages[coordinate] = Self.next(averages[coordinate], value * value, decay: average.beta2)
                momenta[coordinate] = Self.next(momenta[coordinate], value, decay: momentum.beta2)
            }
            guard let section = chosen[step + 1] else { continue }
            let (correction, momentumCorrection) = (average.biasCorrection(at: step + 1), momentum.biasCorrection(at: step + 1))
            for coordinate in coordinates where isIncluded[coordinate] {
                sections[section].add(
                    Self.rate(averages[coordinate], correction: correction, epsilon: epsilon),
                    momentum: momenta[coordinate] / momentumCorrection)
            }
        }
    }

    /// The numbers that ``rates(of:scale:into:)`` gives of a coordinate: ψ_t and m̂_t at each chosen step.
    var numbersPerCoordinate: Int { 2 * steps.count }

    /// ψ_t and m̂_t of one coordinate at the chosen steps, from its whole series; may be called by several threads at once.
    /// - Precondition: the series has all of the steps; `rates` has ``numbersPerCoordinate`` places.
    func rates(
        of series: UnsafeBufferPointer<Double>, scale: Double, into rates: UnsafeMutablePointer<Double>
    ) {
        let (beta1, beta2) = (momentum.beta2, average.beta2)
        var (m, v, done) = (0.0, 0.0, 0)
        for (section, step) in steps.enumerated() {
            while done < step {
                let value = series[done] / scale
                v = Self.next(v, value * value, decay: beta2)
                m = Self.next(m, value, decay: beta1)
                done += 1
            }
            rates[2 * section + 1] = m / momentum.biasCorrection(at: step)
            rates[2 * section] = Self.rate(v, correction: average.biasCorrection(at: step), epsilon: epsilon)
        }
    }

    /// What the kernels need to compute the same of tiles, during the call of `body`.
    func withKernelRates<Result>(_ body: (varlab_series_rates) throws -> Result) rethrows -> Result {
        let corrections = steps.map(average.biasCorrection), momentumCorrections = steps.map(momentum.biasCorrection)
        return try steps.map(Int64.init).withUnsafeBufferPointer { steps in
            try corrections.withUnsafeBufferPointer { corrections in
                try momentumCorrections.withUnsafeBufferPointer { momentumCorrections in
                    try body(
                        varlab_series_rates(
                            decay: average.beta2, momentum_decay: momentum.beta2, epsilon: epsilon, count: steps.count,
                            steps: steps.baseAddress, correction: corrections.baseAddress,
                            momentum_correction: momentumCorrections.baseAddress))
                }
            }
        }
    }

    /// Adds a coordinate's numbers at the chosen steps. The coordinates come in their order.
    /// - Parameter stride: from one number to the next.
    mutating func add(rates: UnsafePointer<Double>, stride: Int = 1) {
        sections.withUnsafeMutableBufferPointer { sections in
            for section in sections.indices { sections[section].add(rates[2 * section * stride], momentum: rates[(2 * section + 1) * stride]) }
        }
    }

    @inline(__always)
    private static func next(_ average: Double, _ value: Double, decay: Double) -> Double {
        decay * average + (1 - decay) * value
    }

    @inline(__always)
    private static func rate(_ v: Double, correction: Double, epsilon: Double) -> Double {
        1 / ((v / correction).squareRoot() + epsilon)
    }
}
