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

    /// An error at an offset in the inflated bytes.
    func error(at position: Int, found: String, rule: String) -> TraceError {
        TraceError(
            path: file.path, member: member, position: isDeflated ? .inflatedByte(position) : .byte(offset + position),
            found: found, rule: rule)
    }

    /// An error of the region as a whole, placed where it begins.
    func error(found: String, rule: String) -> TraceError {
        TraceError(path: file.path, member: member, position: .byte(offset), found: found, rule: rule)
    }
}
