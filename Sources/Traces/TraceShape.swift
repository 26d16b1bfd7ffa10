/// The shape of a recorded array: steps first, then the axes of the coordinates.
struct TraceShape: Sendable, Equatable {
    let axes: [Int]
    let steps: Int
    let coordinates: Int

    /// - Returns: nil with the rule that the axes break.
    static func make(_ axes: [Int], elementSize: Int) -> Result<TraceShape, Broken> {
        guard let steps = axes.first else { return .failure(Broken(rule: "must be [steps] or [steps, coordinates...], not a single number")) }
        guard axes.allSatisfy({ $0 > 0 }) else {
            return .failure(Broken(rule: "must have at least one step and one coordinate"))
        }
        var coordinates = 1
        for axis in axes.dropFirst() {
            let (product, overflows) = coordinates.multipliedReportingOverflow(by: axis)
            if overflows { return .failure(.tooLarge) }
            coordinates = product
        }
        let (count, overflows) = coordinates.multipliedReportingOverflow(by: steps)
        let (_, bytesOverflow) = count.multipliedReportingOverflow(by: elementSize)
        if overflows || bytesOverflow { return .failure(.tooLarge) }
        return .success(TraceShape(axes: axes, steps: steps, coordinates: coordinates))
    }

    struct Broken: Error {
        let rule: String
        static let tooLarge = Broken(rule: "must have fewer than 2^63 bytes")
    }

    /// As NumPy writes it.
    static func text(_ axes: [Int]) -> String {
        "shape (" + axes.map(String.init).joined(separator: ", ") + (axes.count == 1 ? ",)" : ")")
    }
}
