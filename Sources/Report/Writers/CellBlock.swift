/// The text of a range of a table's rows, made column by column, so that the kind of a column is looked at once per
/// block. A number equal to the one above it is not formatted again.
struct CellBlock: ~Copyable {
    /// Where a cell's text is in `bytes`.
    struct Place {
        var offset: Int
        var count: Int
    }

    private(set) var bytes = ByteBuffer(capacity: 1 << 16)
    /// Column after column; see `place(column:row:)`.
    private var places: [Place] = []
    private var rows = 0..<0

    mutating func fill(from table: Table, rows: Range<Int>, encoding: some CellEncoding) {
        bytes.removeAll()
        places.removeAll(keepingCapacity: true)
        places.reserveCapacity(rows.count * table.columns.count)
        self.rows = rows
        for column in table.columns {
            switch column.values {
            case .real(let cells):
                fill(cells, encoding, isSame: { $0.bitPattern == $1.bitPattern }) { encoding.append($0, to: &$1) }
            case .integer(let cells):
                fill(cells, encoding, isSame: ==) { encoding.append($0, to: &$1) }
            case .boolean(let cells):
                fill(cells, encoding, isSame: ==) { encoding.append($0, to: &$1) }
            case .text(let cells):
                fill(cells, encoding, isSame: { _, _ in false }) { encoding.append($0, to: &$1) }
            }
        }
    }

    @inline(__always)
    private mutating func fill<Value>(
        _ cells: Cells<Value>, _ encoding: some CellEncoding,
        isSame: (Value, Value) -> Bool, append: (Value, inout ByteBuffer) -> Void
    ) {
        var previous: Value?
        var place = Place(offset: 0, count: 0)
        cells.forEach(in: rows) { value in
            if let value {
                if let known = previous, isSame(known, value) {
                    places.append(place)
                    return
                }
                place.offset = bytes.count
                append(value, &bytes)
            } else {
                place.offset = bytes.count
                encoding.appendMissing(to: &bytes)
            }
            place.count = bytes.count - place.offset
            previous = value
            places.append(place)
        }
    }

    /// The place of a cell; `row` counts within the table.
    @inline(__always)
    func place(column: Int, row: Int) -> Place { places[column * rows.count + row - rows.lowerBound] }

    /// The number of characters of the widest cell in a column.
    func width(column: Int) -> Int {
        rows.reduce(0) { max($0, width(of: place(column: column, row: $1))) }
    }

    /// The number of characters in a cell: of bytes when all are ASCII, else of what a reader sees as characters.
    func width(of place: Place) -> Int {
        let cell = UnsafeBufferPointer(start: bytes.start + place.offset, count: place.count)
        if cell.allSatisfy({ $0 < 0x80 }) { return place.count }
        return String(decoding: cell, as: UTF8.self).count
    }
}
