/// Goes through the bytes of a header, with errors that say where they are in the file.
struct TextScanner {
    private let bytes: [UInt8]
    private let error: (_ position: Int, _ found: String, _ rule: String) -> TraceError
    private(set) var position = 0

    /// - Parameter error: makes the error for a position in `bytes`.
    init(_ bytes: [UInt8], error: @escaping (_ position: Int, _ found: String, _ rule: String) -> TraceError) {
        self.bytes = bytes
        self.error = error
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// What comes next, for errors.
    private var shown: String {
        next == nil ? "the end of the header" : TraceError.quote(bytes[position..<min(position + 20, bytes.count)])
    }

    func failure(_ rule: String) -> TraceError { error(position, shown, rule) }

    func failure(at position: Int, found: String, rule: String) -> TraceError { error(position, found, rule) }

    /// Blanks, and line ends where `lines`.
    mutating func skipBlanks(lines: Bool = true) {
        while let byte = next, byte == 0x20 || byte == 0x09 || (lines && (byte == 0x0a || byte == 0x0d)) { position += 1 }
    }

    /// Takes the byte if it comes next, after blanks.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard let byte = next, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(TraceError) {
        guard take(character) else { throw failure("'\(character)' is expected") }
    }

    /// Takes a word if it comes next, after blanks.
    mutating func take(word: StaticString) -> Bool {
        skipBlanks()
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    /// A whole number that is not negative, without leading zeros.
    mutating func wholeNumber() throws(TraceError) -> Int {
        skipBlanks()
        let start = position
        var value = 0
        while let byte = next, byte >= 0x30, byte <= 0x39 {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(byte - 0x30))
            if tooLarge || overflows {
                position = start
                throw failure("must be a whole number below 2^63")
            }
            value = sum
            position += 1
        }
        if position == start || (position - start > 1 && bytes[start] == 0x30) {
            position = start
            throw failure("a whole number, not negative, is expected")
        }
        return value
    }

    /// A byte of the text that is not checked further.
    mutating func any() throws(TraceError) -> UInt8 {
        guard let byte = next else { throw failure("must go on") }
        position += 1
        return byte
    }
}
