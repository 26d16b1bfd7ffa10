import Files
import Foundation
import TestSupport
import Testing

@testable import Traces

/// Whole series in tiles against the blocks of the same array, and what goes through its bytes beside them.
struct SeriesTilesTests {
    static let names = TraceFiles.names + RoundTripTests.files

    /// Every element type, byte order, layout and shape, in groups that begin and end within tiles; bit for bit.
    @Test(arguments: names) func holdTheValues(name: String) throws {
        for array in try RecordedTrace.open("\(TraceFiles.folder)/\(name)").arrays {
            let all = try array.values().map(TraceFiles.bits)
            let width = array.coordinateCount
            for coordinates in Set([0..<width, 0..<1, width / 2..<width, min(3, width - 1)..<min(12, width)]) {
                let tiles = SeriesTiles(array, coordinates: coordinates.count)
                for threads in [1, 3] {
                    try array.fill(tiles, with: coordinates, threads: threads)
                    #expect(tiles.coordinates == coordinates && tiles.tileCount == (coordinates.count + 7) / 8)
                    for step in 0..<array.stepCount {
                        for column in 0..<coordinates.count {
                            let value = TraceFiles.bits(tiles.value(column: column, step: step))
                            #expect(value == all[step * width + coordinates.lowerBound + column], "\(array.name) \(step) \(column)")
                        }
                        // Places after the last coordinate are 0.
                        let rest = coordinates.count..<tiles.tileCount * SeriesTiles.width
                        #expect(rest.allSatisfy { tiles.value(column: $0, step: step) == 0 })
                    }
                }
            }
        }
    }

    /// Rows longer than what is read at once, columns longer than what is turned at once, and rows read whole.
    @Test(arguments: [(3, 70_000, false), (20_000, 21, false), (20_000, 21, true), (40, 9000, true)])
    func largeArrays(steps: Int, width: Int, isFortranOrder: Bool) throws {
        let values = (0..<steps * width).map { Float($0) }
        let bytes = NpyBytes.file("'<f4'", order: isFortranOrder ? "True" : "False", shape: "(\(steps), \(width))", values)
        let array = try RecordedTrace.read(bytes, named: "a.npy").arrays[0]
        func expected(_ step: Int, _ coordinate: Int) -> Double { Double(isFortranOrder ? coordinate * steps + step : step * width + coordinate) }
        for coordinates in [0..<width, 5..<width - 2] {
            let tiles = SeriesTiles(array, coordinates: coordinates.count)
            #expect(tiles.isSingle)
            try array.fill(tiles, with: coordinates, threads: 2)
            var wrong = 0
            for step in 0..<steps {
                for column in 0..<coordinates.count where tiles.value(column: column, step: step) != expected(step, coordinates.lowerBound + column) {
                    wrong += 1
                }
            }
            #expect(wrong == 0)
        }
    }

    /// At least one tile, an even number of them where there are several, no more than there are coordinates; 100 steps of single precision are 3200 bytes a tile.
    @Test func sizesOfGroups() throws {
        let array = try RecordedTrace.read(NpyBytes.file("'<f4'", shape: "(100, 50)", [Float](repeating: 1, count: 5000)), named: "a.npy").arrays[0]
        #expect(SeriesTiles.coordinates(of: array, in: 0) == 8 && SeriesTiles.coordinates(of: array, in: 3200) == 8)
        #expect(SeriesTiles.coordinates(of: array, in: 5 * 3200) == 32 && SeriesTiles.coordinates(of: array, in: 1 << 20) == 50)
        #expect(SeriesTiles.suit(array))
    }

    /// What can only be read from its beginning, in a file that can be read at any place; the rest as it is.
    @Test(arguments: names) func spooled(name: String) throws {
        for array in try RecordedTrace.open("\(TraceFiles.folder)/\(name)").arrays {
            let spooled = try array.spooled()
            #expect(!spooled.isSequential && spooled.name == array.name && spooled.shape == array.shape)
            #expect(try spooled.values().map(TraceFiles.bits) == array.values().map(TraceFiles.bits))
        }
    }

    /// The digest of a file whose bytes were gone through in parts, in any order of arrays and with tiles filled between.
    @Test(arguments: names) func bytesAreHashedAlong(name: String) throws {
        let trace = try RecordedTrace.open("\(TraceFiles.folder)/\(name)")
        for array in trace.arrays.reversed() {
            let check = try ByteCheck(array)
            let tiles = SeriesTiles(array, coordinates: array.coordinateCount)
            for share in [0.1, 0.1, 0.7, 1] {
                try check?.advance(to: share)
                try array.fill(tiles, with: 0..<array.coordinateCount, threads: 1)
            }
        }
        let hash = SHA256()
        hash.update(try TraceFiles.bytes(name))
        #expect(try trace.digest() == hash.hexadecimal())
    }

    /// A member of a zip file that was changed has the wrong checksum, which shows when its last byte was seen.
    @Test func checksumIsLookedAt() throws {
        var bytes = try TraceFiles.bytes("stored.npz")
        let array = try RecordedTrace.read(bytes, named: "stored.npz").arrays[0]
        guard case .binary(let region, let headerSize, _) = array.source else { return }
        bytes[region.offset + headerSize] ^= 1
        let changed = try RecordedTrace.read(bytes, named: "stored.npz").arrays[0]
        let check = try #require(try ByteCheck(changed))
        try check.advance(to: 0.5)
        let error = try #require(throws: TraceError.self) { try check.advance(to: 1) }
        #expect(error.description.contains("CRC-32"))
    }
}
