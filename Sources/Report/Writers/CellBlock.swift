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

    /// The number of characters in a cell: of bytes when all are ASCII, else of what a reader sees as characters.
    func width(of place: Place) -> Int {
        let cell = UnsafeBufferPointer(start: bytes.start + place.offset, count: place.count)
        if cell.allSatisfy({ $0 < 0x80 }) { return place.count }
        return String(decoding: cell, as: UTF8.self).count
    }
}

/// How a format writes a single cell.
protocol CellEncoding: Sendable {
    func append(_ value: Double, to buffer: inout ByteBuffer)
    func append(_ value: Int, to buffer: inout ByteBuffer)
    func append(_ value: Bool, to buffer: inout ByteBuffer)
    func append(_ value: String, to buffer: inout ByteBuffer)
    func appendMissing(to buffer: inout ByteBuffer)
}

extension CellEncoding {
    func append(_ value: Int, to buffer: inout ByteBuffer) { ShortestDigits.append(value, to: &buffer) }

    func append(_ value: Bool, to buffer: inout ByteBuffer) {
        if value { buffer.append("true") } else { buffer.append("false") }
    }

    func appendMissing(to buffer: inout ByteBuffer) {}
}

/// The widths of the columns of an aligned table.
struct ColumnWidths {
    /// So many rows are looked at before a table without end begins: a hundred screens and more.
    static let rowsLookedAt = 65_536

    private(set) var widths: [Int]

    /// - Parameters:
    ///   - headers: as they will be written.
    ///   - isWhole: whether there are no more rows; if there are, columns of numbers get room for any real number and for whole
    ///     numbers up to ten digits. A cell that is wider than its column all the same stands out of line.
    ///   - digits: significant digits of real numbers.
    init(of table: Table, headers: [String], isWhole: Bool, digits: Int, encoding: some CellEncoding) {
        widths = headers.map(\.count)
        var block = CellBlock()
        var first = 0
        while first < table.rowCount {
            let rows = first..<min(first + 1024, table.rowCount)
            block.fill(from: table, rows: rows, encoding: encoding)
            for column in widths.indices {
                for row in rows { widths[column] = max(widths[column], block.width(of: block.place(column: column, row: row))) }
            }
            first = rows.upperBound
        }
        guard !isWhole else { return }
        for (index, column) in table.columns.enumerated() {
            switch column.values {
            case .real: widths[index] = max(widths[index], SignificantDigits.width(digits: digits))
            case .integer: widths[index] = max(widths[index], 10)
            case .boolean, .text: break
            }
        }
    }
}
