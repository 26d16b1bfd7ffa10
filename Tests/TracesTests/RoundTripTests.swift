import Foundation
import TestSupport
import Testing
import Traces

/// What NumPy and the safetensors package wrote in every element type, byte order, layout and shape (`Files/make_files.py`).
struct RoundTripTests {
    struct Array: Decodable, Sendable {
        let shape: [Int]
        /// Bits of doubles in hexadecimal, in C order.
        let values: [String]
    }

    static let expected: [String: [String: Array]] = {
        let bytes = FileManager.default.contents(atPath: TraceFiles.folder + "/grid.json")!
        return try! JSONDecoder().decode([String: [String: Array]].self, from: bytes)
    }()

    static let files = ["grid_stored.npz", "grid_deflated.npz", "grid.safetensors"]

    /// 6 types × 2 layouts × 6 shapes in the zip files, 4 types × 5 shapes in the other: bit for bit, twice.
    @Test(arguments: files) func everyArray(file: String) throws {
        let arrays = try RecordedTrace.open("\(TraceFiles.folder)/\(file)").arrays
        let expected = try #require(Self.expected[file])
        #expect(arrays.count == expected.count && arrays.count == (file == "grid.safetensors" ? 20 : 72))
        for array in arrays {
            let truth = try #require(expected[array.name], "\(array.name)")
            #expect(array.shape == truth.shape && array.stepCount == truth.shape[0])
            #expect(array.coordinateCount == truth.shape.dropFirst().reduce(1, *))
            for _ in 0..<2 { #expect(try array.values().map(TraceFiles.bits) == truth.values, "\(array.name)") }
        }
    }

    /// Some steps alone are those of the whole, with or without the checksums.
    @Test(arguments: files + ["savetxt.csv", "float32_big_F.npy"]) func someSteps(file: String) throws {
        for array in try RecordedTrace.open("\(TraceFiles.folder)/\(file)").arrays {
            let all = try array.values().map(TraceFiles.bits)
            let width = array.coordinateCount
            let last = array.stepCount - 1
            let choices: [[Int]] = [[], [0], [last], [Int](stride(from: 0, through: last, by: 2)), [Int](0...last)]
            for steps in choices {
                var seen: [Int] = []
                try array.forEachRow(of: steps) { row in
                    #expect(row.steps.count == 1 && row.values.count == row.coordinates.count)
                    let step = row.steps.lowerBound
                    if row.coordinates.lowerBound == 0 { seen.append(step) }
                    let part = all[(step * width + row.coordinates.lowerBound)..<(step * width + row.coordinates.upperBound)]
                    #expect(row.values.map(TraceFiles.bits) == [String](part))
                }
                #expect(seen == steps)
            }
            var unverified: [String] = []
            try array.forEachBlock(coordinates: 0..<1, verifying: false) { unverified += $0.values.map(TraceFiles.bits) }
            #expect(unverified == stride(from: 0, to: all.count, by: width).map { all[$0] })
        }
    }

    /// A wide step comes in parts, and the rows of an array in Fortran order from blocks that have a part of its steps.
    @Test(arguments: [false, true]) func rowsOfWideArrays(isFortranOrder: Bool) throws {
        let (steps, width) = (3, (1 << 20) + 7)
        let values: [Float] = (0..<steps * width).map { index -> Float in
            isFortranOrder ? Float(index % steps * width + index / steps) : Float(index)
        }
        let bytes = NpyBytes.file("'<f4'", order: isFortranOrder ? "True" : "False", shape: "(\(steps), \(width))", values)
        let array = try RecordedTrace.read(bytes, named: "wide.npy").arrays[0]
        var (count, wrong) = (0, 0)
        try array.forEachRow(of: [0, 2]) { row in
            for (coordinate, value) in zip(row.coordinates, row.values)
            where value != Double(Float(row.steps.lowerBound * width + coordinate)) { wrong += 1 }
            count += row.values.count
        }
        #expect(count == 2 * width && wrong == 0)
    }
}
