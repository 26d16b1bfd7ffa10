import ArgumentParser

/// Comma lists of numbers and ranges, as they stand on the command line. Each error names the part and the rule.
enum Lists {
    /// More entries than this are a slip of the hand.
    static let longest = 10_000_000

    /// A table's worth of steps: dense where the law changes fast.
    static let defaultSteps = Array(1...10) + [20, 50, 100, 200, 500, 1000, 2000, 4000, 6000, 10000]

    /// Real numbers: `0.9,0.999`.
    static func reals(_ text: String) throws -> [Double] {
        try parts(text).map { part in
            guard let value = Double(part) else { throw ValidationError("'\(part)' is not a number") }
            return value
        }
    }

    /// Steps: numbers and ranges with an optional stride, `1-10,50,100-1000:100`; ascending and without repetition.
    static func steps(_ text: String) throws -> [Int] {
        var steps: [Int] = []
        for part in try parts(text) {
            let (range, stride) = try split(part)
            guard let ends = ends(of: range, as: { Int($0) }), let stride = stride.map({ Int($0) }) ?? 1 else {
                throw ValidationError("'\(part)' is not a step, a range such as 1-10, or a range with a stride such as 100-1000:100")
            }
            guard ends.lower >= 1 else { throw ValidationError("'\(part)': steps count from 1") }
            try checkRange(part, ascending: ends.lower <= ends.upper, stridePositive: stride > 0,
                count: Double(ends.upper - ends.lower) / Double(max(stride, 1)) + Double(steps.count))
            steps += Swift.stride(from: ends.lower, through: ends.upper, by: stride)
        }
        return Set(steps).sorted()
    }

    /// Real numbers and ranges: `4.5,10.25`, `5-500` (by 1), `5-6:0.25`; in the order given.
    static func realRanges(_ text: String) throws -> [Double] {
        var values: [Double] = []
        for part in try parts(text) {
            if let value = Double(part) {
                values.append(value)
                continue
            }
            let (range, stride) = try split(part)
            guard let ends = ends(of: range, as: { Double($0) }), let stride = stride.map({ Double($0) }) ?? 1,
                ends.lower.isFinite, ends.upper.isFinite
            else {
                throw ValidationError("'\(part)' is not a number, a range such as 5-500, or a range with a stride such as 5-6:0.25")
            }
            try checkRange(part, ascending: ends.lower <= ends.upper, stridePositive: stride > 0,
                count: (ends.upper - ends.lower) / max(stride, .leastNormalMagnitude) + Double(values.count))
            let count = Int(((ends.upper - ends.lower) / stride * (1 + 1e-12)).rounded(.down))
            values += (0...count).map { ends.lower + Double($0) * stride }
        }
        return values
    }

    private static func parts(_ text: String) throws -> [Substring] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        if parts.contains(where: \.isEmpty) { throw ValidationError("a part of the list is empty") }
        return parts
    }

    private static func split(_ part: Substring) throws -> (range: Substring, stride: Substring?) {
        let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count <= 2 else { throw ValidationError("'\(part)' has more than one stride") }
        return (pieces[0], pieces.count == 2 ? pieces[1] : nil)
    }

    /// The ends of `a-b`, where the dash is not that of a negative number or an exponent; of `a`, both a.
    private static func ends<Value>(of range: Substring, as parse: (Substring) -> Value?) -> (lower: Value, upper: Value)? {
        if let value = parse(range) { return (value, value) }
        for index in range.indices.dropFirst() where range[index] == "-" {
            if let lower = parse(range[..<index]), let upper = parse(range[range.index(after: index)...]) {
                return (lower, upper)
            }
        }
        return nil
    }

    private static func checkRange(_ part: Substring, ascending: Bool, stridePositive: Bool, count: Double) throws {
        guard stridePositive else { throw ValidationError("'\(part)': the stride must be positive") }
        guard ascending else { throw ValidationError("'\(part)': the range descends") }
        guard count <= Double(longest) else { throw ValidationError("'\(part)': the list has more than \(longest) entries") }
    }
}
