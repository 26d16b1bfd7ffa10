/// A named column of a ``Table``: real numbers, integers, truth values or text, with missing values allowed.
///
/// A missing value is an empty cell (`null` in JSON). NaN and the infinities are values, and are written as such.
public struct Column: Sendable {
    /// What the column holds.
    public enum Values: Sendable {
        case real(Cells<Double>)
        case integer(Cells<Int>)
        case boolean(Cells<Bool>)
        case text(Cells<String>)
    }

    /// The name in every format but LaTeX, such as `var_exact`.
    public let name: String
    /// The header in LaTeX, written as it stands, such as `$\operatorname{Var}[\psi_t]$`; the escaped name where `nil`.
    public let latexHeader: String?
    public private(set) var values: Values

    public init(_ name: String, latex latexHeader: String? = nil, values: Values) {
        self.name = name
        self.latexHeader = latexHeader
        self.values = values
    }

    /// A column with a value in every row.
    public init<Value: ColumnValue>(_ name: String, latex latexHeader: String? = nil, _ values: [Value]) {
        self.init(name, latex: latexHeader, values: Value.columnValues(.full(values)))
    }

    /// A column with `nil` where a row has no value.
    public init<Value: ColumnValue>(_ name: String, latex latexHeader: String? = nil, _ values: [Value?]) {
        self.init(name, latex: latexHeader, values: Value.columnValues(.partial(values)))
    }

    /// A column with the same value in `count` rows.
    public init<Value: ColumnValue>(
        _ name: String, latex latexHeader: String? = nil, repeating value: Value, count: Int
    ) {
        precondition(count >= 0, "a column cannot have a negative number of rows")
        self.init(name, latex: latexHeader, values: Value.columnValues(.constant(value, count: count)))
    }

    /// The number of rows.
    public var count: Int {
        switch values {
        case .real(let cells): cells.count
        case .integer(let cells): cells.count
        case .boolean(let cells): cells.count
        case .text(let cells): cells.count
        }
    }

    /// Whether the column holds numbers, which are set flush right.
    public var isNumeric: Bool {
        switch values {
        case .real, .integer: true
        case .boolean, .text: false
        }
    }

    /// The rows of all, one after the other, under the first one's name.
    /// - Precondition: there is one, and all are of one kind.
    static func joined(_ all: [Column]) -> Column {
        let first = all[0]
        func pieces<Value>(_ cells: (Values) -> Cells<Value>?) -> Cells<Value> {
            .joined(all.map { column in
                guard let cells = cells(column.values) else { preconditionFailure("column \(first.name) holds two kinds of values") }
                return cells
            })
        }
        let values: Values =
            switch first.values {
            case .real: .real(pieces { if case .real(let cells) = $0 { cells } else { nil } })
            case .integer: .integer(pieces { if case .integer(let cells) = $0 { cells } else { nil } })
            case .boolean: .boolean(pieces { if case .boolean(let cells) = $0 { cells } else { nil } })
            case .text: .text(pieces { if case .text(let cells) = $0 { cells } else { nil } })
            }
        return Column(first.name, latex: first.latexHeader, values: values)
    }
}

/// A type that a column can hold: `Double`, `Int`, `Bool` or `String`.
public protocol ColumnValue: Sendable {
    static func columnValues(_ cells: Cells<Self>) -> Column.Values
}

extension Double: ColumnValue {
    public static func columnValues(_ cells: Cells<Double>) -> Column.Values { .real(cells) }
}

extension Int: ColumnValue {
    public static func columnValues(_ cells: Cells<Int>) -> Column.Values { .integer(cells) }
}

extension Bool: ColumnValue {
    public static func columnValues(_ cells: Cells<Bool>) -> Column.Values { .boolean(cells) }
}

extension String: ColumnValue {
    public static func columnValues(_ cells: Cells<String>) -> Column.Values { .text(cells) }
}
