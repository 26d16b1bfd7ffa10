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

    /// Whole numbers: `64,4096`; in the order given.
    static func wholeNumbers(_ text: String) throws -> [Int] {
        try parts(text).map { part in
            guard let value = Int(part) else { throw ValidationError("'\(part)' is not a whole number") }
            return value
        }
    }

    /// Steps: numbers and ranges with an optional stride, `1-10,50,100-1000:100`; ascending and without repetition.
    static func steps(_ text: String) throws -> [Int] {
        let kind = "a step, a range such as 1-10, or a range with a stride such as 100-1000:100"
        var steps: [Int] = []
        for part in try parts(text) {
            let range = try Progression<Int>(parsing: part, kind: kind)
            guard range.lower >= 1 else { throw ValidationError("'\(part)': steps count from 1") }
            try range.append(to: &steps, part: part)
        }
        // Millions of steps are one range as a rule, and in order already.
        if zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) { return steps }
        steps.sort()
        var last: Int?
        steps.removeAll { step in
            defer { last = step }
            return step == last
        }
        return steps
    }

    /// Seeds: numbers and ranges, `0-2,7`; in the order given.
    static func seeds(_ text: String) throws -> [UInt64] {
        var seeds: [UInt64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let range = try Progression<UInt64>(parsing: part, kind: "a seed from 0 to 2^64 - 1")
            try range.append(to: &seeds, part: part)
        }
        return seeds
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
            guard stride > 0 else { throw ValidationError("'\(part)': the stride must be positive") }
            guard stride.isFinite else { throw ValidationError("'\(part)': the stride must be finite") }
            guard ends.lower <= ends.upper else { throw ValidationError("'\(part)': the range descends") }
            // A quotient that overflows is infinite, and too long.
            let strides = (ends.upper - ends.lower) / stride
            guard strides + Double(values.count) <= Double(longest) else { throw tooLong(part) }
            // 5-6:0.1 has 6 in it, although ten times 0.1 is not 1.
            values += (0...Int((strides * (1 + 1e-12)).rounded(.down))).map { ends.lower + Double($0) * stride }
        }
        return values
    }

    /// A number, `a-b`, or `a-b:stride`.
    private struct Progression<Value: FixedWidthInteger> {
        let lower: Value
        let upper: Value
        let stride: Value

        /// - Parameter kind: what the part should have been, for the error.
        init(parsing part: Substring, kind: String) throws {
            let (range, stride) = try split(part)
            guard let ends = ends(of: range, as: { Value($0) }), let stride = stride.map({ Value($0) }) ?? 1 else {
                throw ValidationError("'\(part)' is not \(kind)")
            }
            (lower, upper, self.stride) = (ends.lower, ends.upper, stride)
        }

        func append(to values: inout [Value], part: Substring) throws {
            guard stride > 0 else { throw ValidationError("'\(part)': the stride must be positive") }
            guard lower <= upper else { throw ValidationError("'\(part)': the range descends") }
            let (width, overflows) = upper.subtractingReportingOverflow(lower)
            let room = longest - values.count
            guard !overflows, room >= 0, width / stride <= Value(room) else { throw tooLong(part) }
            let count = Int(width / stride) + 1
            values.reserveCapacity(values.count + count)
            // The last one is `upper` or less: nothing overflows.
            for index in 0..<count { values.append(lower + Value(index) * stride) }
        }
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
        let dashes = range.indices.dropFirst().filter { range[$0] == "-" }
        // Of two numbers each has a sign and an exponent's sign at most; a text with more would take long.
        guard dashes.count <= 5 else { return nil }
        for index in dashes {
            if let lower = parse(range[..<index]), let upper = parse(range[range.index(after: index)...]) {
                return (lower, upper)
            }
        }
        return nil
    }

    private static func tooLong(_ part: Substring) -> ValidationError {
        ValidationError("'\(part)': the list has more than \(longest) entries")
    }
}
