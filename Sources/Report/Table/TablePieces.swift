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

    /// - Parameter make: makes the pieces and calls `pass` with each, in order. All have the same columns, by name, order and kind.
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
        var whole: Table?
        try make { piece in
            if whole == nil { whole = piece } else { whole!.append(piece) }
        }
        return whole
    }
}
