import Errors
import Report

/// A table that is made piece by piece, so that its length costs no memory.
public protocol PiecewiseTable: Sendable {
    /// The number of rows in all.
    var rowCount: Int { get }

    /// Makes the rows in their order and hands them on some thousand at a time: tables with the same columns, which appended
    /// are the whole. Their cut and their values depend on the parameters alone, not on `threads`.
    /// - Throws: what `body` throws, at once; and an error that names the parameters where a computation fails.
    func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws
}

extension PiecewiseTable {
    /// All rows in one table; without columns if there is no row.
    public func table(threads: Int = 1) throws -> Table {
        var table: Table?
        try forEachPiece(threads: threads) { piece in
            if table == nil { table = piece } else { table!.append(piece) }
        }
        return table ?? Table([])
    }
}

/// About as many rows as a piece has: enough to keep the threads busy, few enough to cost no memory.
let rowsPerPiece = 4096

extension Range<Int> {
    /// Consecutive ranges of `length`, the last one shorter, that make up this one.
    func chunks(of length: Int) -> [Range<Int>] {
        stride(from: lowerBound, to: upperBound, by: length).map { $0..<Swift.min($0 + length, upperBound) }
    }
}

/// The number of rows of a table with a block of `rows` for each combination; its parameters fit in memory.
func product(_ counts: Int...) -> Int {
    counts.reduce(1) { product, count in
        let (value, overflow) = product.multipliedReportingOverflow(by: count)
        return overflow ? .max : value
    }
}
