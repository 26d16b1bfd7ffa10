import Errors
import Files

/// Why a recorded trace cannot be read: the file, the place in it, what was found there and the rule, in one line.
public struct TraceError: ReportedError, Equatable {
    public enum Position: Equatable, Sendable {
        /// The file as a whole.
        case file
        /// Bytes from the beginning of the file.
        case byte(Int)
        /// Bytes from the beginning of what a compressed member of a zip file holds.
        case inflatedByte(Int)
        /// A line of text, from 1, and the cell in it, from 1.
        case line(Int, column: Int?)
    }

    /// The file as the user named it, or `standard input`.
    public let path: String
    /// The member of a zip file or the tensor, when there is one.
    public let member: String?
    public let position: Position
    /// What was found, such as `shape (0, 3)`.
    public let found: String
    /// The rule it breaks, such as `must have at least one step`.
    public let rule: String

    public init(path: String, member: String? = nil, position: Position = .file, found: String, rule: String) {
        self.path = path
        self.member = member
        self.position = position
        self.found = found
        self.rule = rule
    }

    public var exitClass: ExitClass { .data }

    public var description: String {
        var parts = [path]
        if let member { parts.append(Self.shortened(member)) }
        switch position {
        case .file: break
        case .byte(let offset): parts.append("byte \(offset)")
        case .inflatedByte(let offset): parts.append("byte \(offset) of the inflated member")
        case .line(let line, nil): parts.append("line \(line)")
        case .line(let line, let column?): parts.append("line \(line), column \(column)")
        }
        parts.append(found)
        parts.append(rule)
        return parts.map(\.onOneLine).joined(separator: ": ")
    }

    /// Bytes from a file for use in `found`: at most 40 of them.
    static func quote(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        return bytes.count > 40 ? "'\(text)…'" : "'\(text)'"
    }

    /// A name from a file for use in `found`: at most 80 characters of it.
    static func quote(name: String) -> String { "'\(shortened(name))'" }

    private static func shortened(_ name: String) -> String {
        let start = name.prefix(80)
        return start.endIndex == name.endIndex ? name : "\(start)…"
    }
}

/// A trace with NaN or infinite gradients, where they were not asked to be skipped.
public struct NonfiniteGradient: ReportedError, Equatable {
    /// How many there are in the file.
    public package(set) var count: Int
    /// The first, in the order of arrays, steps, coordinates.
    public let path: String
    public let array: String
    /// From 1.
    public let step: Int
    /// From 0, in C order.
    public let coordinate: Int
    public let value: Double
    /// What --skip-nonfinite does about it.
    let remedy: String

    public var exitClass: ExitClass { .data }

    public var description: String {
        let text = "\(path): array \(array), step \(step), coordinate \(coordinate): \(value) is not finite"
        let others = count > 1 ? " (\(count) such values)" : ""
        return text + others + "; --skip-nonfinite \(remedy)"
    }
}

/// Looks for NaN and infinities as the blocks of an array go by, in any order.
package struct NonfiniteScan: Sendable {
    private let path: String
    private let array: String
    private let remedy: String
    /// The first one, with the number of all so far.
    package private(set) var first: NonfiniteGradient?

    /// - Parameters:
    ///   - array: its name in errors.
    ///   - remedy: what --skip-nonfinite does about such values.
    package init(path: String, array: String, remedy: String) {
        self.path = path
        self.array = array
        self.remedy = remedy
    }

    /// - Parameters:
    ///   - steps: of the values, from 0.
    ///   - values: row by row, one row for each step.
    /// - Returns: which of the steps have one.
    @discardableResult
    package mutating func look(at values: UnsafeBufferPointer<Double>, steps: Range<Int>, coordinates: Range<Int>) -> Set<Int> {
        // 0 · x is 0 for a finite x and NaN for others: one sum tells whether a closer look is needed.
        var sum = 0.0
        for value in values { sum += value * 0 }
        guard sum.isNaN else { return [] }
        var found: Set<Int> = []
        for (index, value) in values.enumerated() where !value.isFinite {
            let step = steps.lowerBound + index / coordinates.count
            found.insert(step)
            add(value, step: step + 1, coordinate: coordinates.lowerBound + index % coordinates.count)
        }
        return found
    }

    private mutating func add(_ value: Double, step: Int, coordinate: Int) {
        let count = (first?.count ?? 0) + 1
        if let first, (first.step, first.coordinate) < (step, coordinate) {
            self.first!.count = count
        } else {
            first = NonfiniteGradient(
                count: count, path: path, array: array, step: step, coordinate: coordinate, value: value, remedy: remedy)
        }
    }
}
