import CKernels
import Dispatch

/// A floating-point type on whose flat buffers an optimizer works: `Float` or `Double`.
public protocol OptimizerScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// The kernel of this precision.
    static func update(
        _ update: inout varlab_update, count: Int, parameters: UnsafeMutablePointer<Self>, gradients: UnsafePointer<Self>,
        momentum: UnsafeMutablePointer<Self>?, secondMoment: UnsafeMutablePointer<Self>?,
        gradientAverage: UnsafeMutablePointer<Self>?, variant: varlab_variant)
    /// Σ x² in double precision, in an order that depends on the count alone.
    static func sumOfSquares(_ values: UnsafePointer<Self>, count: Int, variant: varlab_variant) -> Double
}

extension Float: OptimizerScalar {
    public static func update(
        _ update: inout varlab_update, count: Int, parameters: UnsafeMutablePointer<Float>,
        gradients: UnsafePointer<Float>, momentum: UnsafeMutablePointer<Float>?, secondMoment: UnsafeMutablePointer<Float>?,
        gradientAverage: UnsafeMutablePointer<Float>?, variant: varlab_variant
    ) {
        varlab_update_float(&update, count, parameters, gradients, momentum, secondMoment, gradientAverage, variant)
    }

    public static func sumOfSquares(_ values: UnsafePointer<Float>, count: Int, variant: varlab_variant) -> Double {
        varlab_sum_of_squares_float(values, count, variant)
    }
}

extension Double: OptimizerScalar {
    public static func update(
        _ update: inout varlab_update, count: Int, parameters: UnsafeMutablePointer<Double>,
        gradients: UnsafePointer<Double>, momentum: UnsafeMutablePointer<Double>?,
        secondMoment: UnsafeMutablePointer<Double>?, gradientAverage: UnsafeMutablePointer<Double>?, variant: varlab_variant
    ) {
        varlab_update_double(&update, count, parameters, gradients, momentum, secondMoment, gradientAverage, variant)
    }

    public static func sumOfSquares(_ values: UnsafePointer<Double>, count: Int, variant: varlab_variant) -> Double {
        varlab_sum_of_squares_double(values, count, variant)
    }
}

/// One step on the buffers, divided among threads.
struct UpdatePass<Scalar: OptimizerScalar>: @unchecked Sendable {
    var update: varlab_update
    // The threads touch ranges that do not overlap, which the compiler cannot see.
    let parameters: UnsafeMutablePointer<Scalar>
    let gradients: UnsafePointer<Scalar>
    let momentum, secondMoment, gradientAverage: UnsafeMutablePointer<Scalar>?
    let variant: varlab_variant

    /// A thread takes at least so many values: below, waking it costs more than it saves.
    private static var smallestShare: Int { 1 << 15 }

    func run(count: Int, threads: Int) {
        let shares = max(1, min(threads, count / Self.smallestShare))
        if shares == 1 { return run(0..<count) }
        // Whole cache lines to each.
        let length = ((count + shares - 1) / shares + 63) & ~63
        DispatchQueue.concurrentPerform(iterations: shares) { index in
            run(min(count, index * length)..<min(count, (index + 1) * length))
        }
    }

    private func run(_ range: Range<Int>) {
        var update = update
        let start = range.lowerBound
        Scalar.update(
            &update, count: range.count, parameters: parameters + start, gradients: gradients + start,
            momentum: momentum.map { $0 + start }, secondMoment: secondMoment.map { $0 + start },
            gradientAverage: gradientAverage.map { $0 + start }, variant: variant)
    }
}
