import Foundation
import Testing
import Traces

/// The files that `Files/make_files.py` made, and what they hold.
enum TraceFiles {
    struct Array: Decodable, Sendable {
        let name: String
        let shape: [Int]
        /// Bits of doubles in hexadecimal, in C order.
        let values: [String]
    }

    static let folder = Bundle.module.resourcePath! + "/Files"

    static let expected: [String: [Array]] = {
        let bytes = FileManager.default.contents(atPath: folder + "/expected.json")!
        return try! JSONDecoder().decode([String: [Array]].self, from: bytes)
    }()

    static let names = expected.keys.sorted()

    /// Those in which any missing byte is an error.
    static let binaryNames = names.filter { !$0.hasSuffix(".csv") }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(FileManager.default.contents(atPath: "\(folder)/\(name)")))
    }

    static func bits(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        let digits = String(value.bitPattern, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension RecordedArray {
    /// The numbers of some coordinates, step by step; every block is checked to follow the one before it.
    func values(_ coordinates: Range<Int>? = nil) throws -> [Double] {
        let coordinates = coordinates ?? 0..<coordinateCount
        var values = [Double](repeating: -1, count: stepCount * coordinates.count)
        var nextStep = [Int](repeating: 0, count: coordinates.count)
        try forEachBlock(coordinates: coordinates) { block in
            #expect(block.values.count == block.steps.count * block.coordinates.count)
            #expect(coordinates.count > RecordedArray.wholeStepLimit || block.coordinates == coordinates)
            for coordinate in block.coordinates {
                let column = coordinate - coordinates.lowerBound
                if nextStep[column] != block.steps.lowerBound { Issue.record("a step is missing or comes twice") }
                nextStep[column] = block.steps.upperBound
                for step in block.steps {
                    let index = (step - block.steps.lowerBound) * block.coordinates.count
                    values[step * coordinates.count + column] = block.values[index + coordinate - block.coordinates.lowerBound]
                }
            }
        }
        #expect(nextStep.allSatisfy { $0 == stepCount })
        return values
    }
}
