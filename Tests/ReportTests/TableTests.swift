import Report
import Testing

struct TableTests {
    @Test func cellsOfEveryShape() {
        let table = Table([
            Column("full", [1.5, 2.5]), Column("partial", [nil, "x"]), Column("constant", repeating: true, count: 2),
        ])
        #expect(table.rowCount == 2)
        guard case .real(let full)? = table["full"]?.values, case .text(let partial)? = table["partial"]?.values,
            case .boolean(let constant)? = table["constant"]?.values
        else {
            Issue.record("a column holds the wrong kind")
            return
        }
        #expect(full[1] == 2.5)
        #expect(partial[0] == nil && partial[1] == "x")
        #expect(constant[0] == true && constant[1] == true)
        #expect(table["none"]?.name == nil)
    }

    @Test func appending() {
        var table = Table([Column("a", [1]), Column("b", repeating: 0.5, count: 1), Column("c", [2.5])])
        table.append(Table([Column("a", [2]), Column("b", [Double?.none]), Column("c", repeating: 3.5, count: 1)]))
        #expect(CSVWriter().text(of: table) == "a,b,c\n1,0.5,2.5\n2,,3.5\n")
    }

    @Test func noColumns() {
        for format in OutputFormat.allCases where format != .json { #expect(format.writer.bytes(of: Table([])).isEmpty) }
        #expect(OutputFormat.json.writer.text(of: Table([])) == "[]\n")
    }
}
