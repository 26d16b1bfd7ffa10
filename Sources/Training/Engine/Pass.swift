import CKernels

/// What every layer needs in one pass forward and backward: the parameters, where the gradients go, memory and kernels.
package struct Pass<Scalar: TrainingScalar> {
    package let parameters: UnsafePointer<Scalar>
    /// Nil when the loss alone is wanted.
    package let gradients: UnsafeMutablePointer<Scalar>?
    package let workspace: Workspace
    package let kernels: NetworkKernels<Scalar>
    /// Nil where nothing is dropped.
    package let key: StepKey?

    package init(
        parameters: UnsafePointer<Scalar>, gradients: UnsafeMutablePointer<Scalar>?, workspace: Workspace,
        kernels: NetworkKernels<Scalar>, key: StepKey?
    ) {
        self.parameters = parameters
        self.gradients = gradients
        self.workspace = workspace
        self.kernels = kernels
        self.key = key
    }

    /// Memory that lasts for the pass.
    package func take(_ count: Int) -> UnsafeMutablePointer<Scalar> { workspace.take(count, of: Scalar.self) }

    /// Where the gradient of the parameters from `offset` on belongs.
    func gradient(_ offset: Int) -> UnsafeMutablePointer<Scalar> {
        guard let gradients else { preconditionFailure("a backward pass needs a buffer of gradients") }
        return gradients + offset
    }
}

/// Memory for one pass through a network: handed out in order, given back all at once.
///
/// What does not fit into the one block gets a block of its own, and the next ``reset()`` makes one that would have been large
/// enough: after the largest batch no step allocates.
package final class Workspace {
    private static let alignment = 64
    private var block: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0
    private var extraBlocks: [UnsafeMutableRawPointer] = []
    /// How often memory was asked of the system.
    package private(set) var allocations = 0

    package init() {
        capacity = 0
        block = UnsafeMutableRawPointer.allocate(byteCount: Self.alignment, alignment: Self.alignment)
    }

    deinit {
        block.deallocate()
        extraBlocks.forEach { $0.deallocate() }
    }

    /// The bytes of the one block.
    package var byteCount: Int { capacity }

    /// Takes back everything that was handed out.
    package func reset() {
        if !extraBlocks.isEmpty {
            extraBlocks.forEach { $0.deallocate() }
            extraBlocks.removeAll(keepingCapacity: true)
            block.deallocate()
            capacity = used
            block = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Self.alignment)
            allocations += 1
        }
        used = 0
    }

    /// Uninitialised, aligned to a cache line, valid until the next ``reset()``.
    package func take<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let bytes = (count * MemoryLayout<Element>.stride + Self.alignment - 1) / Self.alignment * Self.alignment
        let start: UnsafeMutableRawPointer
        if used + bytes <= capacity {
            start = block + used
        } else {
            start = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, Self.alignment), alignment: Self.alignment)
            extraBlocks.append(start)
            allocations += 1
        }
        used += bytes
        return start.bindMemory(to: type, capacity: count)
    }

    /// Runs `body` and takes back what was handed out in it.
    ///
    /// Only what would fit is reused, so that the need of the largest moment is known at the next ``reset()``.
    package func temporarily<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = used
        defer { if extraBlocks.isEmpty { used = before } }
        return try body()
    }
}

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
