/// The part of JSON that the header of a `.safetensors` file has, with errors that say where they are.
enum JSONText {
    /// An object; `value` reads what belongs to a key, which begins at a position.
    static func object(
        _ scanner: inout TextScanner,
        _ value: (_ key: String, _ position: Int, inout TextScanner) throws(TraceError) -> Void
    ) throws(TraceError) {
        try scanner.expect("{")
        if scanner.take("}") { return }
        while true {
            scanner.skipBlanks()
            let position = scanner.position
            let key = try string(&scanner)
            try scanner.expect(":")
            try value(key, position, &scanner)
            if scanner.take(",") { continue }
            try scanner.expect("}")
            return
        }
    }

    static func wholeNumbers(_ scanner: inout TextScanner) throws(TraceError) -> [Int] {
        var numbers: [Int] = []
        try scanner.expect("[")
        if scanner.take("]") { return numbers }
        while true {
            numbers.append(try scanner.wholeNumber())
            if scanner.take(",") { continue }
            try scanner.expect("]")
            return numbers
        }
    }

    static func string(_ scanner: inout TextScanner) throws(TraceError) -> String {
        guard scanner.take("\"") else { throw scanner.failure("a string is expected") }
        let start = scanner.position
        var bytes: [UInt8] = []
        while true {
            let position = scanner.position
            let byte = try scanner.any()
            switch byte {
            case 0x22:
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw scanner.failure(at: start, found: TraceError.quote(bytes), rule: "must be UTF-8")
                }
                return text
            case 0x5c:
                bytes += try escape(&scanner, position)
            case 0..<0x20:
                throw scanner.failure(at: position, found: "byte \(byte) in a string", rule: "must be escaped")
            default:
                bytes.append(byte)
            }
        }
    }

    private static func escape(_ scanner: inout TextScanner, _ position: Int) throws(TraceError) -> [UInt8] {
        let byte = try scanner.any()
        switch byte {
        case 0x22, 0x2f, 0x5c: return [byte]
        case 0x62: return [0x08]
        case 0x66: return [0x0c]
        case 0x6e: return [0x0a]
        case 0x72: return [0x0d]
        case 0x74: return [0x09]
        case 0x75:
            var units = [try hexadecimal(&scanner)]
            // The first half of a character beyond 16 bits is followed by the second.
            if UTF16.isLeadSurrogate(units[0]), try scanner.any() == 0x5c, try scanner.any() == 0x75 {
                units.append(try hexadecimal(&scanner))
            }
            if let text = String(validating: units, as: UTF16.self) { return Array(text.utf8) }
            fallthrough
        default:
            throw scanner.failure(at: position, found: "a broken escape", rule: "must be one of JSON's")
        }
    }

    private static func hexadecimal(_ scanner: inout TextScanner) throws(TraceError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try scanner.any())).hexDigitValue else {
                throw scanner.failure("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
