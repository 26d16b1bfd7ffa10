import Foundation
import Report
import TestSupport
import Testing

struct ParallelWritingTests {
    static func largeTable(rows: Int) -> Table {
        var generator = SplitMix(state: 20_240_101)
        func column(_ name: String) -> Column {
            Column(name, (0..<rows).map { _ in Double(bitPattern: generator.next()) })
        }
        return Table([
            Column("mu", repeating: 0.001, count: rows), Column("t", (0..<rows).map { $0 / 3 }), column("a"), column("b"),
            Column("gap", (0..<rows).map { $0 % 7 == 0 ? nil : Double($0) / 8 }),
            Column("flag", (0..<rows).map { $0 % 5 == 0 }), Column("word", (0..<rows).map { "w,\($0 % 11)" }),
        ])
    }

    @Test(arguments: OutputFormat.allCases)
    func bytesDoNotDependOnThreads(format: OutputFormat) {
        let table = Self.largeTable(rows: 20_011)
        let one = format.writer.bytes(of: table, threads: 1)
        for threads in [0, 2, 3, 7, 64] {
            #expect(format.writer.bytes(of: table, threads: threads) == one)
        }
    }

    /// Any bit pattern comes back as it was: all finite numbers and infinities to the bit, NaN as NaN.
    @Test func csvRoundTrip() throws {
        let table = Self.largeTable(rows: 200_003)
        let lines = CSVWriter().text(of: table).split(separator: "\n").dropFirst()
        #expect(lines.count == table.rowCount)
        guard case .real(let a)? = table["a"]?.values, case .real(let b)? = table["b"]?.values else {
            Issue.record("columns are missing")
            return
        }
        var wrong = 0
        for (row, line) in lines.enumerated() {
            let cells = line.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false)
            for (text, value) in [(cells[2], a[row]), (cells[3], b[row])] {
                let read = try #require(Double(text)), value = try #require(value)
                if read.isNaN ? !value.isNaN : read.bitPattern != value.bitPattern { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    /// What a strict reader that is not ours makes of the JSON is what was put in.
    @Test func jsonRoundTrip() throws {
        let table = Self.largeTable(rows: 20_000)
        let rows = try JSONDecoder().decode([Row].self, from: Data(JSONWriter().bytes(of: table)))
        #expect(rows.count == table.rowCount)
        guard case .real(let a)? = table["a"]?.values, case .real(let gap)? = table["gap"]?.values else {
            Issue.record("columns are missing")
            return
        }
        var wrong = 0
        for (row, read) in rows.enumerated() {
            let value = try #require(a[row])
            let isSame =
                switch read.a {
                case .number(let number): number.bitPattern == value.bitPattern
                case .text(let text): text == (value.isNaN ? "nan" : value > 0 ? "inf" : "-inf")
                }
            if !isSame || read.gap != gap[row] || read.word != "w,\(row % 11)" { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    private struct Row: Decodable {
        var a: Cell
        var gap: Double?
        var word: String
    }

    private enum Cell: Decodable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) { self = .number(number) } else {
                self = .text(try container.decode(String.self))
            }
        }
    }
}
