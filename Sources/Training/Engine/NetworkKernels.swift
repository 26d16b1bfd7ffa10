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
}

extension NetworkKernels<Float> {
    /// - Precondition: this processor has the instruction set.
    package init(_ variant: varlab_variant) {
        let table = varlab_network_kernels_float(variant).pointee
        add_bias = table.add_bias
        bias_gradient = table.bias_gradient
        rectify_backward = table.rectify_backward
        add = table.add
        norm_forward = table.norm_forward
        norm_backward = table.norm_backward
        embed_forward = table.embed_forward
        embed_backward = table.embed_backward
        gather = table.gather
        scatter = table.scatter
        attention_forward = table.attention_forward
        attention_backward = table.attention_backward
        cross_entropy = table.cross_entropy
        dropout_forward = table.dropout_forward
        dropout_backward = table.dropout_backward
        patches_forward = table.patches_forward
        patches_backward = table.patches_backward
        column_moments = table.column_moments
        batch_norm_forward = table.batch_norm_forward
        batch_norm_backward = table.batch_norm_backward
        mean_forward = table.mean_forward
        mean_backward = table.mean_backward
        exponential = table.exponential
    }
}

extension NetworkKernels<Double> {
    /// - Precondition: this processor has the instruction set.
    package init(_ variant: varlab_variant) {
        let table = varlab_network_kernels_double(variant).pointee
        add_bias = table.add_bias
        bias_gradient = table.bias_gradient
        rectify_backward = table.rectify_backward
        add = table.add
        norm_forward = table.norm_forward
        norm_backward = table.norm_backward
        embed_forward = table.embed_forward
        embed_backward = table.embed_backward
        gather = table.gather
        scatter = table.scatter
        attention_forward = table.attention_forward
        attention_backward = table.attention_backward
        cross_entropy = table.cross_entropy
        dropout_forward = table.dropout_forward
        dropout_backward = table.dropout_backward
        patches_forward = table.patches_forward
        patches_backward = table.patches_backward
        column_moments = table.column_moments
        batch_norm_forward = table.batch_norm_forward
        batch_norm_backward = table.batch_norm_backward
        mean_forward = table.mean_forward
        mean_backward = table.mean_backward
        exponential = table.exponential
    }
}
