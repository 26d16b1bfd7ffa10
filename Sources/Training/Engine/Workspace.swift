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
