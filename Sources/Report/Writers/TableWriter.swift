import Foundation

/// Turns tables into the bytes of a file: UTF-8, with line feeds as line ends and one at the end.
public protocol TableWriter: Sendable {
    /// What stands around the rows, for a table that begins with these rows.
    /// - Parameters:
    ///   - rows: the first rows, or all.
    ///   - isWhole: whether these are all the rows. Where more will come, columns that are aligned get room for any number.
    func document(beginningWith rows: Table, isWhole: Bool) -> TableDocument

    /// So many rows must be there before the document can begin, unless there are no more: those that say how wide columns are.
    var rowsBeforeBeginning: Int { get }
}

extension TableWriter {
    public var rowsBeforeBeginning: Int { 0 }

    /// Passes the document on in pieces.
    ///
    /// - Parameters:
    ///   - table: what is written.
    ///   - threads: how many threads may format at once; the bytes do not depend on it.
    ///   - sink: receives each piece, in order; the memory is valid during the call. What it throws ends the writing.
    public func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var stream = TableStream(self, threads: threads)
        try stream.begin(with: table, isWhole: true, to: sink)
        try stream.end(to: sink)
    }

    /// The whole document, formatted by as many threads as there are active cores where nothing else is said.
    public func bytes(of table: Table, threads: Int = ProcessInfo.processInfo.activeProcessorCount) -> [UInt8] {
        var bytes: [UInt8] = []
        write(table, threads: threads) { (piece) throws(Never) in bytes.append(contentsOf: piece) }
        return bytes
    }

    /// The whole document as text.
    public func text(of table: Table) -> String { String(decoding: bytes(of: table), as: UTF8.self) }

    /// Passes on the document of a table that is made piece by piece, row by row as they come.
    /// - Throws: what making the pieces and `sink` throw.
    public func write(
        _ pieces: TablePieces, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
        to sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var stream = TableStream(self, threads: threads)
        try pieces.forEach { try stream.add($0, to: sink) }
        try stream.end(to: sink)
    }
}

/// All of a document but its rows, and how those become bytes.
public struct TableDocument: Sendable {
    let head: String
    let tail: String
    /// The document where there is no row; nil for head and tail.
    let withoutRows: String?
    let rows: RowLayout
    let format: RowLayout.Formatter

    /// The cells' type is known here, so that the loop over them is made for it.
    init<Cells: CellEncoding>(head: String, rows: RowLayout, cells: Cells, tail: String = "", withoutRows: String? = nil) {
        self.head = head
        self.tail = tail
        self.withoutRows = withoutRows
        self.rows = rows
        format = { table, range, isFirst, block, bytes in
            rows.append(rows: range, of: table, encoding: cells, isFirst: isFirst, block: &block, to: &bytes)
        }
    }
}

/// A document under way.
private struct TableStream<Writer: TableWriter> {
    private let writer: Writer
    private let threads: Int
    private var document: TableDocument?
    /// Rows from before the document began.
    private var waiting: Table?
    private var hasRows = false

    init(_ writer: Writer, threads: Int) {
        self.writer = writer
        self.threads = threads
    }

    mutating func add<Failure: Error>(
        _ piece: Table, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        if document != nil { return try pass(piece, to: sink) }
        if waiting == nil { waiting = piece } else { waiting!.append(piece) }
        guard let rows = waiting, rows.rowCount > writer.rowsBeforeBeginning else { return }
        waiting = nil
        try begin(with: rows, isWhole: false, to: sink)
    }

    mutating func begin<Failure: Error>(
        with rows: Table, isWhole: Bool, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        document = writer.document(beginningWith: rows, isWhole: isWhole)
        try pass(rows, to: sink)
    }

    private mutating func pass<Failure: Error>(
        _ piece: Table, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard let document, piece.rowCount > 0 else { return }
        if !hasRows { try pass(document.head, to: sink) }
        try document.rows.write(rowsOf: piece, isFirst: !hasRows, threads: threads, format: document.format, to: sink)
        hasRows = true
    }

    mutating func end<Failure: Error>(to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        if document == nil { try begin(with: waiting ?? Table([]), isWhole: true, to: sink) }
        guard let document else { return }
        if !hasRows { return try pass(document.withoutRows ?? document.head + document.tail, to: sink) }
        try pass(document.tail, to: sink)
    }

    private func pass<Failure: Error>(
        _ text: String, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !text.isEmpty else { return }
        var buffer = ByteBuffer()
        buffer.append(text)
        try buffer.pass(to: sink)
    }
}
