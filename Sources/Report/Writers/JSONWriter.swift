/// JSON (RFC 8259): an array of one object per row, one row per line.
///
/// Numbers have the fewest digits that read back to the same number (``ShortestDigits``). A missing value is `null`. JSON
/// has no infinity and no NaN: they are the strings `"inf"`, `"-inf"` and `"nan"`, which Python's `float` and others read,
/// instead of a number made up in their place. Negative zero is `-0.0`, since `-0` is read as an integer without a sign.
public struct JSONWriter: TableWriter {
    private let digits: Int?

    /// - Parameter digits: significant digits of real numbers; nil for as many as bring the number back.
    public init(digits: Int? = nil) { self.digits = digits }

    public func document(beginningWith rows: Table, isWhole: Bool) -> TableDocument {
        let cells = JSONCells(digits: digits)
        let prefixes = rows.columns.enumerated().map { index, column in
            var buffer = ByteBuffer()
            buffer.append(index == 0 ? "{" : ",")
            cells.append(column.name, to: &buffer)
            buffer.append(":")
            return buffer.text()
        }
        let layout = RowLayout(prefixes: prefixes, rowEnd: "}", betweenRows: ",\n")
        return TableDocument(head: "[\n", rows: layout, cells: cells, tail: "\n]\n", withoutRows: "[]\n")
    }
}

private struct JSONCells: CellEncoding {
    let digits: Int?

    func append(_ value: Double, to buffer: inout ByteBuffer) {
        if value == 0 {
            if value.sign == .minus { buffer.append("-0.0") } else { buffer.append("0") }
        } else if value.isFinite, let digits {
            SignificantDigits.append(value, digits: digits, to: &buffer)
        } else if value.isFinite {
            ShortestDigits.append(value, to: &buffer)
        } else {
            buffer.append("\"")
            ShortestDigits.append(value, to: &buffer)
            buffer.append("\"")
        }
    }

    func append(_ value: String, to buffer: inout ByteBuffer) {
        buffer.append("\"")
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): buffer.append("\\\"")
            case UInt8(ascii: "\\"): buffer.append("\\\\")
            case UInt8(ascii: "\n"): buffer.append("\\n")
            case UInt8(ascii: "\r"): buffer.append("\\r")
            case UInt8(ascii: "\t"): buffer.append("\\t")
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                buffer.append("\\u00")
                buffer.append(digits[Int(byte >> 4)])
                buffer.append(digits[Int(byte & 15)])
            default: buffer.append(byte)
            }
        }
        buffer.append("\"")
    }

    func appendMissing(to buffer: inout ByteBuffer) { buffer.append("null") }
}
