import Files
import Foundation

/// The SHA-256 of a file's bytes, taken as they are read: of its beginning as far as that has been read without a gap.
final class RunningDigest: @unchecked Sendable {
    // Everything below is touched under the lock.
    private let lock = NSLock()
    private let hash = SHA256()
    private var count = 0

    /// How many bytes it is of.
    var position: Int { lock.withLock { count } }

    /// Takes what goes beyond the beginning, if it follows that; what is read again is the same.
    func append(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
        lock.withLock {
            let known = count - offset
            guard known >= 0, known < bytes.count else { return }
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[known...]))
            count = offset + bytes.count
        }
    }

    func hexadecimal() -> String { lock.withLock { hash.hexadecimal() } }
}
