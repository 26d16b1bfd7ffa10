import Experiments
import Errors
import Report
import Testing

/// Tables that come in pieces, as a writer takes them.
@Suite struct PiecewiseTableTests {
    private func csv(_ table: Table) -> String { String(decoding: CSVWriter().bytes(of: table), as: UTF8.self) }

    private func pieces(_ table: some PiecewiseTable, threads: Int) throws -> [Table] {
        var pieces: [Table] = []
        try table.forEachPiece(threads: threads) { pieces.append($0) }
        return pieces
    }

    private func tables() throws -> [(name: String, table: any PiecewiseTable)] {
        [
            ("rho-table", try RhoTable(beta2: [0.9, 0.999], steps: Array(1...5000))),
            ("exact", try ExactTable(beta2: [0.9, 0.999], means: [0, 1], epsilons: [0, 1e-8], steps: Array(1...5000))),
            ("exact, few steps", try ExactTable(beta2: [0, 0.9], means: [0, 1], epsilons: [0], steps: [1, 5, 4000])),
            ("variance", try VarianceTable(rho: (1...600).map { 4 + Double($0) / 10 })),
            ("one law", try DistributionTable(beta2: [0.9], means: [0], epsilon: 0, steps: [5], points: 700)),
            ("many laws", try DistributionTable(beta2: [0, 0.9], means: [0, 1], epsilon: 0.1, steps: [1, 2, 3, 4, 5, 6, 7, 8, 9], points: 4)),
        ]
    }

    /// Whatever the threads, the pieces are the same, and together they are the table.
    @Test func piecesAreTheTable() throws {
        for (name, table) in try tables() {
            let whole = csv(try table.table(threads: 1))
            let pieces = try pieces(table, threads: 3)
            // A piece is small beside a long table.
            #expect(pieces.allSatisfy { $0.rowCount > 0 && $0.rowCount <= 4096 }, "\(name)")
            #expect(name == "one law" || pieces.count > 1, "\(name)")
            #expect(pieces.reduce(0) { $0 + $1.rowCount } == table.rowCount, "\(name)")
            var lines = whole.split(separator: "\n")
            let header = lines.removeFirst()
            let joined = pieces.flatMap { piece in
                let rows = csv(piece).split(separator: "\n")
                #expect(rows.first == header, "\(name)")
                return rows.dropFirst()
            }
            #expect(joined == lines, "\(name)")
        }
    }

    /// A reader who has had enough ends the work: ten million steps are not computed for the first piece.
    @Test(.timeLimit(.minutes(5))) func anErrorEndsTheWork() throws {
        struct Enough: Error {}
        let steps = Array(1...10_000_000)
        let tables: [any PiecewiseTable] = [
            try RhoTable(beta2: [0.999], steps: steps),
            try DistributionTable(beta2: [0.9], means: [0], epsilon: 0, steps: steps, points: 2),
            try ExactTable(beta2: [0.999], means: [0, 1], epsilons: [0], steps: steps),
            try VarianceTable(rho: steps.map { 4 + Double($0) }),
        ]
        for table in tables {
            var rows = 0
            #expect(throws: Enough.self) {
                try table.forEachPiece(threads: 2) { piece in
                    rows += piece.rowCount
                    throw Enough()
                }
            }
            #expect(rows > 0 && rows <= 4096)
        }
        #expect(tables[1].rowCount == 20_000_000)
    }

    @Test func noRowsAreATableWithoutColumns() throws {
        #expect(try RhoTable(beta2: [0.9], steps: []).table().columns.isEmpty)
        #expect(try VarianceTable(rho: []).table().columns.isEmpty)
        #expect(try ExactTable(beta2: [0.9], means: [0], epsilons: [0], steps: []).table().columns.isEmpty)
    }
}
