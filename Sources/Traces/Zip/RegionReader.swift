import CZlib

/// A stretch of a file that holds an array, with or without its header: a whole file, or a member of a zip file.
struct ByteRegion: Sendable {
    let file: TraceFile
    /// The member of a zip file, for errors.
    var member: String?
    /// Where it begins in the file.
    let offset: Int
    /// Its bytes in the file.
    let storedSize: Int
    /// Its bytes once inflated: `storedSize` unless `isDeflated`.
    let size: Int
    var isDeflated = false
    /// The checksum of the inflated bytes, where the file has one.
    var checksum: UInt32?

    init(file: TraceFile) {
        self.init(file: file, member: nil, offset: 0, storedSize: file.size, size: file.size)
    }

    init(
        file: TraceFile, member: String?, offset: Int, storedSize: Int, size: Int, isDeflated: Bool = false,
        checksum: UInt32? = nil
    ) {
        self.file = file
        self.member = member
        self.offset = offset
        self.storedSize = storedSize
        self.size = size
        self.isDeflated = isDeflated
        self.checksum = checksum
    }

    /// The place of an offset in the inflated bytes.
    func position(at position: Int) -> TraceError.Position { isDeflated ? .inflatedByte(position) : .byte(offset + position) }

    /// An error at an offset in the inflated bytes.
    func error(at position: Int, found: String, rule: String) -> TraceError {
        TraceError(path: file.path, member: member, position: self.position(at: position), found: found, rule: rule)
    }

    /// An error of the region as a whole, placed where it begins.
    func error(found: String, rule: String) -> TraceError {
        TraceError(path: file.path, member: member, position: .byte(offset), found: found, rule: rule)
    }
}

/// Reads a ``ByteRegion`` from its beginning to its end, inflating and checking it on the way.
///
/// What is skipped is read all the same where a checksum or the inflation needs it, and sought past otherwise.
final class RegionReader {
    let region: ByteRegion
    /// How many bytes have been taken or skipped.
    private(set) var position = 0
    private let buffer: UnsafeMutableRawBufferPointer
    /// The part of the buffer that has been read and not taken.
    private var available = 0..<0
    /// How many bytes have come into the buffer or were sought past.
    private var produced = 0
    private var checksum: UInt = 0
    private let inflater: Inflater?

    /// Less costs as much.
    private static let smallestRead = 1 << 15

    init(_ region: ByteRegion) throws(TraceError) {
        self.region = region
        buffer = .allocate(byteCount: max(1, min(region.size, 1 << 20)), alignment: 64)
        inflater = region.isDeflated ? try Inflater(region) : nil
    }

    deinit { buffer.deallocate() }

    /// The next bytes: a multiple of `unit`, at least one and at most `maximum`, which are valid until the next call.
    ///
    /// - Precondition: `unit` ≤ `maximum`, and so many are left; `unit` is below the buffer's size.
    func take(unit: Int, maximum: Int) throws(TraceError) -> UnsafeRawBufferPointer {
        if available.count < unit { try refill(atLeast: unit, wanted: maximum) }
        let count = min(available.count, maximum) / unit * unit
        let start = available.lowerBound
        available = (start + count)..<available.upperBound
        position += count
        return UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)])
    }

    /// - Precondition: so many are left.
    func skip(_ count: Int) throws(TraceError) {
        var left = count
        while left > 0 {
            if available.isEmpty {
                if inflater == nil, region.checksum == nil {
                    produced += left
                    position += left
                    return
                }
                try refill(atLeast: 1, wanted: left)
            }
            let part = min(left, available.count)
            available = (available.lowerBound + part)..<available.upperBound
            position += part
            left -= part
        }
    }

    /// Reads what is left, and checks that the inflation ends there and that the checksum is right.
    func finish() throws(TraceError) {
        try skip(region.size - position)
        try inflater?.finish()
        if let expected = region.checksum, UInt32(truncatingIfNeeded: checksum) != expected {
            throw region.error(
                found: "CRC-32 \(hexadecimal(UInt32(truncatingIfNeeded: checksum)))",
                rule: "the zip directory says \(hexadecimal(expected))")
        }
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// - Parameter wanted: reads hardly more than that, since what follows may be sought past.
    private func refill(atLeast minimum: Int, wanted: Int) throws(TraceError) {
        let kept = available.count
        if kept > 0 { buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + available.lowerBound, byteCount: kept) }
        available = 0..<kept
        while available.count < minimum {
            let room = min(buffer.count - available.upperBound, region.size - produced, max(wanted, Self.smallestRead))
            precondition(room > 0, "more is read than there is")
            let target = UnsafeMutableRawBufferPointer(
                rebasing: buffer[available.upperBound..<(available.upperBound + room)])
            var count = room
            if let inflater {
                count = try inflater.inflate(into: target)
            } else {
                try region.file.read(at: region.offset + produced, into: target)
            }
            if region.checksum != nil {
                checksum = crc32_z(checksum, target.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
            }
            produced += count
            available = 0..<(available.upperBound + count)
        }
    }
}
