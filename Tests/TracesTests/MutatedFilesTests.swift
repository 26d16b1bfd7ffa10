import TestSupport
import Testing
import Traces

/// Files with random changes, the same ones each time: every one is read or refused in one line, none crashes or reads on.
struct MutatedFilesTests {
    private static let count = 400
    /// What headers are made of, and numbers at the ends of their ranges.
    private static let words: [String] = [
        "0", "-1", "1e309", "9223372036854775807", "18446744073709551616", "nan", ",", "\n", "(", ")", "[", "]", "{", "}", "'", "\"",
        "\\u0000", "True", "'<f8'", "'>f2'", "\"F64\"", "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}",
    ]
    private static let numbers: [[UInt8]] = [
        [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x80, 0, 0, 0, 0, 0, 0, 0],
    ]
    private static let pieces: [[UInt8]] = words.map { [UInt8]($0.utf8) } + numbers

    private static func mutated(_ bytes: [UInt8], by random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            // More often in the headers, at the beginning and the end.
            let reach = Bool.random(using: &random) ? bytes.count : min(bytes.count, 160)
            let distance = Int.random(in: 0..<reach, using: &random)
            let place = Bool.random(using: &random) ? distance : bytes.count - 1 - distance
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &random)))
            case 3: bytes.insert(contentsOf: pieces.randomElement(using: &random)!, at: place)
            case 4:
                let piece = pieces.randomElement(using: &random)!
                bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: Int.random(in: 0...bytes.count, using: &random))
            }
        }
        return bytes
    }

    @Test(arguments: TraceFiles.names + RoundTripTests.files) func areReadOrRefused(name: String) throws {
        var random = SplitMix(state: name.utf8.reduce(1) { $0 &* 31 &+ UInt64($1) })
        let original = try TraceFiles.bytes(name)
        var refused = 0
        for _ in 0..<Self.count {
            let bytes = Self.mutated(original, by: &random)
            do {
                let trace = try RecordedTrace.read(bytes, named: name)
                // A changed shape may ask for more than was there, never for more than the file holds.
                for array in trace.arrays {
                    var count = 0
                    try array.forEachBlock { count += $0.values.count }
                    #expect(count == array.stepCount * array.coordinateCount)
                }
            } catch let error as TraceError {
                refused += 1
                let line = error.description
                #expect(line.hasPrefix("\(name): ") && !line.contains { $0.isNewline } && line.utf8.count < 400)
            }
        }
        // Most changes of a binary file are seen; a changed number of a CSV is a number.
        #expect(name.hasSuffix(".csv") || refused > Self.count / 4)
    }
}
