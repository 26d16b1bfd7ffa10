/// The values of one column, one per row, each present or missing.
///
/// Three shapes, so that the usual columns cost little: a parameter that is the same in every row is stored once, and a
/// column without gaps is stored without room for them.
public enum Cells<Value: Sendable>: Sendable {
    /// Every row has a value.
    case full([Value])
    /// Some rows have none; a missing value is `nil`, which is not the same as NaN.
    case partial([Value?])
    /// The same value in `count` rows.
    case constant(Value, count: Int)

    /// The number of rows.
    public var count: Int {
        switch self {
        case .full(let values): values.count
        case .partial(let values): values.count
        case .constant(_, let count): count
        }
    }

    /// The value of a row, or `nil` where it is missing.
    public subscript(row: Int) -> Value? {
        switch self {
        case .full(let values): return values[row]
        case .partial(let values): return values[row]
        case .constant(let value, let count):
            precondition(row >= 0 && row < count, "row out of range")
            return value
        }
    }

    /// Calls `body` with the value of every row in `rows`, in order: one dispatch on the shape per call, not per row.
    @inline(__always)
    func forEach(in rows: Range<Int>, _ body: (Value?) -> Void) {
        switch self {
        case .full(let values):
            values.withUnsafeBufferPointer { for row in rows { body($0[row]) } }
        case .partial(let values):
            values.withUnsafeBufferPointer { for row in rows { body($0[row]) } }
        case .constant(let value, _):
            for _ in rows { body(value) }
        }
    }

    /// The rows of all, one after the other.
    static func joined(_ all: [Cells]) -> Cells {
        let pieces = all.compactMap(\.withoutGaps)
        return pieces.count == all.count ? .full(pieces.flatMap(\.self)) : .partial(all.flatMap(\.withGaps))
    }

    private var withoutGaps: [Value]? {
        switch self {
        case .full(let values): values
        case .partial: nil
        case .constant(let value, let count): Array(repeating: value, count: count)
        }
    }

    private var withGaps: [Value?] {
        switch self {
        case .full(let values): values
        case .partial(let values): values
        case .constant(let value, let count): Array(repeating: value, count: count)
        }
    }
}
