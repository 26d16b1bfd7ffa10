import Errors
import Files
import Foundation
import Report
import TestSupport
import Testing

/// A table in pieces gives the bytes of the whole, and costs no more than a piece.
struct TablePiecesTests {
    private static let formats = OutputFormat.allCases

    private static func pieces(of table: Table, cutAt cuts: [Int]) -> TablePieces {
        let ends = cuts + [table.rowCount]
        return TablePieces(rowCount: table.rowCount) { pass in
            var first = 0
            for end in ends {
                try pass(Table(table.columns.map { column in slice(column, first..<end) }))
                first = end
            }
        }
    }

    private static func slice(_ column: Column, _ rows: Range<Int>) -> Column {
        switch column.values {
        case .real(let cells): Column(column.name, latex: column.latexHeader, rows.map { cells[$0] })
        case .integer(let cells): Column(column.name, latex: column.latexHeader, rows.map { cells[$0] })
        case .boolean(let cells): Column(column.name, latex: column.latexHeader, rows.map { cells[$0] })
        case .text(let cells): Column(column.name, latex: column.latexHeader, rows.map { cells[$0] })
        }
    }

    private static func bytes(of pieces: TablePieces, by writer: any TableWriter, threads: Int = 2) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try writer.write(pieces, threads: threads) { bytes.append(contentsOf: $0) }
        return bytes
    }

    @Test(arguments: formats, [[], [0], [1], [2, 4], [0, 0, 3, 6], [1, 2, 3, 4, 5]])
    func anyCutGivesTheSameBytes(format: OutputFormat, cuts: [Int]) throws {
        let whole = format.writer.bytes(of: WriterTests.table)
        #expect(try Self.bytes(of: Self.pieces(of: WriterTests.table, cutAt: cuts), by: format.writer) == whole)
    }

    @Test(arguments: formats)
    func manyRowsInPieces(format: OutputFormat) throws {
        let table = ParallelWritingTests.largeTable(rows: 9000)
        let pieces = Self.pieces(of: table, cutAt: [1, 1024, 1025, 5000, 8999])
        for threads in [1, 3] {
            #expect(try Self.bytes(of: pieces, by: format.writer, threads: threads) == format.writer.bytes(of: table))
        }
    }

    @Test(arguments: formats)
    func noPieceIsNoTable(format: OutputFormat) throws {
        let nothing = TablePieces(rowCount: 0) { _ in }
        #expect(try Self.bytes(of: nothing, by: format.writer) == format.writer.bytes(of: Table([])))
        #expect(try nothing.table() == nil)
    }

    @Test(arguments: formats)
    func piecesWithoutRowsKeepTheNames(format: OutputFormat) throws {
        let empty = Table([Column("a", [Double]()), Column("b", [String]())])
        let pieces = TablePieces { pass in for _ in 0..<3 { try pass(empty) } }
        #expect(try Self.bytes(of: pieces, by: format.writer) == format.writer.bytes(of: empty))
    }

    /// Formats without alignment pass rows on as they come; the others after the rows that say how wide columns are.
    @Test func rowsAppearAtOnce() throws {
        for format in [OutputFormat.csv, .json, .latex] {
            var received = 0
            var receivedAtPiece: [Int] = []
            let pieces = TablePieces { pass in
                for piece in 0..<5 {
                    try pass(Table([Column("t", [piece])]))
                    receivedAtPiece.append(received)
                }
            }
            try format.writer.write(pieces) { received += $0.count }
            #expect(receivedAtPiece.first! > 0 && zip(receivedAtPiece, receivedAtPiece.dropFirst()).allSatisfy { $0 < $1 }, "\(format)")
        }
    }

    /// Beyond the rows that are looked at, every line of an aligned table still has the width of its header.
    @Test(arguments: [OutputFormat.table, .markdown])
    func endlessTablesStayAligned(format: OutputFormat) throws {
        let rows = 70_000
        let pieces = TablePieces { pass in
            for first in stride(from: 0, to: rows, by: 10_000) {
                try pass(Table([
                    Column("t", (first..<first + 10_000).map { $0 < 69_000 ? $0 : 1_000_000_000 + $0 }),
                    Column("x", (first..<first + 10_000).map { $0 < 69_000 ? 0.5 : -1.23456e-300 }),
                ]))
            }
        }
        let lines = String(decoding: try Self.bytes(of: pieces, by: format.writer), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == rows + 2)
        let widths = Set(lines.map(\.count))
        #expect(widths == [format == .table ? 25 : 30], "\(widths)")
    }

    @Test func mapChangesEveryPiece() throws {
        let pieces = TablePieces(rowCount: 4) { pass in for piece in 0..<2 { try pass(Table([Column("t", [piece, piece])])) } }
        let changed = pieces.map { Table([Column("n", repeating: $0.rowCount, count: 1)]) }
        #expect(try CSVWriter().text(of: #require(try changed.table())) == "n\n2\n2\n")
        #expect(TablePieces(Table([Column("t", [1, 2, 3])])).rowCount == 3)
    }

    private struct Broken: Error {}

    @Test func whatMakingThrowsEndsTheWriting() throws {
        var count = 0
        let pieces = TablePieces { pass in
            for piece in 0..<10 {
                count += 1
                if piece == 3 { throw Broken() }
                try pass(Table([Column("t", [piece])]))
            }
        }
        #expect(throws: Broken.self) { try CSVWriter().write(pieces) { _ in } }
        #expect(count == 4)
    }

    @Test func whatTheSinkThrowsEndsTheMaking() throws {
        var made = 0
        let pieces = TablePieces { pass in
            for piece in 0..<10 {
                made += 1
                try pass(Table([Column("t", [piece])]))
            }
        }
        #expect(throws: Broken.self) { try CSVWriter().write(pieces) { _ in throw Broken() } }
        #expect(made == 1)
    }

    // MARK: Files

    @Test func aFileIsWholeOrAbsent() throws {
        let scratch = try Scratch()
        let broken = TablePieces { pass in
            try pass(Table([Column("t", Array(0..<5000))]))
            throw ParameterError(parameter: .steps, value: 7, rule: "breaks")
        }
        #expect(throws: ParameterError(parameter: .steps, value: 7, rule: "breaks")) {
            try OutputFile(path: scratch.path("t.csv")).write(broken, format: .csv)
        }
        #expect(scratch.names.isEmpty)
        try scratch.put("precious", at: "t.csv")
        #expect(throws: ParameterError.self) { try OutputFile(path: scratch.path("t.csv"), force: true).write(broken, format: .csv) }
        #expect(scratch.names == ["t.csv"] && scratch.text("t.csv") == "precious")
        #expect(throws: OutputError(path: scratch.path("t.csv"), reason: .exists)) {
            try OutputFile(path: scratch.path("t.csv")).write(broken, format: .csv)
        }
    }

    @Test func progressCountsRows() throws {
        let scratch = try Scratch()
        var seen: [Int] = []
        let pieces = TablePieces { pass in for size in [3, 1, 2] { try pass(Table([Column("t", Array(0..<size))])) } }
        try OutputFile(path: scratch.path("t.csv")).write(pieces, format: .csv) { seen.append($0) }
        #expect(seen == [3, 4, 6])
        #expect(scratch.text("t.csv") == "t\n0\n1\n2\n0\n0\n1\n")
    }

    @Test func aMissingColumnLeavesNoFile() throws {
        let scratch = try Scratch()
        let style = try TableStyle(columns: ["t", "none"], digits: nil, rowsOnly: false)
        #expect(throws: ParameterError.self) {
            try OutputFile(path: scratch.path("t.csv")).write(TablePieces(WriterTests.table), format: .csv, style: style)
        }
        #expect(scratch.names.isEmpty)
    }
}
