import Files
import Foundation

/// The formats that a trace is read from, by the ending of a file's name or by its first bytes.
enum TraceFormat {
    case npy, npz, safetensors, csv

    private static let endings: [String: TraceFormat] = ["npy": .npy, "npz": .npz, "safetensors": .safetensors, "csv": .csv]

    /// The ending decides, and the first bytes where there is none, or where it belongs to a pipe. What is neither NumPy's nor a zip
    /// file is CSV then.
    /// - Throws: `TraceError` for what PyTorch saved, with the way to convert it, and for an ending that no format has.
    static func of(_ file: TraceFile) throws(TraceError) -> TraceFormat {
        let (name, ending) = split(file.path)
        let start = try file.bytes(at: 0, count: min(file.size, 16))
        if let error = try torchFile(file, name: name, start: start) { throw error }
        if let format = endings[ending] { return format }
        guard ending.isEmpty || file.isStream else {
            throw TraceError(
                path: file.path, found: "the ending .\(ending)",
                rule: "must be .npy, .npz, .safetensors or .csv; without an ending the first bytes decide")
        }
        if start.starts(with: NpyHeader.magic) { return .npy }
        return ZipDirectory.magics.contains(where: start.starts) ? .npz : .csv
    }

    /// The file's name without folder and ending, and the ending in lower case.
    static func split(_ path: String) -> (name: String, ending: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return (name, "") }
        return (String(name[..<dot]), name[name.index(after: dot)...].lowercased())
    }

    // MARK: What is not read

    /// How a file begins that `torch.save` wrote before version 1.6: the pickle of a number of its own.
    static let torchMagic: [UInt8] = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

    /// The error for a file of PyTorch's or another pickle: neither is read, since a pickle is a program.
    private static func torchFile(_ file: TraceFile, name: String, start: [UInt8]) throws(TraceError) -> TraceError? {
        let isTorch: Bool
        if ZipDirectory.magics.contains(where: start.starts) {
            // What is no whole zip file has errors of its own.
            let members = try? ZipDirectory.members(of: file)
            isTorch = members?.contains { ($0.member ?? "").split(separator: "/").last == "data.pkl" } ?? false
        } else {
            isTorch = start.starts(with: torchMagic)
        }
        if isTorch {
            return TraceError(
                path: file.path, found: "a file of PyTorch's",
                rule: "convert it: import numpy, torch; numpy.save(\"\(name).npy\", torch.load(\"\(file.path)\").float().numpy())")
        }
        guard start.count > 1, start[0] == 0x80, (2...5).contains(start[1]), endings[split(file.path).ending] == nil else { return nil }
        return TraceError(
            path: file.path, found: "a pickle of Python's",
            rule: "convert it: import numpy, pickle; numpy.save(\"\(name).npy\", pickle.load(open(\"\(file.path)\", \"rb\")))")
    }
}

/// A file of recorded gradients, or bytes in memory that stand for one, read at any offset from any thread; its errors are
/// ``TraceError``s.
final class TraceFile: Sendable {
    private let file: ReadableFile
    /// Whether it is a pipe or the standard input, whose name has no ending that means something.
    let isStream: Bool

    /// As errors name it.
    var path: String { file.path }
    /// In bytes, when it was opened.
    var size: Int { file.size }

    /// Whether it holds what was taken out of another file.
    private let isSpool: Bool

    private init(_ file: ReadableFile, isStream: Bool, isSpool: Bool = false) {
        self.file = file
        self.isStream = isStream
        self.isSpool = isSpool
    }

    /// A file that is in memory.
    convenience init(path: String, bytes: [UInt8]) { self.init(ReadableFile(path: path, bytes: bytes), isStream: false) }

    /// What has been written to a temporary file.
    convenience init(_ spool: Spool) { self.init(spool.finish(), isStream: true, isSpool: true) }

    /// Opens a file; a pipe and the standard input are copied to a temporary file first, so that they can be read again.
    static func open(_ path: String) throws(TraceError) -> TraceFile {
        var status = stat()
        let isPlain = path != ReadableFile.standardInput && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return try reported { () throws(InputError) in
            TraceFile(try ReadableFile.open(path, takesDigest: true), isStream: !isPlain)
        }
    }

    /// Fills `buffer` with the bytes from `offset` on.
    /// - Precondition: of bytes in memory, so many are there; what reads them has checked the headers against `size`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer, isHashed: Bool = true) throws(TraceError) {
        try Self.reported { () throws(InputError) in try file.read(at: offset, into: buffer, isHashed: isHashed) }
    }

    /// Takes the digest as far as that, ahead of ``digest()``. Of a spool nobody wants one.
    func hash(to end: Int) throws(TraceError) {
        if isSpool { return }
        try Self.reported { () throws(InputError) in try file.hash(to: end) }
    }

    func bytes(at offset: Int, count: Int) throws(TraceError) -> [UInt8] {
        try Self.reported { () throws(InputError) in try file.bytes(at: offset, count: count) }
    }

    /// The SHA-256 of the bytes as they were read; what has not been read in its order is read now.
    /// - Throws: `TraceError` when the file was changed after it was opened: then nobody knows what was read.
    func digest() throws(TraceError) -> String {
        try Self.reported { () throws(InputError) in try file.digest() }
    }

    /// `body` with its errors as ``TraceError``s.
    static func reported<Result>(_ body: () throws(InputError) -> Result) throws(TraceError) -> Result {
        do throws(InputError) {
            return try body()
        } catch {
            let position: TraceError.Position =
                switch error.position {
                case .byte(let byte): .byte(byte)
                case .inflatedByte(let byte): .inflatedByte(byte)
                case .line(let line): .line(line, column: nil)
                case nil: .file
                }
            throw TraceError(path: error.path, position: position, found: error.found, rule: error.rule)
        }
    }
}

/// Memory for the time of a call.
func withBuffer(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(TraceError) -> Void
) throws(TraceError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { buffer.deallocate() }
    try body(buffer)
}
