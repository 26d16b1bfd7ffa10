import CKernels

/// What a run's random numbers are for: each purpose has streams of its own under the run's one seed.
///
/// The generator is counter-based (`philox.h`): a number is a function of seed, purpose, and its indices, so that nothing has
/// to be saved to resume a run.
package enum RandomPurpose: UInt32 {
    case initialization = 0x10
    case dropout = 0x20

    /// The generator's trajectory for `index`, below 2^32.
    package func trajectory(_ index: Int) -> Int {
        Int(rawValue) << 32 | index
    }
}

/// The random numbers of one update: those of `step` under `seed`.
public struct StepKey: Sendable, Equatable {
    public var seed: UInt64
    /// The update, counted from 0.
    public var step: UInt64

    public init(seed: UInt64, step: UInt64) {
        self.seed = seed
        self.step = step
    }

    /// The key of a dropout layer, counted from 0.
    func dropout(site: Int, rate: Double) -> varlab_dropout {
        varlab_dropout(seed: seed, step: step, site: RandomPurpose.dropout.rawValue << 16 | UInt32(site), rate: rate)
    }
}
