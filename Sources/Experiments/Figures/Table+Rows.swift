import Report

extension Column {
    /// The column with these rows alone, in their order.
    func selecting(rows: [Int]) -> Column {
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
    /// The cells of a column of real numbers.
    /// - Precondition: there is one of that name.
    func reals(_ name: String) -> [Double?] {
        guard case .real(let cells)? = self[name]?.values else { preconditionFailure("no real numbers named \(name)") }
        return (0..<rowCount).map { cells[$0] }
    }
}
