import Files
import Testing

@Suite struct SHA256Tests {
    /// Of NIST's examples to FIPS 180-4 and its byte-oriented short messages: empty, one, two and three blocks.
    static let vectors: [(message: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ]

    @Test(arguments: vectors)
    func agreesWithPublishedDigests(message: String, digest: String) {
        #expect(Self.digest(Array(message.utf8), pieces: 1 << 20) == digest)
    }

    @Test func oneMillionTimesA() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            Self.digest(message, pieces: 99_999)
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// Every length around the ends of blocks, in pieces of every size up to beyond a block.
    @Test func piecesDoNotMatter() {
        for length in [55, 56, 57, 63, 64, 65, 119, 120, 128, 200] {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: 31 * $0 + 7) }
            let whole = Self.digest(message, pieces: length)
            for size in 1...70 { #expect(Self.digest(message, pieces: size) == whole) }
        }
    }

    static func digest(_ message: [UInt8], pieces: Int) -> String {
        let hash = SHA256()
        message.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)]))
            }
        }
        return hash.hexadecimal()
    }
}
