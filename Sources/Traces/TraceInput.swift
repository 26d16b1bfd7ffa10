import Files

/// Recorded gradients by the name of a file, or in memory: what an experiment is given.
public struct TraceInput: Sendable {
    /// As tables and errors name it.
    public let name: String
    package let bytes: [UInt8]?

    /// - Parameter path: of a file or a pipe; `-` for standard input.
    public static func file(_ path: String) -> TraceInput { TraceInput(name: path, bytes: nil) }

    /// - Parameter name: what the file would be called; its ending decides the format.
    public static func memory(_ bytes: [UInt8], name: String) -> TraceInput { TraceInput(name: name, bytes: bytes) }

    /// - Throws: ``TraceError`` as ``RecordedTrace/open(_:)``.
    public func open() throws(TraceError) -> RecordedTrace {
        if let bytes { return try RecordedTrace.read(bytes, named: name) }
        return try RecordedTrace.open(name)
    }

    /// The input for the record of a run, with the digest of the bytes that were read.
    ///
    /// To be asked for when the trace has been read: what nobody has read yet is read now.
    /// - Parameter trace: what ``open()`` returned.
    /// - Throws: ``TraceError`` when the file can no longer be read, or was changed since it was opened.
    public func record(of trace: RecordedTrace) throws(TraceError) -> InputFile {
        InputFile(file: name, sha256: try trace.digest())
    }
}

/// A file that a run has read, as `run.json` names it.
public struct InputFile: Codable, Sendable, Equatable {
    /// As the user named it; `-` for standard input.
    public let file: String
    /// The SHA-256 of the bytes that the result comes from.
    public let sha256: String

    public init(file: String, sha256: String) {
        self.file = file
        self.sha256 = sha256
    }
}

/// The bound on what an analysis holds in memory of a trace's coordinates.
///
/// Files are larger than memory, so that blocks of them are read. But statistics and optimizers have numbers of their own for each
/// coordinate, and a step has all of them: what would not fit is refused by its shape, before memory is asked for.
package enum TraceMemory {
    /// 2 GiB.
    package static let mostBytes = 1 << 31

    /// - Parameters:
    ///   - arrays: whose coordinates are in memory at once.
    ///   - bytes: how many are held for each coordinate.
    /// - Throws: ``TraceError`` with the file and the shape of the array that goes beyond ``mostBytes``.
    package static func require(_ bytes: Int, perCoordinateOf arrays: [RecordedArray]) throws(TraceError) {
        var left = mostBytes / bytes
        for array in arrays {
            left -= array.coordinateCount
            guard left < 0 else { continue }
            let isOnly = arrays.count == 1
            throw TraceError(
                path: array.path, member: isOnly ? nil : array.name, found: array.shapeText,
                rule: "\(bytes) bytes of each coordinate are held in memory, at most \(mostBytes) (2 GiB): "
                    + "must have at most \(mostBytes / bytes) coordinates\(isOnly ? "" : " in all arrays")")
        }
    }
}
