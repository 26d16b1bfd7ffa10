import CKernels

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
