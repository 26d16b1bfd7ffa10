import CKernels

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
