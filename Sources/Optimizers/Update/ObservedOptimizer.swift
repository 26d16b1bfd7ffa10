import CKernels
import Theory

/// An optimizer in double precision whose steps are measured as it takes them.
///
/// The update u is computed from the averages, the gradient and θ_{t-1} as the step itself does it, before it is
/// subtracted: the difference θ_{t-1} - θ_t would have lost to the rounding of θ what lies below its last digit. Sums go
/// over the coordinates in their order, so that they do not depend on the number of threads.
public struct ObservedOptimizer: Sendable {
    public private(set) var optimizer: Optimizer<Double>
    private let decaysWeights: Bool
    /// θ_{t-1}, where weights decay.
    private var previous: [Double]
    /// The divisors of the step, then ψ_t.
    private var rates: [Double]
    private var updates: [Double]

    public init(_ optimizer: Optimizer<Double>) {
        let methods = optimizer.stretches.map(\.method)
        func buffer(_ isNeeded: Bool) -> [Double] { [Double](repeating: 0, count: isNeeded ? optimizer.count : 0) }
        self.optimizer = optimizer
        decaysWeights = methods.contains { $0.weightDecay.rate != 0 }
        previous = buffer(decaysWeights)
        rates = buffer(methods.contains { $0.adaptiveRate != nil })
        updates = buffer(true)
    }

    /// Takes the next step, as `Optimizer.update(_:gradients:threads:)`.
    ///
    /// - Precondition: at least one parameter.
    public mutating func update(
        _ parameters: UnsafeMutableBufferPointer<Double>, gradients: UnsafeBufferPointer<Double>, threads: Int = 1
    ) -> (step: OptimizerStep, statistics: StepStatistics) {
        precondition(optimizer.count > 0, "nothing to measure")
        if decaysWeights { previous.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: parameters) } }
        let step = optimizer.update(parameters, gradients: gradients, threads: threads)
        if !rates.isEmpty { fillDivisors(step) }
        fillUpdates(step, gradients: gradients)
        let size = Self.size(updates)
        let extremes = step.rule == .adaptive ? extremeDivisors() : (zero: 0, infinite: 0)
        let rate = rates.isEmpty || optimizer.method(at: step.index).adaptiveRate == nil ? nil : rateMoments(step)
        return (step, StepStatistics(
            updateRootMeanSquare: size.rootMeanSquare, largestUpdate: size.largest, meanAdaptiveRate: rate?.mean,
            varianceOfAdaptiveRate: rate?.variance, zeroDivisors: extremes.zero, infiniteDivisors: extremes.infinite))
    }

    /// D of the kernel.
    private mutating func fillDivisors(_ step: OptimizerStep) {
        let constants = step.update
        let secondMoment = optimizer.state.secondMoment, average = optimizer.state.gradientAverage
        rates.withUnsafeMutableBufferPointer { divisors in
            secondMoment.withUnsafeBufferPointer { v in
                for i in divisors.indices { divisors[i] = v[i] }
            }
            if !average.isEmpty {
                average.withUnsafeBufferPointer { a in
                    for i in divisors.indices {
                        let variance = divisors[i] - a[i] * a[i]
                        divisors[i] = variance > 0 ? variance : 0
                    }
                }
            }
            for i in divisors.indices {
                divisors[i] = (divisors[i] / constants.bias_correction + constants.inner_epsilon).squareRoot() + constants.epsilon
            }
        }
    }

    private mutating func fillUpdates(_ step: OptimizerStep, gradients: UnsafeBufferPointer<Double>) {
        let constants = step.update
        let divides = constants.rule == VARLAB_ADAPTIVE && !constants.normalises_first
        let momentum = optimizer.state.momentum
        let (previous, rates) = (previous, rates)
        updates.withUnsafeMutableBufferPointer { updates in
            updates.update(repeating: 0)
            if constants.rule == VARLAB_HOLD { return }
            previous.withUnsafeBufferPointer { previous in
                if constants.gradient_step != 0 {
                    for i in updates.indices {
                        let decay = previous.isEmpty ? 0 : constants.coupled_decay * previous[i]
                        updates[i] = constants.gradient_step * (constants.gradient_scale * gradients[i] + decay)
                    }
                }
                if constants.momentum_step != 0 {
                    momentum.withUnsafeBufferPointer { m in
                        for i in updates.indices { updates[i] += constants.momentum_step * m[i] }
                    }
                }
                if divides {
                    rates.withUnsafeBufferPointer { divisors in
                        for i in updates.indices { updates[i] = updates[i] == 0 ? 0 : updates[i] / divisors[i] }
                    }
                }
                if !previous.isEmpty {
                    let decay = 1 - constants.parameter_scale
                    for i in updates.indices { updates[i] += decay * previous[i] }
                }
            }
        }
    }

    /// How many divisors are 0 and how many infinite.
    private func extremeDivisors() -> (zero: Int, infinite: Int) {
        rates.withUnsafeBufferPointer { divisors in
            var zero = 0, infinite = 0
            for divisor in divisors {
                zero += divisor == 0 ? 1 : 0
                infinite += divisor == .infinity ? 1 : 0
            }
            return (zero, infinite)
        }
    }

    /// Scaled by a power of two, so that no square leaves the range of doubles.
    private static func size(_ updates: [Double]) -> (rootMeanSquare: Double, largest: Double) {
        updates.withUnsafeBufferPointer { updates in
            var largest = 0.0
            var check = 0.0
            for update in updates {
                let magnitude = update.magnitude
                largest = magnitude > largest ? magnitude : largest
                check += update * 0
            }
            // 0 · x is NaN for a NaN and for an infinity, which `largest` tells apart: it passes NaN by.
            if check.isNaN {
                let result = updates.contains(where: \.isNaN) ? Double.nan : .infinity
                return (result, result)
            }
            if largest == 0 { return (0, 0) }
            let scale = Double(sign: .plus, exponent: -max(largest.exponent, -1022), significand: 1)
            var sum = 0.0
            for update in updates {
                let scaled = update * scale
                sum += scaled * scaled
            }
            return ((sum / Double(updates.count)).squareRoot() / scale, largest)
        }
    }

    private mutating func rateMoments(_ step: OptimizerStep) -> (mean: Double, variance: Double?) {
        rates.withUnsafeMutableBufferPointer { rates in
            var sum = 0.0
            for i in rates.indices {
                rates[i] = step.rateNumerator / rates[i]
                sum += rates[i]
            }
            let mean = sum / Double(rates.count)
            if rates.count < 2 || !mean.isFinite { return (mean, nil) }
            var squares = 0.0
            for rate in rates {
                let difference = rate - mean
                squares += difference * difference
            }
            return (mean, squares / Double(rates.count - 1))
        }
    }
}

/// How large a step was and with which adaptive rates it was made, over the coordinates.
public struct StepStatistics: Hashable, Sendable {
    /// √(Σ u²/n) of the update u = θ_{t-1} - θ_t, weight decay included.
    public let updateRootMeanSquare: Double
    /// max |u|.
    public let largestUpdate: Double
    /// The mean of ψ_t, infinite where some v_t and ε are 0; nil without adaptive rate.
    public let meanAdaptiveRate: Double?
    /// The sample variance (n - 1) of ψ_t; nil also for a single coordinate and where the mean is infinite.
    public let varianceOfAdaptiveRate: Double?
    /// The coordinates of an adaptive step where v_t and ε are 0: they make no step, while 0/0 is NaN in PyTorch and optax.
    public let zeroDivisors: Int
    /// Those of an adaptive step where v_t or v̂_t exceeds the largest number: they make no step either. PyTorch's Adam takes the root
    /// before it corrects v_t, so that there v̂_t does not overflow.
    public let infiniteDivisors: Int
}
