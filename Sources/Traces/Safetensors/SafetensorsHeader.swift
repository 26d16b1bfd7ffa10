/// The header of a `.safetensors` file: its length in 8 bytes, and a JSON object that gives each tensor's type, shape and
/// place in the data that follow. Least byte first; C order.
struct SafetensorsHeader {
    struct Tensor {
        let name: String
        let dtype: String
        let axes: [Int]
        /// Where in the file.
        let bytes: Range<Int>
        /// Where in the file it is described.
        let position: Int
        let dtypePosition: Int
        let shapePosition: Int

        /// Nil for what is no floating-point number of 16 to 64 bits.
        var format: ElementFormat? { SafetensorsHeader.formats[dtype].map { ElementFormat(kind: $0) } }
    }

    /// In the header's order.
    let tensors: [Tensor]

    /// The format's own limit.
    private static let largestLength = 100_000_000

    private static let formats: [String: ElementFormat.Kind] = [
        "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
    ]

    /// The bytes of one element; those of less than a byte are missing.
    private static let elementSizes: [String: Int] = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2, "U32": 4, "I32": 4,
        "F32": 4, "U64": 8, "I64": 8, "F64": 8, "C64": 8,
    ]

    init(_ file: TraceFile) throws(TraceError) {
        func failure(_ position: Int, _ found: String, _ rule: String) -> TraceError {
            TraceError(path: file.path, position: .byte(position), found: found, rule: rule)
        }
        guard file.size >= 8 else {
            throw failure(file.size, file.size == 0 ? "an empty file" : "the end of the file", "the header's length is cut off")
        }
        let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(Self.largestLength, file.size - 8)) else {
            throw failure(
                0, "header length \(length)",
                length > UInt64(Self.largestLength) ? "must be at most \(Self.largestLength)" : "only \(file.size - 8) bytes follow")
        }
        let dataStart = 8 + Int(length)
        var scanner = TextScanner(try file.bytes(at: 8, count: Int(length))) { (position, found, rule) in
            failure(8 + position, found, rule)
        }
        guard scanner.next == 0x7b else { throw scanner.failure("'{' is expected") }
        var tensors: [Tensor] = []
        var names: Set<String> = []
        try JSONText.object(&scanner) { (name, position, scanner) throws(TraceError) in
            guard names.insert(name).inserted else {
                throw scanner.failure(at: position, found: "tensor \(TraceError.quote(name: name)) again", rule: "must have a name of its own")
            }
            if name == "__metadata__" {
                try JSONText.object(&scanner) { (_, _, scanner) throws(TraceError) in _ = try JSONText.string(&scanner) }
            } else {
                tensors.append(try Self.tensor(name, position, &scanner, file, dataStart))
            }
        }
        scanner.skipBlanks()
        guard scanner.next == nil else { throw scanner.failure("nothing may follow the object") }
        var end = dataStart
        // One without elements lies before the one that begins there.
        for tensor in tensors.sorted(by: { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }) {
            if tensor.bytes.lowerBound != end {
                throw failure(
                    tensor.position,
                    "tensor \(TraceError.quote(name: tensor.name)) at bytes \(tensor.bytes.lowerBound - dataStart) to "
                        + "\(tensor.bytes.upperBound - dataStart) of the data",
                    "must begin at \(end - dataStart), where the one before it ends")
            }
            end = tensor.bytes.upperBound
        }
        if end != file.size { throw failure(end, "\(file.size - end) bytes after the last tensor", "must end there") }
        if tensors.isEmpty { throw failure(8, "no tensor", "must have one") }
        self.tensors = tensors
    }

    private static func tensor(
        _ name: String, _ position: Int, _ scanner: inout TextScanner, _ file: TraceFile, _ dataStart: Int
    ) throws(TraceError) -> Tensor {
        var dtype: String?
        var axes: [Int]?
        var offsets: [Int]?
        var dtypePosition = position, shapePosition = position, offsetsPosition = position
        try JSONText.object(&scanner) { (key, keyPosition, scanner) throws(TraceError) in
            scanner.skipBlanks()
            let valuePosition = scanner.position
            switch key {
            case "dtype" where dtype == nil:
                dtypePosition = valuePosition
                dtype = try JSONText.string(&scanner)
            case "shape" where axes == nil:
                shapePosition = valuePosition
                axes = try JSONText.wholeNumbers(&scanner)
            case "data_offsets" where offsets == nil:
                offsetsPosition = valuePosition
                offsets = try JSONText.wholeNumbers(&scanner)
            default:
                throw scanner.failure(
                    at: keyPosition, found: "key \(TraceError.quote(name: key)) of tensor \(TraceError.quote(name: name))",
                    rule: "must be dtype, shape and data_offsets, each once")
            }
        }
        guard let dtype, let axes, let offsets else {
            let missing = dtype == nil ? "dtype" : axes == nil ? "shape" : "data_offsets"
            throw scanner.failure(at: position, found: "tensor \(TraceError.quote(name: name)) without \(missing)", rule: "must have it")
        }
        let elementSize = elementSizes[dtype]
        guard let size = TraceShape.byteCount(axes, elementSize: elementSize ?? 1) else {
            throw scanner.failure(
                at: shapePosition, found: "tensor \(TraceError.quote(name: name)) of \(TraceShape.text(axes))", rule: TraceShape.Broken.tooLarge.rule)
        }
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= file.size - dataStart else {
            throw scanner.failure(
                at: offsetsPosition, found: "data_offsets \(offsets.prefix(4)) of tensor \(TraceError.quote(name: name))",
                rule: "must be [begin, end] within the \(file.size - dataStart) bytes of data")
        }
        guard elementSize == nil || offsets[1] - offsets[0] == size else {
            throw scanner.failure(
                at: offsetsPosition, found: "tensor \(TraceError.quote(name: name)) of \(offsets[1] - offsets[0]) bytes",
                rule: "\(TraceShape.text(axes)) needs \(size)")
        }
        return Tensor(
            name: name, dtype: dtype, axes: axes, bytes: (dataStart + offsets[0])..<(dataStart + offsets[1]), position: 8 + position,
            dtypePosition: 8 + dtypePosition, shapePosition: 8 + shapePosition)
    }
}
