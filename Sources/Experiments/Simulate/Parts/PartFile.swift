import Errors
import Files
import Simulation

/// A part of a simulation as it leaves the process: one format for a shard's result, a checkpoint, and a message.
///
/// | bytes | |
/// | --- | --- |
/// | 8 | `\x89varlab\n` |
/// | 4 | the version of the format, 1 |
/// | 4 | the length of the header, a multiple of 8 |
/// | 8 | the length of the whole |
/// | | the header, JSON, with blanks behind it |
/// | | Float64: sums and batches of each node of the merge tree; edges of the histograms |
/// | | Int64: sizes of the batches; counts of the histograms |
/// | 64 | the SHA-256 of all that precedes, in hexadecimal digits |
///
/// All numbers are little-endian: a part may be made on one machine and read on another.
public struct PartFile: Sendable {
    /// As errors name it.
    public let name: String
    let header: PartHeader
    private let bytes: [UInt8]
    private let numbersStart: Int

    static let magic = [0x89] + Array("varlab\n".utf8)
    static let format: UInt32 = 1
    private static let prefixLength = 24
    private static let digestLength = 64

    /// Reads a file, or a pipe.
    /// - Throws: `InputError` for what is no part, whole and unchanged.
    public static func open(_ path: String) throws(InputError) -> PartFile {
        let file = try ReadableFile.open(path)
        return try PartFile(try file.bytes(), name: file.path)
    }

    /// - Parameters:
    ///   - bytes: of a file, or of a message.
    ///   - name: what errors call them.
    /// - Throws: `InputError` for what is no part, whole and unchanged.
    public init(_ bytes: [UInt8], name: String) throws(InputError) {
        guard bytes.count >= Self.prefixLength, bytes.starts(with: Self.magic) else {
            throw InputError(path: name, found: "is not a part of a simulation", rule: "must be a file that simulate --part or --checkpoint wrote, or merge --part")
        }
        let format = UInt32(truncatingIfNeeded: Self.integer(bytes[8..<12]))
        guard format == Self.format else {
            throw InputError(path: name, found: "is a part in format \(format)", rule: "this program reads format \(Self.format)")
        }
        let (headerLength, length) = (Self.integer(bytes[12..<16]), Self.integer(bytes[16..<24]))
        guard length == UInt64(bytes.count) else {
            throw InputError(path: name, found: "has \(bytes.count) bytes", rule: "must have \(length): it is not whole, or damaged")
        }
        let end = bytes.count - Self.digestLength
        guard end >= Self.prefixLength, Self.digest(bytes[..<end]) == Array(bytes[end...]) else {
            throw InputError(path: name, found: "is damaged", rule: "its SHA-256 is not that of its bytes")
        }
        guard headerLength <= UInt64(end - Self.prefixLength),
            let header = PartHeader(bytes[Self.prefixLength..<Self.prefixLength + Int(headerLength)])
        else { throw InputError(path: name, found: "has no header", rule: "must be as simulate wrote it") }
        (self.name, self.header, self.bytes) = (name, header, bytes)
        numbersStart = Self.prefixLength + Int(headerLength)
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return Array(hash.hexadecimal().utf8)
    }

    /// The state that the part holds.
    /// - Parameter simulation: of the same settings, or of more trajectories with the same batches.
    /// - Throws: `InputError` where the numbers cannot be those of that run.
    public func state(of simulation: PartwiseSimulation) throws(InputError) -> PartwiseSimulation.State {
        do throws(StateNumberReader.Failure) {
            guard let nodes = header.treeNodes else { throw StateNumberReader.Failure("are of nodes that no run has") }
            // That of the run of the part, which may be a shorter one.
            let trajectories = header.parameters.trajectories
            let rest = header.rest ? MonteCarlo.rest(ofTrajectories: trajectories) : nil
            var numbers = try StateNumberReader(bytes[numbersStart..<bytes.count - Self.digestLength], realCount: header.realCount)
            return try simulation.simulation.state(nodes: nodes, rest: rest, numbers: &numbers, empty: simulation.empty)
        } catch {
            throw InputError(path: name, found: "its numbers \(error.rule)", rule: "must be those of the settings in its header, made on this kind of machine")
        }
    }

    /// A state as a file or a message.
    package static func content(
        _ state: PartwiseSimulation.State, of experiment: SimulateExperiment, provenance: Provenance
    ) throws -> OutputContent {
        let numbers = state.numbers
        var header = try PartHeader(state, of: experiment, provenance: provenance, realCount: numbers.counts.reals).encoded()
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        let length = prefixLength + header.count + numbers.byteCount + digestLength
        let prefix = magic + littleEndian(UInt64(format), 4) + littleEndian(UInt64(header.count), 4) + littleEndian(UInt64(length), 8) + header
        return OutputContent { (sink) throws(OutputError) in
            let hash = SHA256()
            hash.update(prefix)
            try OutputContent(prefix).write(sink)
            try numbers.forEachPiece { (piece) throws(OutputError) in
                hash.update(piece)
                try sink(piece)
            }
            try OutputContent(Array(hash.hexadecimal().utf8)).write(sink)
        }
    }

    /// The same in memory, for a message.
    public static func bytes(
        _ state: PartwiseSimulation.State, of experiment: SimulateExperiment, provenance: Provenance
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try content(state, of: experiment, provenance: provenance).write { bytes += $0 }
        return bytes
    }

    private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}
