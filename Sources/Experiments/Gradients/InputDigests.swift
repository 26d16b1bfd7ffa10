import Dispatch
import Synchronization
import Traces

/// The SHA-256 of each input, computed by a thread of its own while the inputs are read for other things.
final class InputDigests: Sendable {
    private let inputs: [TraceInput]
    private let group = DispatchGroup()
    private let result = Mutex<Result<[String?], any Error>?>(nil)

    /// - Parameter isConcurrent: whether to begin now; otherwise ``values()`` computes them.
    init(_ inputs: [TraceInput], isConcurrent: Bool) {
        self.inputs = inputs
        if isConcurrent { DispatchQueue.global().async(group: group) { self.compute() } }
    }

    private func compute() {
        let digests = Result { try inputs.map { try $0.digest() } }
        result.withLock { $0 = digests }
    }

    /// Waits for them; nil for a pipe.
    /// - Throws: `TraceError` when a file can no longer be read.
    func values() throws -> [String?] {
        group.wait()
        if let digests = result.withLock({ $0 }) { return try digests.get() }
        return try inputs.map { try $0.digest() }
    }
}
