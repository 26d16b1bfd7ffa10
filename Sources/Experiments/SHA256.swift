import Foundation

/// SHA-256 (FIPS 180-4), fed in pieces: names the bytes that a result came from.
public struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    public init() {}

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length += UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(64 - pending.count, bytes.count)
            pending += bytes[..<start]
            guard pending.count == 64 else { return }
            let block = pending
            block.withUnsafeBytes { compress($0, blocks: 1) }
            pending.removeAll(keepingCapacity: true)
        }
        let blocks = (bytes.count - start) / 64
        compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64 * blocks]), blocks: blocks)
        pending += bytes[(start + 64 * blocks)...]
    }

    /// The digest of all bytes so far, as 64 lower-case hexadecimal digits.
    public func hexadecimal() -> String {
        var copy = self
        let zeros = (119 - Int(length % 64)) % 64
        var tail: [UInt8] = [0x80] + Array(repeating: 0, count: zeros)
        tail += (0..<8).map { UInt8(truncatingIfNeeded: (length &* 8) >> (56 - 8 * UInt64($0))) }
        tail.withUnsafeBytes { copy.update($0) }
        return copy.state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private mutating func compress(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
        guard blocks > 0 else { return }
        func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        Self.constants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                for block in 0..<blocks {
                    for t in 0..<16 {
                        schedule[t] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 64 * block + 4 * t, as: UInt32.self))
                    }
                    for t in 16..<64 {
                        let (early, late) = (schedule[t - 15], schedule[t - 2])
                        schedule[t] = schedule[t - 16] &+ schedule[t - 7]
                            &+ (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3)
                            &+ (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10)
                    }
                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
                    for t in 0..<64 {
                        let first = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (e & f ^ ~e & g)
                            &+ constants[t] &+ schedule[t]
                        let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b ^ a & c ^ b & c)
                        (h, g, f, e) = (g, f, e, d &+ first)
                        (d, c, b, a) = (c, b, a, first &+ second)
                    }
                    state[0] &+= a
                    state[1] &+= b
                    state[2] &+= c
                    state[3] &+= d
                    state[4] &+= e
                    state[5] &+= f
                    state[6] &+= g
                    state[7] &+= h
                }
            }
        }
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
    private static let constants: [UInt32] = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }.map { prime in
        // ⌊∛p · 2³²⌋ in whole numbers: the largest r with r³ ≤ p · 2⁹⁶, bit by bit.
        var root: UInt64 = 0
        for bit in stride(from: UInt64(34), through: 0, by: -1) {
            let next = root | 1 << bit
            let square = next.multipliedFullWidth(by: next)
            let low = square.low.multipliedFullWidth(by: next)
            let high = square.high.multipliedFullWidth(by: next)
            let (middle, carry) = high.low.addingReportingOverflow(low.high)
            let isAbove = high.high > 0 || carry || middle > UInt64(prime) << 32
                || (middle == UInt64(prime) << 32 && low.low > 0)
            if !isAbove { root = next }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}
