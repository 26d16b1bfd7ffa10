import CKernels

/// The kernels of a network in one precision for one instruction set; each is described in `varlab_network_table.h`.
///
/// C has a table of functions for each precision. This is their common form, so that a layer is written once.
/// `@unchecked`, since Swift cannot see that the functions of a constant C table may be called from any thread.
public struct NetworkKernels<Scalar: TrainingScalar>: @unchecked Sendable {
    package typealias Numbers = UnsafePointer<Scalar>
    package typealias Target = UnsafeMutablePointer<Scalar>
    package typealias Indices = UnsafePointer<Int32>

    package let add_bias: (Int, Int, Numbers, Bool, Target) -> Void
    package let bias_gradient: (Int, Int, Numbers, Target) -> Void
    package let rectify_backward: (Int, Numbers, Target) -> Void
    package let add: (Int, Numbers, Numbers, Bool, Target) -> Void
    package let norm_forward: (Int, Int, Numbers, Numbers, Numbers, Double, Target, Target, Target) -> Void
    package let norm_backward: (Int, Int, Numbers, Numbers, Numbers, Numbers, Bool, Target, Target, Target) -> Void
    package let embed_forward: (Int, Int, Indices, Indices, Numbers, Double, Numbers, Target) -> Void
    package let embed_backward: (Int, Int, Indices, Numbers, Double, Target) -> Void
    package let gather: (Int, Int, Indices, Numbers, Target) -> Void
    package let scatter: (Int, Int, Int, Indices, Numbers, Target) -> Void
    package let attention_forward: (
        UnsafePointer<varlab_attention>, Numbers, Numbers, Numbers, Target, Target, Target
    ) -> Void
    package let attention_backward: (
        UnsafePointer<varlab_attention>, Numbers, Numbers, Numbers, Numbers, Numbers, Target, Target, Target, Target
    ) -> Void
    package let cross_entropy: (
        Int, Int, Indices, Double, Double, Bool, Target, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Double>
    ) -> Void
    package let dropout_forward: (Int, UnsafePointer<varlab_dropout>, Target, UnsafeMutablePointer<UInt8>) -> Void
    package let dropout_backward: (Int, Double, UnsafePointer<UInt8>, Numbers, Target) -> Void
    package let patches_forward: (Int, Int, Int, Int, Numbers, Target) -> Void
    package let patches_backward: (Int, Int, Int, Int, Numbers, Target) -> Void
    package let column_moments: (
        Int, Int, Numbers, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Void
    package let batch_norm_forward: (
        Int, Int, Numbers, UnsafePointer<Double>, UnsafePointer<Double>, Double, Numbers, Numbers, Bool, Target, Target,
        Target
    ) -> Void
    package let batch_norm_backward: (
        Int, Int, Numbers, UnsafePointer<Double>, Double, Numbers, Numbers, UnsafeMutablePointer<Double>, Target, Target,
        Target, Target
    ) -> Void
    package let mean_forward: (Int, Int, Int, Numbers, Target) -> Void
    package let mean_backward: (Int, Int, Int, Numbers, Target) -> Void
    package let exponential: (Int, Numbers, Target) -> Void

    package typealias Planes = UnsafePointer<varlab_planes>
    package typealias Convolved = UnsafePointer<varlab_convolution>
    package typealias Shortcut = UnsafePointer<varlab_shortcut>
    package typealias Doubles = UnsafePointer<Double>
    package typealias Sums = UnsafeMutablePointer<Double>
    package let convolve: (Convolved, Numbers, Numbers, Target) -> Void
    package let convolve_pack: (Convolved, Indices, Int, Int, Numbers, Target) -> Void
    package let convolve_weights: (Convolved, Int, Numbers, Int, Numbers, Int, Target) -> Void
    package let lane_sums: (Int, Numbers, Target) -> Void
    package let planes_pack: (Planes, Int, UnsafePointer<Float>, Target) -> Void
    package let planes_frame: (Planes, Target) -> Void
    package let planes_moments: (Planes, Int, Double, Numbers, Sums, Sums) -> Void
    package let planes_norm: (Planes, Planes, Int, Numbers, Numbers, Target) -> Void
    package let planes_join: (Planes, Planes, Shortcut, Int, Numbers, Numbers, Numbers, Numbers?, Target) -> Void
    package let planes_share: (Planes, Shortcut, Numbers, Target) -> Void
    package let planes_rectify: (Planes, Planes, Numbers, Target) -> Void
    package let planes_slopes: (Planes, Numbers, Numbers, Numbers, Sums) -> Void
    package let planes_norm_backward: (Planes, Planes, Int, Numbers, Numbers, Numbers, Target) -> Void
    package let norm_coefficients: (Int, Doubles, Doubles, Double, Numbers, Numbers, Target) -> Void
    package let norm_slopes: (Int, Double, Doubles, Double, Numbers, Doubles, Target, Target, Target) -> Void
    package let planes_means: (Planes, Int, Numbers, Target) -> Void
    package let planes_means_backward: (Planes, Int, Numbers, Target) -> Void
}

extension NetworkKernels<Float> {
    /// - Precondition: this processor has the instruction set.
    package init(_ variant: varlab_variant) {
        let table = varlab_network_kernels_float(variant).pointee
        (add_bias, bias_gradient, rectify_backward, add) = (table.add_bias, table.bias_gradient, table.rectify_backward, table.add)
        (norm_forward, norm_backward, column_moments) = (table.norm_forward, table.norm_backward, table.column_moments)
        (embed_forward, embed_backward, gather, scatter) = (table.embed_forward, table.embed_backward, table.gather, table.scatter)
        (attention_forward, attention_backward, cross_entropy) = (table.attention_forward, table.attention_backward, table.cross_entropy)
        (dropout_forward, dropout_backward, exponential) = (table.dropout_forward, table.dropout_backward, table.exponential)
        (patches_forward, patches_backward, mean_forward, mean_backward) = (table.patches_forward, table.patches_backward, table.mean_forward, table.mean_backward)
        (batch_norm_forward, batch_norm_backward) = (table.batch_norm_forward, table.batch_norm_backward)
        (convolve, convolve_pack, convolve_weights, lane_sums) = (table.convolve, table.convolve_pack, table.convolve_weights, table.lane_sums)
        (planes_pack, planes_frame, planes_moments, planes_norm) = (table.planes_pack, table.planes_frame, table.planes_moments, table.planes_norm)
        (planes_join, planes_share, planes_rectify, planes_slopes) = (table.planes_join, table.planes_share, table.planes_rectify, table.planes_slopes)
        (planes_norm_backward, norm_coefficients, norm_slopes, planes_means) = (table.planes_norm_backward, table.norm_coefficients, table.norm_slopes, table.planes_means)
        planes_means_backward = table.planes_means_backward
    }
}

extension NetworkKernels<Double> {
    /// - Precondition: this processor has the instruction set.
    package init(_ variant: varlab_variant) {
        let table = varlab_network_kernels_double(variant).pointee
        (add_bias, bias_gradient, rectify_backward, add) = (table.add_bias, table.bias_gradient, table.rectify_backward, table.add)
        (norm_forward, norm_backward, column_moments) = (table.norm_forward, table.norm_backward, table.column_moments)
        (embed_forward, embed_backward, gather, scatter) = (table.embed_forward, table.embed_backward, table.gather, table.scatter)
        (attention_forward, attention_backward, cross_entropy) = (table.attention_forward, table.attention_backward, table.cross_entropy)
        (dropout_forward, dropout_backward, exponential) = (table.dropout_forward, table.dropout_backward, table.exponential)
        (patches_forward, patches_backward, mean_forward, mean_backward) = (table.patches_forward, table.patches_backward, table.mean_forward, table.mean_backward)
        (batch_norm_forward, batch_norm_backward) = (table.batch_norm_forward, table.batch_norm_backward)
        (convolve, convolve_pack, convolve_weights, lane_sums) = (table.convolve, table.convolve_pack, table.convolve_weights, table.lane_sums)
        (planes_pack, planes_frame, planes_moments, planes_norm) = (table.planes_pack, table.planes_frame, table.planes_moments, table.planes_norm)
        (planes_join, planes_share, planes_rectify, planes_slopes) = (table.planes_join, table.planes_share, table.planes_rectify, table.planes_slopes)
        (planes_norm_backward, norm_coefficients, norm_slopes, planes_means) = (table.planes_norm_backward, table.norm_coefficients, table.norm_slopes, table.planes_means)
        planes_means_backward = table.planes_means_backward
    }
}

/// The precision of a network: `Float` to train, `Double` to check it.
///
/// All that depends on it is the matrix product and the table of kernels; loops over numbers are in C, so that nothing
/// generic stands in one.
public protocol TrainingScalar: BinaryFloatingPoint & Sendable & BitwiseCopyable {
    static func networkKernels(_ variant: varlab_variant) -> NetworkKernels<Self>

    /// C = A B + `beta` C for row-major C [`rows`, `columns`], A [`rows`, `inner`], B [`inner`, `columns`]; a transposed
    /// factor is stored the other way round. Every array is contiguous.
    static func multiply(
        rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Self>, transposed: Bool, _ b: UnsafePointer<Self>,
        transposed: Bool, beta: Self, into c: UnsafeMutablePointer<Self>)
}

/// A row-major product is the column-major one of the factors in the other order.
private struct Shape {
    var rows, columns, inner, leadingA, leadingB: Int32
    var transposeA, transposeB: CChar

    init(rows: Int, columns: Int, inner: Int, transposeA: Bool, transposeB: Bool) {
        self.rows = Int32(rows)
        self.columns = Int32(columns)
        self.inner = Int32(inner)
        leadingA = Int32(transposeA ? rows : inner)
        leadingB = Int32(transposeB ? inner : columns)
        self.transposeA = CChar(UInt8(ascii: transposeA ? "T" : "N"))
        self.transposeB = CChar(UInt8(ascii: transposeB ? "T" : "N"))
    }
}

extension Float: TrainingScalar {
    public static func networkKernels(_ variant: varlab_variant) -> NetworkKernels<Float> { NetworkKernels(variant) }

    public static func multiply(
        rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, transposed transposeA: Bool, _ b: UnsafePointer<Float>,
        transposed transposeB: Bool, beta: Float, into c: UnsafeMutablePointer<Float>
    ) {
        var shape = Shape(rows: rows, columns: columns, inner: inner, transposeA: transposeA, transposeB: transposeB)
        var one: Float = 1
        var beta = beta
        MatrixLibrary.loaded.singleProduct(
            &shape.transposeB, &shape.transposeA, &shape.columns, &shape.rows, &shape.inner, &one, b, &shape.leadingB, a,
            &shape.leadingA, &beta, c, &shape.columns)
    }
}

extension Double: TrainingScalar {
    public static func networkKernels(_ variant: varlab_variant) -> NetworkKernels<Double> { NetworkKernels(variant) }

    public static func multiply(
        rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Double>, transposed transposeA: Bool,
        _ b: UnsafePointer<Double>, transposed transposeB: Bool, beta: Double, into c: UnsafeMutablePointer<Double>
    ) {
        var shape = Shape(rows: rows, columns: columns, inner: inner, transposeA: transposeA, transposeB: transposeB)
        var one: Double = 1
        var beta = beta
        MatrixLibrary.loaded.doubleProduct(
            &shape.transposeB, &shape.transposeA, &shape.columns, &shape.rows, &shape.inner, &one, b, &shape.leadingB, a,
            &shape.leadingA, &beta, c, &shape.columns)
    }
}
