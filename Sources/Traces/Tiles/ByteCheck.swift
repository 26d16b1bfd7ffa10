import Synchronization

/// Goes through the bytes of an array in their order, in parts beside other work, for what only all of them tell: the digest of the file, and the
/// checksum of a member of a zip file.
package final class ByteCheck: Sendable {
    private let file: TraceFile
    private let bytes: Range<Int>
    private let reader: Mutex<Reader?>

    /// Touched under its lock alone.
    private struct Reader: @unchecked Sendable {
        let region: RegionReader
    }

    /// - Returns: nil for an array that is read from its beginning to its end anyhow.
    package init?(_ array: RecordedArray) throws(TraceError) {
        switch array.source {
        case .binary(let region, _, _) where !region.isDeflated:
            file = region.file
            bytes = region.offset..<region.offset + region.storedSize
            reader = Mutex(region.checksum == nil ? nil : Reader(region: try RegionReader(region)))
        case .columns(let columns):
            file = columns.file
            bytes = columns.offset..<columns.offset + columns.byteCount
            reader = Mutex(nil)
        default: return nil
        }
    }

    /// Goes as far as that share of the bytes, from 0 to 1.
    /// - Throws: ``TraceError`` when the file cannot be read; with 1 also for a wrong checksum.
    package func advance(to share: Double) throws(TraceError) {
        let position = share >= 1 ? bytes.count : Int(share * Double(bytes.count))
        let hasChecksum = try reader.withLock { (reader) throws(TraceError) in
            guard let region = reader?.region else { return false }
            try region.skip(max(0, position - region.position))
            if share >= 1 { try region.finish() }
            return true
        }
        // What has a checksum was hashed on the way.
        if !hasChecksum { try file.hash(to: bytes.lowerBound + position) }
    }
}
