/// How a format writes a single cell.
protocol CellEncoding: Sendable {
    func append(_ value: Double, to buffer: inout ByteBuffer)
    func append(_ value: Int, to buffer: inout ByteBuffer)
    func append(_ value: Bool, to buffer: inout ByteBuffer)
    func append(_ value: String, to buffer: inout ByteBuffer)
    func appendMissing(to buffer: inout ByteBuffer)
}

extension CellEncoding {
    func append(_ value: Int, to buffer: inout ByteBuffer) { ShortestDigits.append(value, to: &buffer) }

    func append(_ value: Bool, to buffer: inout ByteBuffer) {
        if value { buffer.append("true") } else { buffer.append("false") }
    }

    func appendMissing(to buffer: inout ByteBuffer) {}
}
