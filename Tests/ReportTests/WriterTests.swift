import Report
import Testing

/// Every format on the same awkward values.
struct WriterTests {
    static let table = Table([
        Column("t", [1, -20, Int.min, Int.max, 0, 7]),
        Column("var_exact", latex: "$\\operatorname{Var}[\\psi_t]$", [-0.0, .leastNonzeroMagnitude, 1e22, 1e21, nil, 0.1 + 0.2]),
        Column("ψ|\"x\", y", [.infinity, -.infinity, .nan, -.nan, 123456.7, 1_234_567]),
        Column("rectified", [true, false, nil, true, false, true]),
        Column("note", ["plain", "a,b", "say \"x\"", "two\nlines", "", nil]),
        Column("beta2", repeating: 0.999, count: 6),
    ])

    @Test func csv() {
        let expected = """
            t,var_exact,"ψ|""x"", y",rectified,note,beta2
            1,-0,inf,true,plain,0.999
            -20,5e-324,-inf,false,"a,b",0.999
            -9223372036854775808,1e+22,nan,,"say ""x""\",0.999
            9223372036854775807,1e+21,nan,true,"two
            lines",0.999
            0,,123456.7,false,"",0.999
            7,0.30000000000000004,1234567,true,,0.999

            """
        #expect(CSVWriter().text(of: Self.table) == expected)
    }

    @Test func json() {
        let expected = #"""
            [
            {"t":1,"var_exact":-0.0,"ψ|\"x\", y":"inf","rectified":true,"note":"plain","beta2":0.999},
            {"t":-20,"var_exact":5e-324,"ψ|\"x\", y":"-inf","rectified":false,"note":"a,b","beta2":0.999},
            {"t":-9223372036854775808,"var_exact":1e+22,"ψ|\"x\", y":"nan","rectified":null,"note":"say \"x\"","beta2":0.999},
            {"t":9223372036854775807,"var_exact":1e+21,"ψ|\"x\", y":"nan","rectified":true,"note":"two\nlines","beta2":0.999},
            {"t":0,"var_exact":null,"ψ|\"x\", y":123456.7,"rectified":false,"note":"","beta2":0.999},
            {"t":7,"var_exact":0.30000000000000004,"ψ|\"x\", y":1234567,"rectified":true,"note":null,"beta2":0.999}
            ]

            """#
        #expect(JSONWriter().text(of: Self.table) == expected)
    }

    @Test func text() {
        let expected = #"""
                               t     var_exact     ψ|"x", y  rectified  note           beta2
            --------------------  ------------  -----------  ---------  -------------  -----
                               1            -0          inf  true       plain          0.999
                             -20  4.94066e-324         -inf  false      a,b            0.999
            -9223372036854775808         1e+22          nan             say "x"        0.999
             9223372036854775807         1e+21          nan  true       two\u{a}lines  0.999
                               0                     123457  false                     0.999
                               7           0.3  1.23457e+06  true                      0.999

            """#
        #expect(TextWriter().text(of: Self.table) == expected)
    }

    @Test func markdown() {
        let expected = #"""
            |                    t |    var_exact |   ψ\|"x", y | rectified | note      | beta2 |
            | -------------------: | -----------: | ----------: | --------- | --------- | ----: |
            |                    1 |           -0 |         inf | true      | plain     | 0.999 |
            |                  -20 | 4.94066e-324 |        -inf | false     | a,b       | 0.999 |
            | -9223372036854775808 |        1e+22 |         nan |           | say "x"   | 0.999 |
            |  9223372036854775807 |        1e+21 |         nan | true      | two lines | 0.999 |
            |                    0 |              |      123457 | false     |           | 0.999 |
            |                    7 |          0.3 | 1.23457e+06 | true      |           | 0.999 |

            """#
        #expect(MarkdownWriter().text(of: Self.table) == expected)
    }

    @Test func latex() {
        let expected = #"""
            % needs \usepackage{booktabs}
            \begin{tabular}{rrrllr}
              \toprule
              t & $\operatorname{Var}[\psi_t]$ & ψ\textbar{}\textquotedbl{}x\textquotedbl{}, y & rectified & note & beta2 \\
              \midrule
              $1$ & $-0$ & $\infty$ & true & plain & $0.999$ \\
              $-20$ & $4.94066\times10^{-324}$ & $-\infty$ & false & a,b & $0.999$ \\
              $-9223372036854775808$ & $1\times10^{22}$ & NaN &  & say \textquotedbl{}x\textquotedbl{} & $0.999$ \\
              $9223372036854775807$ & $1\times10^{21}$ & NaN & true & two lines & $0.999$ \\
              $0$ &  & $123457$ & false &  & $0.999$ \\
              $7$ & $0.3$ & $1.23457\times10^{6}$ & true &  & $0.999$ \\
              \bottomrule
            \end{tabular}

            """#
        #expect(LaTeXWriter().text(of: Self.table) == expected)
    }

    @Test(arguments: [
        (#"a_b"#, #"a\_b"#), ("50% & #1 {x}$", ##"50\% \& \#1 \{x\}\$"##),
        (#"\^~<>"#, #"\textbackslash{}\textasciicircum{}\textasciitilde{}\textless{}\textgreater{}"#),
    ])
    func latexEscapes(text: String, escaped: String) {
        #expect(LaTeXWriter().text(of: Table([Column(text, [String]())])).contains("  \(escaped) \\\\\n"))
    }

    @Test(arguments: [
        ("var_exact", "var_exact"), ("_a_", #"\_a\_"#), (#"a|b\c*`<"#, #"a\|b\\c\*\`\<"#), ("a\r\nb", "a b"),
    ])
    func markdownEscapes(text: String, escaped: String) {
        let line = MarkdownWriter().text(of: Table([Column("name", [text])])).split(separator: "\n")[2]
        #expect(line.dropFirst(2).dropLast(2).trimmingSuffix(" ") == escaped)
    }

    @Test func jsonEscapesControlCharacters() {
        let text = JSONWriter().text(of: Table([Column("a\\", ["\u{1}\u{1f}\t\r\"\\"])]))
        #expect(text == "[\n{\"a\\\\\":\"\\u0001\\u001f\\t\\r\\\"\\\\\"}\n]\n")
    }

    @Test func textShowsControlCharactersAsEscapes() {
        let text = TextWriter().text(of: Table([Column("a", ["\u{1B}[31mred\r"])]))
        #expect(text == "a\n------------------\n\\u{1b}[31mred\\u{d}\n")
    }

    @Test func noRows() {
        let table = Table([Column("a", [Double]()), Column("b", [String]())])
        #expect(CSVWriter().text(of: table) == "a,b\n")
        #expect(JSONWriter().text(of: table) == "[]\n")
        #expect(TextWriter().text(of: table) == "a  b\n-  -\n")
        #expect(MarkdownWriter().text(of: table) == "|   a | b   |\n| --: | --- |\n")
        #expect(LaTeXWriter().text(of: table).contains("\\midrule\n  \\bottomrule"))
    }

    /// A reader that skips empty lines must not lose a row.
    @Test func missingInTheOnlyColumn() {
        #expect(CSVWriter().text(of: Table([Column("a", [1.5, nil, 2])])) == "a\n1.5\n\"\"\n2\n")
    }

    @Test(arguments: [
        ("a.csv", OutputFormat.csv), ("x/y.JSON", .json), ("r.md", .markdown), ("r.markdown", .markdown), ("t.tex", .latex),
        ("t.txt", .table), ("t", nil), ("t.gz", nil), ("csv", nil), ("-", nil),
    ] as [(String, OutputFormat?)])
    func formatFromEnding(path: String, format: OutputFormat?) {
        #expect(OutputFormat(pathEnding: path) == format)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        var result = self
        while result.last == suffix { result.removeLast() }
        return String(result)
    }
}
