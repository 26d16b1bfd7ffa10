import Dispatch

/// Four buffers read and three of them written, as an optimizer step does, with one addition each: what memory can do.
final class MemoryStream {
    private let count = 10_000_000
    private let threads: Int
    private var buffers: [[Float]] = []

    init(threads: Int) { self.threads = threads }

    func run() -> Double {
        if buffers.isEmpty { buffers = (0..<4).map { _ in [Float](repeating: 1e-9, count: count) } }
        let share = count / threads
        let pointers = buffers.indices.map { index in
            buffers[index].withUnsafeMutableBufferPointer { SharedPointer(address: $0.baseAddress!) }
        }
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let (a, b, c, d) = (pointers[0].address, pointers[1].address, pointers[2].address, pointers[3].address)
            for index in (thread * share)..<((thread + 1) * share) {
                a[index] += d[index]
                b[index] += d[index]
                c[index] += d[index]
            }
        }
        return Double(buffers[0][1234])
    }

    private struct SharedPointer: @unchecked Sendable {
        // Each thread has a range of its own.
        let address: UnsafeMutablePointer<Float>
    }
}
