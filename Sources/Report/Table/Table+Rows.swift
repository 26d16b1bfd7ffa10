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
    package func joined(orEmpty names: [String] = []) -> Table {
        guard var all = first else { return Table(names.map { Column($0, [Double]()) }) }
        for table in dropFirst() { all.append(table) }
        return all
    }
}
