/// Named columns of equal length: what every experiment returns and every ``TableWriter`` writes.
public struct Table: Sendable {
    public private(set) var columns: [Column]

    /// - Precondition: all columns have the same number of rows, and no two have the same name.
    public init(_ columns: [Column]) {
        for column in columns {
            precondition(
                column.count == columns[0].count,
                "column \(column.name) has \(column.count) rows, \(columns[0].name) has \(columns[0].count)")
        }
        precondition(Set(columns.map(\.name)).count == columns.count, "two columns have the same name")
        self.columns = columns
    }

    public var rowCount: Int { columns.first?.count ?? 0 }

    /// The column of that name, or `nil` when there is none.
    public subscript(name: String) -> Column? { columns.first { $0.name == name } }

    /// Adds the rows of `other` below.
    /// - Precondition: `other` has the same columns, by name, order and kind.
    public mutating func append(_ other: Table) { self = [self, other].joined() }
}

// Tables made from others: some of their rows, the numbers of a column, several below each other.

extension Column {
    /// The column with these rows alone, in their order.
    package func selecting(rows: [Int]) -> Column {
        func picked<Value: ColumnValue>(_ cells: Cells<Value>) -> Column.Values {
            Value.columnValues(.partial(rows.map { cells[$0] }))
        }
        let selected: Column.Values =
            switch values {
            case .real(let cells): picked(cells)
            case .integer(let cells): picked(cells)
            case .boolean(let cells): picked(cells)
            case .text(let cells): picked(cells)
            }
        return Column(name, latex: latexHeader, values: selected)
    }
}

extension Table {
    /// The table with these rows alone, in their order.
    package func selecting(rows: [Int]) -> Table { Table(columns.map { $0.selecting(rows: rows) }) }

    /// The cells of a column of real numbers.
    /// - Precondition: there is one of that name.
    package func reals(_ name: String) -> [Double?] {
        guard case .real(let cells)? = self[name]?.values else { preconditionFailure("no real numbers named \(name)") }
        return (0..<rowCount).map { cells[$0] }
    }

    /// The cells of a column of numbers, whole or real.
    /// - Precondition: there is one of that name.
    package func numbers(_ name: String) -> [Double?] {
        guard case .integer(let cells)? = self[name]?.values else { return reals(name) }
        return (0..<rowCount).map { cells[$0].map(Double.init) }
    }

    /// The cells of a column of whole numbers.
    /// - Precondition: there is one of that name.
    package func integers(_ name: String) -> [Int?] {
        guard case .integer(let cells)? = self[name]?.values else { preconditionFailure("no whole numbers named \(name)") }
        return (0..<rowCount).map { cells[$0] }
    }
}

extension [Table] {
    /// The tables' rows in one; if there is no table, the named columns without rows.
    /// - Precondition: all have the same columns, by name, order and kind.
    package func joined(orEmpty names: [String] = []) -> Table {
        guard let first, count > 1 else { return first ?? Table(names.map { Column($0, [Double]()) }) }
        precondition(allSatisfy { $0.columns.map(\.name) == first.columns.map(\.name) }, "tables with different columns")
        return Table(first.columns.indices.map { index in Column.joined(map { $0.columns[index] }) })
    }
}

/// A table that is made piece by piece, so that it is never in memory as a whole: its rows are those of the pieces, one after the
/// other.
///
/// ```swift
/// TablePieces { pass in
///     for first in stride(from: 0, to: 1_000_000, by: 1000) { try pass(Table([Column("t", Array(first..<first + 1000))])) }
/// }
/// ```
public struct TablePieces {
    /// The number of rows of all pieces, for a progress bar; nil where it is not known before.
    public let rowCount: Int?
    private let make: (_ pass: (Table) throws -> Void) throws -> Void

    /// - Parameters:
    ///   - rowCount: the number of rows of all pieces; nil where it is not known before.
    ///   - make: makes the pieces and calls `pass` with each, in order. All have the same columns, by name, order and kind.
    public init(rowCount: Int? = nil, _ make: @escaping (_ pass: (Table) throws -> Void) throws -> Void) {
        self.rowCount = rowCount
        self.make = make
    }

    /// A table that is there as a whole, in one piece.
    public init(_ table: Table) {
        self.init(rowCount: table.rowCount) { try $0(table) }
    }

    /// Makes the pieces and calls `body` with each; what it throws ends the making.
    public func forEach(_ body: (Table) throws -> Void) throws { try make(body) }

    /// The same pieces, each changed.
    public func map(_ change: @escaping (Table) throws -> Table) -> TablePieces {
        TablePieces(rowCount: rowCount) { pass in try make { try pass(change($0)) } }
    }

    /// All rows in one table; nil without a piece.
    public func table() throws -> Table? {
        var pieces: [Table] = []
        try make { pieces.append($0) }
        return pieces.isEmpty ? nil : pieces.joined()
    }
}
