import Testing
import Traces

/// Steps come whole and in their order, whatever the file's order and the size of its blocks.
struct WholeStepsTests {
    /// A number that tells step and coordinate.
    private static func value(_ step: Int, _ coordinate: Int) -> Double { Double(step * 1_000_000 + coordinate) }

    private static func trace(steps: Int, coordinates: Int, isFortran: Bool) throws -> RecordedArray {
        let dictionary = "{'descr': '<f8', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(steps), \(coordinates)), }\n"
        var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
        let values = isFortran
            ? (0..<coordinates).flatMap { coordinate in (0..<steps).map { value($0, coordinate) } }
            : (0..<steps).flatMap { step in (0..<coordinates).map { value(step, $0) } }
        values.withUnsafeBytes { bytes += $0 }
        return try RecordedTrace.read(bytes, named: "trace.npy").arrays[0]
    }

    /// Bands of 1, 2, 3 and all of 7 steps; the last may be shorter. In C order, where there is one part of a step after the other from
    /// 2^20 coordinates on, the size of a band has no effect.
    @Test(arguments: [
        (7, 5000, true, 1), (7, 5000, true, 10_000), (7, 5000, true, 15_001), (7, 5000, true, 1 << 24), (7, 3, true, 1),
        (7, 3, false, 1), (50_000, 5, false, 1), (3, 5000, false, 1), (2, (1 << 20) + 5, false, 1),
    ])
    func everyStepOnce(steps: Int, coordinates: Int, isFortran: Bool, bandSize: Int) throws {
        let array = try Self.trace(steps: steps, coordinates: coordinates, isFortran: isFortran)
        for count in [1, steps - 1, steps] {
            var next = 0
            var wrong = 0
            try WholeSteps(array: array, count: count, bandSize: bandSize).forEach { chunk in
                #expect(chunk.steps.lowerBound == next && chunk.values.count == chunk.steps.count * coordinates)
                next = chunk.steps.upperBound
                for (index, value) in chunk.values.enumerated() {
                    let step = chunk.steps.lowerBound + index / coordinates
                    if value != Self.value(step, index % coordinates) { wrong += 1 }
                }
            }
            #expect(next == count && wrong == 0)
        }
    }

    @Test func errorsOfTheBodyPassThrough() throws {
        struct Stop: Error {}
        let array = try Self.trace(steps: 4, coordinates: 2, isFortran: false)
        #expect(throws: Stop.self) { try WholeSteps(array: array, count: 2).forEach { _ in throw Stop() } }
    }
}
