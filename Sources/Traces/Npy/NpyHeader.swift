/// The header of the `.npy` format, versions 1.0, 2.0 and 3.0 (NumPy Enhancement Proposal 1).
///
/// `\x93NUMPY`, version, the length of the rest as 2 bytes (4 from version 2.0 on), then a literal of a Python dictionary
/// with the keys `descr`, `fortran_order` and `shape`, blanks and a line end.
struct NpyHeader {
    let format: ElementFormat
    let isFortranOrder: Bool
    let shape: TraceShape
    /// Where the data begin.
    let size: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// What a header of numbers never exceeds; more would be read only for a lie.
    private static let largestLength = 1 << 16

    /// Reads the header at the beginning of a region, and checks that the data fill the rest of it.
    init(_ reader: RegionReader) throws(TraceError) {
        let region = reader.region
        var prefix = try Self.bytes(reader, 8, "the header")
        guard prefix.starts(with: Self.magic) else {
            throw region.error(at: 0, found: TraceError.quote(prefix.prefix(6)), rule: "an .npy array begins with \\x93NUMPY")
        }
        guard (1...3).contains(prefix[6]), prefix[7] == 0 else {
            throw region.error(
                at: 6, found: "format version \(prefix[6]).\(prefix[7])", rule: "must be 1.0, 2.0 or 3.0")
        }
        prefix = try Self.bytes(reader, prefix[6] == 1 ? 2 : 4, "the header's length")
        let length = prefix.reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = reader.position
        guard length <= min(Self.largestLength, region.size - start) else {
            throw region.error(
                at: 8, found: "header length \(length)",
                rule: length > region.size - start
                    ? "only \(region.size - start) bytes follow" : "must be at most \(Self.largestLength)")
        }
        let text = try Self.bytes(reader, length, "the header")
        size = start + length
        var scanner = TextScanner(text) { region.error(at: start + $0, found: $1, rule: $2) }
        let entries = try Self.dictionary(&scanner)
        format = entries.format
        isFortranOrder = entries.isFortranOrder
        switch TraceShape.make(entries.axes, elementSize: format.size) {
        case .success(let shape): self.shape = shape
        case .failure(let broken):
            throw region.error(
                at: start + entries.shapePosition, found: TraceShape.text(entries.axes), rule: broken.rule)
        }
        let expected = shape.steps * shape.coordinates * format.size
        if region.size - size < expected {
            throw region.error(
                at: region.size, found: "the end of the data after \(region.size - size) bytes",
                rule: "\(TraceShape.text(shape.axes)) needs \(expected)")
        }
        if region.size - size > expected {
            throw region.error(
                at: size + expected, found: "\(region.size - size - expected) bytes after the data",
                rule: "\(TraceShape.text(shape.axes)) ends there")
        }
    }

    private static func bytes(_ reader: RegionReader, _ count: Int, _ what: String) throws(TraceError) -> [UInt8] {
        guard reader.region.size - reader.position >= count else {
            throw reader.region.error(
                at: reader.region.size, found: reader.region.size == 0 ? "an empty file" : "the end of the file",
                rule: "\(what) is cut off")
        }
        return try count == 0 ? [] : Array(reader.take(unit: count, maximum: count))
    }

    private struct Entries {
        var format: ElementFormat
        var isFortranOrder: Bool
        var axes: [Int]
        var shapePosition: Int
    }

    private static func dictionary(_ scanner: inout TextScanner) throws(TraceError) -> Entries {
        var format: ElementFormat?
        var isFortranOrder: Bool?
        var axes: [Int]?
        var shapePosition = 0
        try scanner.expect("{")
        while !scanner.take("}") {
            scanner.skipBlanks()
            let position = scanner.position
            let key = try string(&scanner)
            try scanner.expect(":")
            scanner.skipBlanks()
            switch key {
            case "descr" where format == nil: format = try elementFormat(&scanner)
            case "fortran_order" where isFortranOrder == nil:
                if scanner.take(word: "True") {
                    isFortranOrder = true
                } else if scanner.take(word: "False") {
                    isFortranOrder = false
                } else {
                    throw scanner.failure("True or False is expected")
                }
            case "shape" where axes == nil:
                shapePosition = scanner.position
                axes = try tuple(&scanner)
            default:
                throw scanner.failure(
                    at: position, found: "key '\(key)'", rule: "must be descr, fortran_order and shape, each once")
            }
            if !scanner.take(",") {
                try scanner.expect("}")
                break
            }
        }
        scanner.skipBlanks()
        guard scanner.next == nil else { throw scanner.failure("nothing may follow the dictionary") }
        guard let format, let isFortranOrder, let axes else {
            let missing = format == nil ? "descr" : isFortranOrder == nil ? "fortran_order" : "shape"
            throw scanner.failure(at: 0, found: "no key '\(missing)'", rule: "must be there")
        }
        return Entries(format: format, isFortranOrder: isFortranOrder, axes: axes, shapePosition: shapePosition)
    }

    /// A string in single or double quotes. None that matters has an escape in it.
    private static func string(_ scanner: inout TextScanner) throws(TraceError) -> String {
        scanner.skipBlanks()
        guard let quote = scanner.next, quote == 0x22 || quote == 0x27 else { throw scanner.failure("a string is expected") }
        _ = try scanner.any()
        var bytes: [UInt8] = []
        while true {
            let byte = try scanner.any()
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
    }

    private static func elementFormat(_ scanner: inout TextScanner) throws(TraceError) -> ElementFormat {
        let rule = "must be float16, float32 or float64"
        let position = scanner.position
        if scanner.next == 0x5b { throw scanner.failure(at: position, found: "a dtype with fields", rule: rule) }
        let text = try string(&scanner)
        let order = text.first
        let kind: ElementFormat.Kind? =
            switch text.dropFirst() {
            case "f2": .float16
            case "f4": .float32
            case "f8": .float64
            default: nil
            }
        guard let kind, order == "<" || order == ">" || order == "=" else {
            throw scanner.failure(at: position, found: "dtype '\(text.prefix(20))'\(meaning(text))", rule: rule)
        }
        return ElementFormat(kind: kind, isBigEndian: order == ">")
    }

    private static func meaning(_ dtype: String) -> String {
        switch dtype.drop(while: { "<>=|".contains($0) }).first {
        case "i": " (integers)"
        case "u": " (integers)"
        case "c": " (complex numbers)"
        case "O": " (Python objects)"
        case "b", "?": " (truth values)"
        case "V": " (opaque bytes, such as a bfloat16 that NumPy cannot name)"
        case "U", "S": " (text)"
        default: ""
        }
    }

    private static func tuple(_ scanner: inout TextScanner) throws(TraceError) -> [Int] {
        var axes: [Int] = []
        try scanner.expect("(")
        while !scanner.take(")") {
            axes.append(try scanner.wholeNumber())
            // NumPy under Python 2 wrote long integers as such.
            _ = scanner.take("L")
            if scanner.take(",") { continue }
            try scanner.expect(")")
            // (3) is a number in Python, (3,) a tuple.
            if axes.count == 1 { throw scanner.failure(at: scanner.position - 1, found: "')'", rule: "',' is expected") }
            break
        }
        return axes
    }
}
