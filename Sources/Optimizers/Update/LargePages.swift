import Foundation

/// Zeros in memory that the system is asked to map by large pages, where that is worth it: a pass over buffers of many megabytes
/// otherwise waits for address translation.
func zerosInLargePages<Scalar: OptimizerScalar>(count: Int) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
        buffer.initialize(repeating: 0)
        initializedCount = count
    }
}

private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
        guard memory.count >= 8 << 20, let base = memory.baseAddress else { return }
        let page = Int(getpagesize())
        let start = (Int(bitPattern: base) + page - 1) / page * page
        let length = (Int(bitPattern: base) + memory.count - start) / page * page
        // A hint: where it is refused nothing is lost.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), length, MADV_HUGEPAGE)
    #endif
}
