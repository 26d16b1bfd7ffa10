import TestSupport
import Testing
import Traces

/// Files of optimizers' states with changes: every one is read or refused in one line, none crashes or reads on.
struct MutatedStateFilesTests {
    /// Opens and reads all, and looks at what is said of a refused one.
    private func isRefused(_ bytes: [UInt8], _ name: String) throws -> Bool {
        do throws(TraceError) {
            let file = try OptimizerStateFile(bytes: bytes, named: name)
            // A changed shape may ask for more than was there, never for more than the file holds.
            #expect(file.pairs.reduce(0) { $0 + 4 * $1.count } <= bytes.count)
            try file.readAll()
            return false
        } catch {
            let line = error.description
            #expect(line.hasPrefix("\(name): ") && !line.contains { $0.isNewline } && line.utf8.count < 1200, "\(line)")
            return true
        }
    }

    /// Every byte changed in two ways: of the files without checksums, in which nothing hides the pickle.
    @Test(arguments: ["2.13.0/no_checksums.pt", "2.13.0/indexed.safetensors", "2.13.0/views.pt"]) func everyByte(name: String) throws {
        let original = try StateFiles.bytes(name)
        var bytes = original
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x80] {
                bytes[index] = original[index] ^ change
                _ = try isRefused(bytes, name)
            }
            bytes[index] = original[index]
        }
    }

    /// The pickle by hand: every value of every byte.
    @Test func everyValueOfEveryByte() throws {
        let pickle = Pickled.state(more: [("step", .whole(3))]).whole
        let original = TorchBytes.file(pickle)
        var bytes = original
        for index in TorchBytes.pickleOffset..<TorchBytes.pickleOffset + pickle.count {
            for value in UInt8.min...UInt8.max {
                bytes[index] = value
                _ = try isRefused(bytes, "a.pt")
            }
            bytes[index] = original[index]
        }
    }

    /// Pieces of a pickle taken out, put in, and moved.
    @Test(arguments: ["1.6.0/checkpoint.bin", "2.13.0/protocol_5.pt", "2.13.0/late_types.pt"]) func pieces(name: String) throws {
        // The pickle alone, in a file by hand, as long as it is.
        let bytes = try StateFiles.bytes(name)
        let start = try #require(bytes.indices.first { bytes[$0] == 0x80 && (2...5).contains(bytes[$0 + 1]) })
        let end = try #require(bytes[start...].indices.first { bytes[$0...].starts(with: [0x2e, 0x50, 0x4b]) })
        let pickle = Array(bytes[start...end])
        var random = SplitMix(state: UInt64(name.utf8.count))
        var refused = 0
        for _ in 0..<3000 {
            var changed = pickle
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random), count = Int.random(in: 1...12, using: &random)
                let piece = changed[place..<min(changed.count, place + count)]
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.removeSubrange(place..<piece.endIndex)
                case 2: changed.insert(contentsOf: piece, at: Int.random(in: 0...changed.count, using: &random))
                default: changed.replaceSubrange(place..<piece.endIndex, with: [0xff, 0xff, 0xff, 0x7f].prefix(piece.count))
                }
                if changed.isEmpty { changed = pickle }
            }
            refused += try isRefused(TorchBytes.file(changed, storages: Array(repeating: 64, count: 40)), "a.pt") ? 1 : 0
        }
        #expect(refused > 1000)
    }
}
