import CKernels

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
