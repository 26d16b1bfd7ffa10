/// Bytes as text (RFC 4648, section 4), for states in JSON: what Foundation's `Data` is there, without Foundation.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What each character stands for; 64 for one that is none of them.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func text(of bytes: UnsafeRawBufferPointer) -> String {
        let groups = (bytes.count + 2) / 3
        return String(unsafeUninitializedCapacity: 4 * groups) { text in
            alphabet.withUnsafeBufferPointer { alphabet in
                for group in 0..<groups {
                    let rest = min(3, bytes.count - 3 * group)
                    var word = 0
                    for index in 0..<3 { word = word << 8 | (index < rest ? Int(bytes[3 * group + index]) : 0) }
                    for index in 0..<4 {
                        text[4 * group + index] = index <= rest ? alphabet[word >> (18 - 6 * index) & 63] : UInt8(ascii: "=")
                    }
                }
            }
            return 4 * groups
        }
    }

    /// nil for text that is no base64 with its padding.
    static func bytes(of text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            guard text.count.isMultiple(of: 4) else { return nil }
            let padding = text.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
            let length = text.count / 4 * 3 - padding
            return values.withUnsafeBufferPointer { values in
                var isValid = true
                let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, count in
                    for group in 0..<text.count / 4 {
                        var word: UInt32 = 0
                        for index in 4 * group..<4 * group + 4 {
                            let isPadding = index >= text.count - padding
                            let value = isPadding ? 0 : values[Int(text[index])]
                            if value == 64 || isPadding && text[index] != UInt8(ascii: "=") { isValid = false }
                            word = word << 6 | UInt32(value & 63)
                        }
                        for index in 0..<3 { bytes[3 * group + index] = UInt8(truncatingIfNeeded: word >> (16 - 8 * UInt32(index))) }
                    }
                    count = length
                }
                return isValid ? bytes : nil
            }
        }
    }
}
