/// The members of a zip file, as its central directory lists them (PKWARE's APPNOTE, sections 4.3 and 4.5.3).
enum ZipDirectory {
    /// The beginnings of a zip file with members and of one without.
    static let magics: [[UInt8]] = [Array("PK\u{3}\u{4}".utf8), Array("PK\u{5}\u{6}".utf8)]

    private static let endSize = 22
    private static let entrySize = 46
    private static let localSize = 30
    /// More would be read only for a lie: names and sizes of half a million members.
    private static let largestDirectory = 1 << 26

    /// The members in the directory's order.
    static func members(of file: TraceFile) throws(TraceError) -> [ByteRegion] {
        func failure(_ position: Int, _ found: String, _ rule: String) -> TraceError {
            TraceError(path: file.path, position: .byte(position), found: found, rule: rule)
        }
        let directory = try locate(in: file)
        let bytes = try file.bytes(at: directory.offset, count: directory.size)
        var members: [(region: ByteRegion, start: Int)] = []
        var names: Set<String> = []
        var at = 0
        for _ in 0..<directory.count {
            let position = directory.offset + at
            guard bytes.count - at >= entrySize, little(bytes, at, 4) == 0x0201_4b50 else {
                throw failure(position, "no entry of the zip directory", "\(directory.count) are announced")
            }
            let flags = little(bytes, at + 8, 2), method = little(bytes, at + 10, 2)
            let checksum = UInt32(little(bytes, at + 16, 4))
            let nameSize = little(bytes, at + 28, 2), extraSize = little(bytes, at + 30, 2)
            let entryEnd = at + entrySize + nameSize + extraSize + little(bytes, at + 32, 2)
            guard entryEnd <= bytes.count else { throw failure(position, "an entry cut off", "the zip directory ends") }
            let rawName = bytes[(at + entrySize)..<(at + entrySize + nameSize)]
            let name = String(decoding: rawName, as: UTF8.self)
            let quoted = TraceError.quote(name: name)
            let extra = (at + entrySize + nameSize)..<(at + entrySize + nameSize + extraSize)
            var sizes = [little(bytes, at + 24, 4), little(bytes, at + 20, 4), little(bytes, at + 42, 4)]
            guard widen(&sizes, bytes, extra) else {
                throw failure(position, "member \(quoted) without its 64-bit sizes", "must have them in a zip64 field")
            }
            let (size, storedSize, start) = (sizes[0], sizes[1], sizes[2])
            if flags & 0x2041 != 0 { throw failure(position, "member \(quoted) is encrypted", "must not be") }
            guard method == 0 || method == 8 else {
                throw failure(position, "member \(quoted) has compression method \(method)", "must be 0 (stored) or 8 (deflated)")
            }
            // Deflate makes at most 1032 bytes of one.
            guard method == 0 ? size == storedSize : size / 1032 <= storedSize else {
                throw failure(position, "member \(quoted) has \(storedSize) bytes for \(size)", "cannot be")
            }
            guard names.insert(name).inserted else { throw failure(position, "member \(quoted) again", "must have a name of its own") }
            guard start >= 0, start <= directory.offset - localSize else {
                throw failure(position, "member \(quoted) begins at byte \(start)", "must lie before the zip directory")
            }
            let local = try file.bytes(at: start, count: localSize)
            guard little(local, 0, 4) == 0x0403_4b50, little(local, 26, 2) == nameSize, little(local, 8, 2) == method else {
                throw failure(start, "no header of member \(quoted)", "must be there, as the zip directory has it")
            }
            let offset = start + localSize + nameSize + little(local, 28, 2)
            guard offset <= directory.offset, storedSize <= directory.offset - offset else {
                throw failure(position, "member \(quoted) has \(storedSize) bytes from byte \(offset) on", "must lie before the zip directory")
            }
            guard try file.bytes(at: start + localSize, count: nameSize) == Array(rawName) else {
                throw failure(start, "another name than \(quoted)", "must be as in the zip directory")
            }
            let region = ByteRegion(
                file: file, member: name, offset: offset, storedSize: storedSize, size: size, isDeflated: method == 8,
                checksum: checksum)
            members.append((region, start))
            at = entryEnd
        }
        guard at == bytes.count else {
            throw failure(directory.offset + at, "more than \(directory.count) entries", "the zip directory announces so many")
        }
        let sorted = members.sorted { $0.start < $1.start }
        for (one, other) in zip(sorted, sorted.dropFirst()) where one.region.offset + one.region.storedSize > other.start {
            throw failure(other.start, "member \(TraceError.quote(name: other.region.member ?? "")) inside \(TraceError.quote(name: one.region.member ?? ""))", "must not overlap")
        }
        return members.map(\.region)
    }

    /// Finds the directory by the record at the very end of the file.
    private static func locate(in file: TraceFile) throws(TraceError) -> (offset: Int, size: Int, count: Int) {
        func failure(_ position: Int, _ found: String, _ rule: String) -> TraceError {
            TraceError(path: file.path, position: .byte(position), found: found, rule: rule)
        }
        let tailSize = min(file.size, endSize + 0xffff)
        let tail = try file.bytes(at: file.size - tailSize, count: tailSize)
        // The record ends with a comment that ends the file.
        let record = stride(from: tailSize - endSize, through: 0, by: -1).first {
            tail[$0] == 0x50 && little(tail, $0, 4) == 0x0605_4b50 && $0 + endSize + little(tail, $0 + 20, 2) == tailSize
        }
        guard let record else {
            throw failure(file.size, "no zip directory", "must be at the end: the file is cut off, or something follows it")
        }
        var end = file.size - tailSize + record
        var disk = little(tail, record + 4, 2) | little(tail, record + 6, 2)
        var count = little(tail, record + 10, 2)
        var size = little(tail, record + 12, 4), offset = little(tail, record + 16, 4)
        // With larger numbers than the record holds there are two more records before it.
        if end >= 20, offset > end || size != end - offset {
            let locator = try file.bytes(at: end - 20, count: 20)
            if little(locator, 0, 4) == 0x0706_4b50 {
                let wide = little(locator, 8, 8)
                guard wide >= 0, wide <= end - 20 - 56 else {
                    throw failure(end - 20, "zip64 record at byte \(wide)", "must lie before its locator")
                }
                let bytes = try file.bytes(at: wide, count: 56)
                guard little(bytes, 0, 4) == 0x0606_4b50 else { throw failure(wide, "no zip64 record", "must be there") }
                disk = little(bytes, 16, 4) | little(bytes, 20, 4)
                count = little(bytes, 32, 8)
                size = little(bytes, 40, 8)
                offset = little(bytes, 48, 8)
                end = wide
            }
        }
        if disk != 0 { throw failure(end, "a part of a zip file in several files", "must be whole") }
        guard size >= 0, offset >= 0, offset <= end, size == end - offset else {
            throw failure(end, "zip directory at byte \(offset) with \(size) bytes", "must end at byte \(end)")
        }
        guard size <= largestDirectory else { throw failure(end, "zip directory of \(size) bytes", "must have at most \(largestDirectory)") }
        guard count >= 0, count <= size / entrySize else {
            throw failure(end, "\(count) members announced", "\(size) bytes of directory hold at most \(size / entrySize)")
        }
        return (offset, size, count)
    }

    /// Replaces sizes of all ones by those of the zip64 field, which has just these in this order.
    private static func widen(_ sizes: inout [Int], _ bytes: [UInt8], _ extra: Range<Int>) -> Bool {
        let missing = sizes.indices.filter { sizes[$0] == 0xffff_ffff }
        if missing.isEmpty { return true }
        var at = extra.lowerBound
        while extra.upperBound - at >= 4 {
            let size = little(bytes, at + 2, 2)
            guard size <= extra.upperBound - at - 4 else { return false }
            if little(bytes, at, 2) == 1 {
                guard size >= 8 * missing.count else { return false }
                for (number, index) in missing.enumerated() { sizes[index] = little(bytes, at + 4 + 8 * number, 8) }
                return sizes.allSatisfy { $0 >= 0 }
            }
            at += 4 + size
        }
        return false
    }

    /// A number, least byte first; negative where 8 bytes exceed 2^63.
    private static func little(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        Int(truncatingIfNeeded: (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * $1) })
    }
}
