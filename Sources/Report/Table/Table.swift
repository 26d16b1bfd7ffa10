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
    public mutating func append(_ other: Table) {
        precondition(columns.map(\.name) == other.columns.map(\.name), "tables with different columns")
        for index in columns.indices { columns[index].append(other.columns[index]) }
    }
}
