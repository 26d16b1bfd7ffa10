import Foundation
import TestSupport
import Testing

/// What every command that prints a table can do with it.
@Suite struct TableCommandTests {
    private static let commands = [
        "rho-table --steps 1-4", "variance --rho 5-8", "exact --steps 1-4 --mu 0,1", "distribution --steps 5 --points 5",
        "exact --gradients laplace --steps 3-6", "schedule --steps 1-4",
    ]

    private func run(_ text: String, in scratch: Scratch) throws -> Command.Outcome {
        try Command.run(text.split(separator: " ").map(String.init), in: scratch.url)
    }

    @Test(arguments: commands)
    func columnsDigitsAndRows(command: String) throws {
        let scratch = try Scratch()
        let whole = CSVText(try run(command + " --format csv", in: scratch).output)
        let chosen = [whole.header.last!, whole.header[0]]
        let some = CSVText(try run(command + " --format csv --columns \(chosen.joined(separator: ","))", in: scratch).output)
        #expect(some.header == chosen && some.rows.count == whole.rows.count)
        for (row, all) in zip(some.rows, whole.rows) { for name in chosen { #expect(row[name] == all[name]) } }

        let rounded = CSVText(try run(command + " --format csv --digits 4", in: scratch).output)
        for (row, all) in zip(rounded.rows, whole.rows) {
            for (name, text) in all {
                guard let value = Double(text), value.isFinite, value != 0 else {
                    #expect(row[name] == text)
                    continue
                }
                #expect(relativeError(Double(row[name]!)!, value) <= 0.5e-3, "\(name)")
            }
        }
        let rows = try run(command + " --format csv --rows-only", in: scratch).output
        #expect(rows.split(separator: "\n").count == whole.rows.count)
        let latex = try run(command + " --format latex --rows-only --columns \(chosen[1])", in: scratch).output
        #expect(!latex.contains("tabular") && latex.filter { $0 == "\n" }.count == whole.rows.count)
    }

    @Test(arguments: commands)
    func unknownColumn(command: String) throws {
        let scratch = try Scratch()
        for destination in ["", " --output t.csv"] {
            let outcome = try run(command + " --columns nosuch" + destination, in: scratch)
            #expect(outcome.status == 64 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("varlab: --columns nosuch: is none of ") && outcome.errors.filter { $0 == "\n" }.count == 1)
            #expect(scratch.names.isEmpty)
        }
    }

    @Test(arguments: [
        ("rho-table --columns t,,rho_t", "--columns", "empty"), ("rho-table --columns t,t", "--columns t", "twice"),
        ("rho-table --columns rho", "--columns rho", "did you mean 'rho_t'"), ("rho-table --digits 0", "--digits 0", "from 1 to 17"),
        ("rho-table --digits 18", "--digits 18", "from 1 to 17"), ("rho-table --digits -9223372036854775808", "--digits", "from 1 to 17"),
        ("rho-table --digits six", "--digits", "six"), ("exact --rows-only --format json", "--rows-only", "json"),
        ("exact --output t.json --rows-only", "--rows-only", "json"), ("exact --output t.foo", "--output t.foo", ".csv, .json, .md, .markdown, .tex, .txt"),
        ("variance --output t.cvs", "--output t.cvs", "--format"), ("distribution --output a.b/t.png", "--output a.b/t.png", ".tex"),
        ("exact --steps 1--9223372036854775808", "--steps", "descends"), ("exact --steps 1-9223372036854775807", "--steps", "entries"),
        ("exact --steps 5-7:-9223372036854775808", "--steps", "stride"), ("variance --rho 5-6:inf", "--rho", "finite"),
        ("variance --rho 1e-310-1:5e-324", "--rho", "entries"), ("reproduce --seeds 2-0", "--seeds", "descends"),
        ("reproduce --seeds 0-18446744073709551615", "--seeds", "entries"), ("reproduce --seeds 0-x", "--seeds", "not a seed"),
    ])
    func refused(arguments: String, option: String, rule: String) throws {
        let scratch = try Scratch()
        let outcome = try run(arguments, in: scratch)
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome)")
        #expect(outcome.errors.contains(option) && outcome.errors.contains(rule), "\(outcome.errors)")
        #expect(scratch.names.isEmpty)
    }

    @Test func anEndingIsNotNeeded() throws {
        let scratch = try Scratch()
        #expect(try run("variance --rho 5 --output table", in: scratch).status == 0)
        #expect(scratch.text("table")?.hasPrefix("rho,") == true)
        #expect(try run("variance --rho 5 --output t.foo --format json", in: scratch).status == 0)
        #expect(scratch.text("t.foo")?.hasPrefix("[") == true)
    }

    /// The first rows of a table of two million are there long before the last, and the rest is not made for a reader who has gone.
    @Test(.timeLimit(.minutes(2)), arguments: ["rho-table", "distribution --points 2"])
    func rowsOfALongTableAppearAtOnce(command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\"$0\" \(command) --steps 1-2000001 | head -n 3", Command.executable.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && text.split(separator: "\n").count == 3)
    }
}
