import Files

/// A file of recorded gradients.
///
/// | format | what is read |
/// | --- | --- |
/// | `.npy` | float16, float32, float64, either byte order, C and Fortran order, versions 1.0 to 3.0 |
/// | `.npz` | the same as members of a zip file, stored or deflated |
/// | `.safetensors` | F16, BF16, F32, F64 |
/// | CSV | one step a line, one coordinate a column, with a header line or not |
///
/// The ending decides; of a pipe, of standard input and of a name without an ending the first bytes do, and what is neither
/// NumPy's nor a zip file is CSV. Nothing but headers is in memory: a file may be larger than that.
public struct RecordedTrace: Sendable {
    /// As errors name it.
    public let path: String
    /// In the file's order; at least one.
    public let arrays: [RecordedArray]
    private let file: TraceFile

    /// - Parameter path: of a file or a pipe; `-` for standard input. Both are copied to a temporary file.
    /// - Throws: ``TraceError`` when there is no such file, when it has no array of floating-point numbers with at least one
    ///   step and one coordinate, when its headers do not agree with its size, and for an ending that no format has.
    public static func open(_ path: String) throws(TraceError) -> RecordedTrace {
        try RecordedTrace(TraceFile.open(path))
    }

    /// A file that is in memory.
    /// - Parameter name: what it would be called: errors name it, and its ending decides the format.
    /// - Throws: as ``open(_:)``.
    public static func read(_ bytes: [UInt8], named name: String) throws(TraceError) -> RecordedTrace {
        try RecordedTrace(TraceFile(path: name, bytes: bytes))
    }

    /// The SHA-256 of the file's bytes, taken as they were read: whoever has read the arrays pays little for it.
    /// - Throws: ``TraceError`` when what nobody has read yet cannot be read now, or when the file was changed since it was
    ///   opened.
    public func digest() throws(TraceError) -> String { try file.digest() }

    private init(_ file: TraceFile) throws(TraceError) {
        if file.size == 0 {
            throw TraceError(path: file.path, position: .byte(0), found: "an empty file", rule: "must have gradients")
        }
        path = file.path
        self.file = file
        arrays =
            switch try TraceFormat.of(file) {
            case .npy: [try Self.array(in: ByteRegion(file: file), name: TraceFormat.split(file.path).name)]
            case .npz: try Self.members(of: file)
            case .safetensors: try Self.tensors(of: file)
            case .csv: [try Self.table(file)]
            }
    }

    private static func table(_ file: TraceFile) throws(TraceError) -> RecordedArray {
        let table = try CSVTable(file)
        let axes = table.columnCount == 1 ? [table.rowCount] : [table.rowCount, table.columnCount]
        let shape = TraceShape(axes: axes, steps: table.rowCount, coordinates: table.columnCount)
        return RecordedArray(name: TraceFormat.split(file.path).name, shape: shape, source: .text(table))
    }

    private static func tensors(of file: TraceFile) throws(TraceError) -> [RecordedArray] {
        try SafetensorsHeader(file).tensors.map { (tensor) throws(TraceError) in
            func failure(_ position: Int, _ found: String, _ rule: String) -> TraceError {
                TraceError(path: file.path, position: .byte(position), found: "tensor \(TraceError.quote(name: tensor.name)) of \(found)", rule: rule)
            }
            guard let format = tensor.format else {
                throw failure(tensor.dtypePosition, "dtype \(tensor.dtype.prefix(20))", "must be F16, BF16, F32 or F64")
            }
            let shape: TraceShape
            switch TraceShape.make(tensor.axes, elementSize: format.size) {
            case .success(let made): shape = made
            case .failure(let broken): throw failure(tensor.shapePosition, TraceShape.text(tensor.axes), broken.rule)
            }
            let region = ByteRegion(
                file: file, member: tensor.name, offset: tensor.bytes.lowerBound, storedSize: tensor.bytes.count,
                size: tensor.bytes.count)
            return RecordedArray(name: tensor.name, shape: shape, source: .binary(region, headerSize: 0, format))
        }
    }

    private static func members(of file: TraceFile) throws(TraceError) -> [RecordedArray] {
        let start = try file.bytes(at: 0, count: min(file.size, 4))
        guard ZipDirectory.magics.contains(where: start.starts) else {
            throw TraceError(
                path: file.path, position: .byte(0), found: TraceError.quote(start), rule: "an .npz file begins with PK")
        }
        var arrays: [RecordedArray] = []
        for member in try ZipDirectory.members(of: file) {
            let name = member.member ?? ""
            arrays.append(try array(in: member, name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name))
        }
        if arrays.isEmpty { throw TraceError(path: file.path, position: .byte(0), found: "no member", rule: "must have an array") }
        return arrays
    }

    /// The array of an `.npy` file, which may be a member of a zip file.
    private static func array(in region: ByteRegion, name: String) throws(TraceError) -> RecordedArray {
        let reader = try RegionReader(region)
        let header = try NpyHeader(reader)
        // With one axis longer than 1, or none, both orders are the same.
        guard header.isFortranOrder, header.shape.axes.count(where: { $0 > 1 }) > 1 else {
            return RecordedArray(
                name: name, shape: header.shape, source: .binary(region, headerSize: header.size, header.format))
        }
        func columns(_ file: TraceFile, at offset: Int) -> RecordedArray {
            let columns = FortranColumns(file: file, offset: offset, format: header.format, shape: header.shape)
            return RecordedArray(name: name, shape: header.shape, source: .columns(columns))
        }
        if !region.isDeflated {
            // Columns are read out of order, so a checksum is looked at once.
            if region.checksum != nil { try reader.finish() }
            return columns(region.file, at: region.offset + header.size)
        }
        // Deflated columns cannot be read side by side: they are inflated to a temporary file.
        let spool = try TraceFile.reported { () throws(InputError) in try Spool(reportedAs: region.file.path) }
        while reader.position < region.size {
            let piece = try reader.take(unit: 1, maximum: region.size - reader.position)
            try TraceFile.reported { () throws(InputError) in try spool.append(piece) }
        }
        try reader.finish()
        return columns(TraceFile(spool), at: 0)
    }
}
