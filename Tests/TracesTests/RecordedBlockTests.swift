import Dispatch
import TestSupport
import Testing
import Traces

/// Arrays of many blocks, where the number of a step and a coordinate is step · coordinates + coordinate.
struct RecordedBlockTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Exact in single precision.
    private static let largest = 1 << 24

    private func array(_ shape: [Int], isFortranOrder: Bool) throws -> RecordedArray {
        let steps = shape[0], coordinates = shape.dropFirst().reduce(1, *)
        #expect(steps * coordinates <= Self.largest)
        var values = [Float](repeating: 0, count: steps * coordinates)
        if isFortranOrder {
            // As numpy.asfortranarray: the first index varies fastest, the last slowest.
            var index = [Int](repeating: 0, count: shape.count)
            for position in values.indices {
                values[position] = Float(zip(shape, index).reduce(0) { $0 * $1.0 + $1.1 })
                var axis = 0
                while axis < shape.count {
                    index[axis] += 1
                    if index[axis] < shape[axis] { break }
                    index[axis] = 0
                    axis += 1
                }
            }
        } else {
            for position in values.indices { values[position] = Float(position) }
        }
        let text = "(" + shape.map(String.init).joined(separator: ", ") + ")"
        let bytes = NpyBytes.file("'<f4'", order: isFortranOrder ? "True" : "False", shape: text, values)
        return try RecordedTrace.open(scratch.put(bytes, at: "a.npy")).arrays[0]
    }

    private func expectNumbers(_ array: RecordedArray, _ coordinates: Range<Int>) throws {
        let values = try array.values(coordinates)
        var wrong = 0
        for step in 0..<array.stepCount {
            for (column, coordinate) in coordinates.enumerated()
            where values[step * coordinates.count + column] != Double(step * array.coordinateCount + coordinate) {
                wrong += 1
            }
        }
        #expect(wrong == 0)
    }

    @Test(arguments: [[3001, 500], [400_000, 3], [2, 1_200_001], [700, 5003], [5, 300, 401], [2500, 10, 2, 30]], [false, true])
    func manyBlocks(shape: [Int], isFortranOrder: Bool) throws {
        let array = try array(shape, isFortranOrder: isFortranOrder)
        let count = array.coordinateCount
        try expectNumbers(array, 0..<count)
        try expectNumbers(array, (count - 1)..<count)
        try expectNumbers(array, (count / 3)..<(count / 2 + 1))
        try array.forEachBlock(coordinates: 1..<1) { _ in Issue.record("a block of nothing") }
    }

    @Test func severalThreadsAtOnce() throws {
        let array = try array([3001, 500], isFortranOrder: true)
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                try expectNumbers(array, (number * 125)..<(number * 125 + 125))
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func csvOfManyBlocks() throws {
        let text = (0..<30_000).map { step in (0..<10).map { "\(step * 10 + $0)" }.joined(separator: ",") }.joined(separator: "\n")
        let array = try RecordedTrace.open(scratch.put(text.utf8, at: "a.csv")).arrays[0]
        #expect(array.shape == [30_000, 10])
        try expectNumbers(array, 0..<10)
        try expectNumbers(array, 3..<5)
    }
}
