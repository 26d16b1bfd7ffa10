import Errors
import Foundation
@testable import Report
import TestSupport
import Testing

/// Columns, digits, and rows alone.
struct TableStyleTests {
    private static let table = Table([
        Column("t", [1, 20]), Column("var_exact", latex: "$v$", [2.0 / 3, 1e-7 / 3]), Column("note", ["a_b", nil]),
    ])

    private func text(_ format: OutputFormat, columns: [String]? = nil, digits: Int? = nil, rowsOnly: Bool = false) throws -> String {
        let style = try TableStyle(columns: columns, digits: digits, rowsOnly: rowsOnly)
        return try format.writer(style: style).text(of: style.selection(of: Self.table))
    }

    @Test func columnsAreChosenAndOrdered() throws {
        #expect(try text(.csv, columns: ["note", "t"]) == "note,t\na_b,1\n,20\n")
        #expect(try text(.json, columns: ["t"]) == "[\n{\"t\":1},\n{\"t\":20}\n]\n")
        #expect(try text(.latex, columns: ["t"]).contains("\\begin{tabular}{r}\n"))
        #expect(try text(.markdown, columns: ["t"]) == "|   t |\n| --: |\n|   1 |\n|  20 |\n")
        #expect(try text(.csv, columns: ["t", "var_exact", "note"]) == text(.csv))
    }

    @Test(arguments: [("var_exat", "var_exact"), ("noet", "note"), ("zzzzzzzz", nil)] as [(String, String?)])
    func unknownColumnIsRefusedWithTheList(name: String, meant: String?) throws {
        let style = try TableStyle(columns: ["t", name], digits: nil, rowsOnly: false)
        do {
            _ = try style.selection(of: Self.table)
            Issue.record("taken")
        } catch {
            #expect(error.parameter == .columns && error.value == name)
            #expect(error.rule.contains("is none of t, var_exact, note"))
            #expect(meant == nil ? !error.rule.contains("did you mean") : error.rule.contains("did you mean '\(meant!)'?"), "\(error)")
        }
    }

    @Test func aColumnTwiceIsRefused() {
        #expect(throws: ParameterError(parameter: .columns, value: "t", rule: "stands in the list twice")) {
            try TableStyle(columns: ["t", "note", "t"], digits: nil, rowsOnly: false)
        }
    }

    @Test(arguments: [Int.min, -1, 0, 18, Int.max])
    func digitsHaveTheirRange(digits: Int) {
        #expect(throws: ParameterError(parameter: .digits, value: digits, rule: "must be from 1 to 17")) {
            try TableStyle(columns: nil, digits: digits, rowsOnly: false)
        }
    }

    @Test func digitsInEveryFormat() throws {
        #expect(try text(.csv, digits: 3) == "t,var_exact,note\n1,0.667,a_b\n20,3.33e-08,\n")
        #expect(try text(.json, digits: 2) == "[\n{\"t\":1,\"var_exact\":0.67,\"note\":\"a_b\"},\n{\"t\":20,\"var_exact\":3.3e-08,\"note\":null}\n]\n")
        #expect(try text(.latex, digits: 2, rowsOnly: true) == "  $1$ & $0.67$ & a\\_b \\\\\n  $20$ & $3.3\\times10^{-8}$ & \n")
        #expect(try text(.table, digits: 9).contains("0.666666667"))
        #expect(try text(.markdown, digits: 1, rowsOnly: true) == "|   1 |   0.7 | a_b |\n|  20 | 3e-08 |     |\n")
    }

    /// Seventeen digits bring every number back, and fit where the widest number goes.
    @Test func seventeenDigitsBringTheNumberBack() {
        var generator = SplitMix(state: 17)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let text = SignificantDigits.text(of: value, digits: 17)
            #expect(Double(text) == value)
            #expect(text.count <= SignificantDigits.width(digits: 17))
        }
        #expect(SignificantDigits.text(of: -2.2250738585072014e-308, digits: 17).count == SignificantDigits.width(digits: 17))
    }

    /// Rounding is that of the decimal expansion, not of another binary number.
    @Test(arguments: [(0.15, 1, "0.1"), (0.25, 1, "0.2"), (0.35, 1, "0.3"), (2.5, 1, "2"), (99.95, 3, "100"), (9.995e22, 3, "1e+23"), (.leastNonzeroMagnitude, 1, "5e-324")])
    func roundsTheExactValue(value: Double, digits: Int, text: String) {
        #expect(SignificantDigits.text(of: value, digits: digits) == text)
    }

    @Test func infinitiesNeedNoDigits() throws {
        let table = Table([Column("x", [Double.infinity, -.infinity, .nan, -0.0])])
        #expect(CSVWriter(digits: 1).text(of: table) == "x\ninf\n-inf\nnan\n-0\n")
        #expect(JSONWriter(digits: 1).text(of: table) == "[\n{\"x\":\"inf\"},\n{\"x\":\"-inf\"},\n{\"x\":\"nan\"},\n{\"x\":-0.0}\n]\n")
    }

    @Test func rowsAlone() throws {
        #expect(try text(.csv, rowsOnly: true) == "1,0.6666666666666666,a_b\n20,3.3333333333333334e-08,\n")
        #expect(try text(.table, rowsOnly: true) == " 1     0.666667  a_b\n20  3.33333e-08  \n")
        // No `\\` ends the last row, so that a rule can follow `\input{rows} \\`.
        let latex = try text(.latex, rowsOnly: true)
        #expect(latex.hasSuffix("& \n") && latex.filter { $0 == "\n" }.count == 2 && !latex.contains("tabular"))
        #expect(try text(.json, rowsOnly: true) == text(.json))
    }

    /// What a user's own `tabular` gets is what ours has between its rules.
    @Test func rowsAloneAreThoseOfTheWhole() throws {
        let whole = try text(.latex)
        let rows = try text(.latex, rowsOnly: true)
        #expect(whole.contains("\\midrule\n" + rows.dropLast() + " \\\\\n  \\bottomrule"))
        let markdown = try text(.markdown).split(separator: "\n").dropFirst(2).map { $0.filter { $0 != " " } }
        #expect(try text(.markdown, rowsOnly: true).split(separator: "\n").map { $0.filter { $0 != " " } } == markdown)
    }

    @Test func noRowsAlone() throws {
        let empty = Table([Column("a", [Double]())])
        for format in OutputFormat.allCases where format != .json {
            let style = try TableStyle(columns: nil, digits: nil, rowsOnly: true)
            #expect(format.writer(style: style).bytes(of: empty).isEmpty, "\(format)")
        }
    }

    @Test func endingsAreThoseThatAreRead() {
        for (ending, format) in OutputFormat.endings {
            #expect(OutputFormat(pathEnding: "x.\(ending)") == format)
            #expect(OutputFormat(pathEnding: "x.\(ending.uppercased())") == format)
        }
        #expect(Set(OutputFormat.endings.map(\.value)) == Set(OutputFormat.allCases))
    }
}
