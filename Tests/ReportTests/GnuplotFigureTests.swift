import Files
import Foundation
import Report
import TestSupport
import Testing

private let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
let hasGnuplot = isInstalled("gnuplot")
private let hasConverter = isInstalled("rsvg-convert")

private func isInstalled(_ program: String) -> Bool {
    searchPath.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
}

struct GnuplotFigureTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Panels, a logarithmic axis, a band, points, lines, a gap, an infinity, and labels with spaces beside subscripts.
    static let figure: GnuplotFigure = {
        let steps = Array(1...60)
        func table(_ mu: Double) -> Table {
            let exact = steps.map { $0 <= 2 ? Double.infinity : 1 / Double($0) + mu }
            return Table([
                Column("mu", repeating: mu, count: steps.count), Column("t", steps), Column("exact", exact),
                Column("simulated", steps.map { $0 % 20 == 0 ? nil : 1.05 / Double($0) + mu }),
                Column("low", exact.map { $0 * 0.8 }), Column("high", exact.map { $0 * 1.25 }),
            ])
        }
        var all = table(0)
        all.append(table(0.1))
        let name = "panels", size = FigureSize.oneColumn(height: 2)
        let file = GnuplotFigure.dataFile(figure: name)
        let grid = PanelGrid(rows: 1, columns: 2, size: size, left: 40, right: 6, bottom: 30, top: 28)
        var body = GnuplotScript.logarithmic("y") + "set yrange [0.01:1]\n" + grid.begin
        for (number, mu) in [0, 0.1].enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "mu", equals: mu) }
            body += grid.panel(
                number, title: "{/:Italic μ} = \(mu)", xLabel: "step", yLabel: "Var[ψ_t] at t = 5",
                yFormat: GnuplotScript.powersOfTen)
            body += """
                plot \(GnuplotScript.band(file, x: "'t'", low: value("low"), high: value("high"), colour: .sky)), \\
                     '\(file)' using 't':\(value("simulated")) with points linetype 2, \\
                     '\(file)' using 't':\(value("exact")) with lines linetype 1

                """
        }
        body += grid.legend([("exact", "with lines linetype 1"), ("simulated", "with points linetype 2")]) + grid.end
        return GnuplotFigure(name: name, caption: "Two panels.", size: size, table: all, body: body)
    }()

    private func render(_ figure: GnuplotFigure, into name: String, pdf: Bool = false) throws {
        let folder = try OutputFolder(path: scratch.path(name))
        try figure.write(to: folder)
        try GnuplotRenderer(pdf: pdf).render([figure], in: folder)
        try folder.commit()
    }

    @Test(.enabled(if: hasGnuplot)) func drawsBesideTheTable() throws {
        try render(Self.figure, into: "out")
        #expect(scratch.names("out") == ["panels.csv", "panels.gp", "panels.svg"])
        let picture = try #require(scratch.text("out/panels.svg"))
        #expect(picture.contains("width=\"322\" height=\"192\""))
        #expect(picture.contains("font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\""))
        // Text stays text, and every one keeps its spaces.
        #expect(picture.contains("] at t = 5</tspan>"))
        #expect(!picture.contains("<text>"))
        #expect(picture.components(separatedBy: "<text xml:space=\"preserve\">").count > 10)
    }

    /// The same bytes each time, in any folder: no time and no path in the picture.
    @Test(.enabled(if: hasGnuplot)) func sameBytesEachTime() throws {
        try render(Self.figure, into: "first")
        try render(Self.figure, into: "second")
        let picture = try #require(scratch.text("first/panels.svg"))
        #expect(picture == scratch.text("second/panels.svg"))
        #expect(!picture.contains(scratch.path))
    }

    @Test(.enabled(if: hasGnuplot && hasConverter)) func sameBytesAsPDF() throws {
        try render(Self.figure, into: "first", pdf: true)
        // Dates are in seconds.
        Thread.sleep(forTimeInterval: 1.1)
        try render(Self.figure, into: "second", pdf: true)
        let picture = try #require(FileManager.default.contents(atPath: scratch.path("first/panels.pdf")))
        #expect(picture.starts(with: Data("%PDF".utf8)))
        #expect(picture == FileManager.default.contents(atPath: scratch.path("second/panels.pdf")))
    }

    /// The script run by hand from another folder, with another language and the user's settings, draws the same.
    @Test(.enabled(if: hasGnuplot)) func sameBytesByHand() throws {
        try render(Self.figure, into: "out")
        let picture = try #require(scratch.text("out/panels.svg"))
        unlink(scratch.path("out/panels.svg"))
        try scratch.put("set grid linewidth 5\nset key box\nset xrange [3:4]\nset encoding iso_8859_1\n", at: ".gnuplot")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gnuplot", scratch.path("out/panels.gp")]
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        process.environment = ["PATH": searchPath, "HOME": scratch.path, "LC_ALL": "C.UTF-8", "GNUTERM": "dumb"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(scratch.text("out/panels.svg") == picture)
    }

    @Test func withoutGnuplotTheTableAndTheScriptAreWritten() throws {
        let folder = try OutputFolder(path: scratch.path("out"))
        try Self.figure.write(to: folder)
        let error = #expect(throws: FigureError.self) {
            try GnuplotRenderer(searchPath: scratch.path).render([Self.figure], in: folder)
        }
        #expect(error == .programMissing(program: "gnuplot", package: "gnuplot-nox", figure: "panels"))
        try folder.commit()
        #expect(scratch.names("out") == ["panels.csv", "panels.gp"])
    }

    @Test(.enabled(if: hasGnuplot)) func withoutTheConverterThePictureIsWritten() throws {
        // A folder of programs without the converter.
        let programs = scratch.path("programs")
        mkdir(programs, 0o755)
        for name in ["gnuplot", "sed", "sh"] {
            let folder = try #require(searchPath.split(separator: ":").first { access("\($0)/\(name)", X_OK) == 0 })
            symlink("\(folder)/\(name)", "\(programs)/\(name)")
        }
        let folder = try OutputFolder(path: scratch.path("out"))
        try Self.figure.write(to: folder)
        let error = #expect(throws: FigureError.self) {
            try GnuplotRenderer(pdf: true, searchPath: programs).render([Self.figure], in: folder)
        }
        #expect(error == .programMissing(program: "rsvg-convert", package: "librsvg2-bin", figure: "panels"))
        try folder.commit()
        #expect(scratch.names("out") == ["panels.csv", "panels.gp", "panels.svg"])
    }

    @Test(.enabled(if: hasGnuplot)) func gnuplotsErrorIsOneLineAndOthersAreDrawn() throws {
        let wrong = GnuplotFigure(
            name: "wrong", caption: "", size: .oneColumn(height: 2), table: Table([Column("x", [1, 2])]),
            body: "plot 'wrong.csv' using 1 with lines\nplot no_such_variable")
        let folder = try OutputFolder(path: scratch.path("out"))
        for figure in [wrong, Self.figure] { try figure.write(to: folder) }
        let error = #expect(throws: FigureError.self) {
            try GnuplotRenderer().render([wrong, Self.figure], in: folder)
        }
        guard case .programFailed("gnuplot", "wrong", let message)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("undefined variable: no_such_variable"))
        #expect(error?.description.contains("\n") == false)
        try folder.commit()
        #expect(scratch.names("out") == ["panels.csv", "panels.gp", "panels.svg", "wrong.csv", "wrong.gp"])
    }

    @Test(.enabled(if: hasGnuplot)) func aLineEndsAtAnEmptyCell() throws {
        let figure = GnuplotFigure(
            name: "gap", caption: "", size: .oneColumn(height: 2),
            table: Table([Column("x", [1, 2, 3, 4, 5]), Column("y", [1, 2, nil, 4, 5])]),
            body: """
                unset grid
                unset border
                unset tics
                plot 'gap.csv' using 'x':\(GnuplotScript.value("y")) with lines linetype 2
                """)
        try render(figure, into: "out")
        let picture = try #require(scratch.text("out/gap.svg"))
        let path = try #require(picture.components(separatedBy: "<path stroke='rgb(  0, 114, 178)'").dropFirst().first)
        let data = try #require(path.components(separatedBy: "d='").dropFirst().first?.prefix { $0 != "'" })
        #expect(data.filter { $0 == "M" }.count == 2)
        #expect(data.filter { $0 == "L" }.count == 2)
    }

    @Test func scriptNamesItsFilesAndCaption() {
        let figure = GnuplotFigure(
            name: "f-1", caption: "One\nline.", size: .twoColumns(height: 3),
            data: [.init(table: Table([])), .init(name: "b", table: Table([]))], body: "plot x")
        #expect(figure.script.hasPrefix("# One\\u{a}line.\n# gnuplot f-1.gp   draws f-1.svg from f-1.csv, f-1-b.csv,"))
        #expect(figure.script.contains("size 662,288"))
        #expect(figure.script.contains("name 'f_1'"))
        #expect(figure.script.hasSuffix("\nplot x\n\nunset output\n"))
    }

    @Test func quoting() {
        #expect(PanelGrid.quoted("Adam's") == "'Adam''s'")
        #expect(PanelGrid.quoted("") == "''")
    }
}
