import Traces

/// Looks for NaN and infinities as the steps go by.
struct NonfiniteScan {
    private let path: String
    private let array: RecordedArray
    /// The first one, with the number of all so far.
    private(set) var first: NonfiniteGradient?
    /// The steps that have one, from 1.
    private(set) var steps: [Int] = []

    init(path: String, array: RecordedArray) {
        self.path = path
        self.array = array
    }

    /// - Returns: which steps of the chunk have one; empty where none has.
    mutating func look(at chunk: WholeSteps.Chunk) -> Set<Int> {
        // 0 · x is 0 for a finite x and NaN for others: one sum tells whether a closer look is needed.
        var sum = 0.0
        for value in chunk.values { sum += value * 0 }
        guard sum.isNaN else { return [] }
        var found: Set<Int> = []
        for (index, step) in chunk.steps.enumerated() {
            for (coordinate, value) in chunk.gradient(index).enumerated() where !value.isFinite {
                found.insert(step)
                if first == nil {
                    first = NonfiniteGradient(
                        count: 1, path: path, array: array.name, step: step + 1, coordinate: coordinate, value: value,
                        remedy: "skips such steps")
                } else {
                    first!.count += 1
                }
            }
        }
        steps += found.map { $0 + 1 }.sorted()
        return found
    }
}
