import Errors
import Files
import Foundation
import TestSupport
import Testing
@testable import varlab

/// `varlab grid`: settings from a file, a folder for each run, one table.
@Suite(.timeLimit(.minutes(5))) struct GridTests {
    private static let text = """
        trajectories: 20000
        iterations: 12
        histogram-steps: 12
        mu: 0,1
        beta2: [0.9, 0.99]
        gradients: [normal, student-t:5]   # Student's t
        steps: 5,12
        """

    private func run(_ arguments: [String], _ scratch: Scratch) throws -> Command.Outcome { try Command.run(arguments, in: scratch.url) }

    @Test func everyCombinationIsARun() throws {
        let grid = try GridFile(Self.text, path: "g.yaml")
        #expect(grid.varied == ["beta2", "gradients"] && grid.steps == [5, 12])
        #expect(grid.runs.map(\.name) == [
            "1-beta2=0.9-gradients=normal", "2-beta2=0.9-gradients=student-t_5", "3-beta2=0.99-gradients=normal", "4-beta2=0.99-gradients=student-t_5",
        ])
        #expect(grid.runs[3].arguments == [
            "--trajectories", "20000", "--iterations", "12", "--histogram-steps", "12", "--mu", "0,1", "--beta2", "0.99", "--gradients", "student-t:5",
        ])
        // What is typed is what the option gets: no number is read and written again.
        let update = try GridFile("mu: [-0.0, 1e-3, 1]\nseed: 18446744073709551615\nupdate:\n  - true\n  - false", path: "g")
        #expect(update.runs.count == 6 && update.runs[2].arguments == ["--mu", "1e-3", "--seed", "18446744073709551615", "--update"])
        #expect(update.runs[3].arguments == ["--mu", "1e-3", "--seed", "18446744073709551615"])
        #expect(try GridFile("gradients: [\"mixture:0.1,5\", 'trace:a b.csv']\nmu: -1,0", path: "g").runs[0].arguments == ["--gradients", "mixture:0.1,5", "--mu", "-1,0"])
        #expect(try GridFile("", path: "g").runs.map(\.name) == ["1"])
        // No name leaves the folder, whatever is in the settings.
        let odd = try GridFile("scales: [../a b.csv, /etc/\(String(repeating: "x", count: 300))]", path: "g")
        #expect(odd.runs.allSatisfy { !$0.name.contains("/") && $0.name.utf8.count <= 130 })
    }

    @Test(arguments: [
        ("mu: [0", "is not YAML"), ("mu: 1\nmu: 2", "mu stands there twice"), ("beta3: 1", "line 1: beta3: is no setting of a simulation"), ("mu: 1\noutput: x", "line 2: output: is no setting"),
        ("mu: []", "mu: must be a value"), ("mu:", "mu: must be a value"), ("mu: [1, [2]]", "mu: must be a value"), ("mu: {a: 1}", "mu: must be a value"), ("update: 1", "update: must be true or false"),
        ("beta2: [0.9, 0.9]", "beta2: has 0.9 twice"), ("steps: 5-1", "steps: '5-1': the range descends"), ("steps: [1]", "steps: must be steps as behind an option"),
        ("mu: &a 1", "must be without anchors"), ("- 1", "must be settings"), ("mu: 1\n---\nmu: 2", "is not YAML"), ("? [1]\n: 2", "must be the name of a setting"),
        ("mu: [\(Array(0..<101).map(String.init).joined(separator: ","))]\nseed: [\(Array(0..<100).map(String.init).joined(separator: ","))]", "seed: makes more than 10000 runs"),
    ])
    func whatIsNoGridIsRefused(text: String, mention: String) throws {
        let error = #expect(throws: InputError.self) { try GridFile(text, path: "g.yaml") }
        #expect(error?.description.hasPrefix("g.yaml: ") == true && error?.description.contains(mention) == true, "\(error?.description ?? "")")
    }

    /// Any text is a grid or refused.
    @Test func neverTraps() throws {
        // Deeper than any stack.
        #expect(throws: InputError.self) { try GridFile("mu: " + String(repeating: "[", count: 100_000), path: "g") }
        var random = SplitMix(state: 23)
        let pieces = [
            "mu", ": ", ":", "[", "]", "\"", "1e999", "0.9", ", ", "\n", "steps", "update", "true", "{", "}", "\n- ", "\u{0}", "é", "'", "#", "? ", "*a", "!!int ", "|\n ", "---\n", "\t", "%", "<<", "~",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            do { #expect(try !GridFile(text, path: "g").runs.isEmpty) } catch let error as any ReportedError { #expect(error.exitClass == .data, "\(text)") }
        }
    }

    /// The folders are those of simulate, the table has their rows, and stopped, killed or cut into shards it is the same.
    @Test func foldersAndTable() throws {
        let scratch = try Scratch()
        try scratch.put(Self.text, at: "g.yaml")
        let whole = try run(["grid", "g.yaml", "--output", "whole", "--threads", "2"], scratch)
        #expect(whole.status == 0 && whole.errors.hasSuffix("4 runs\nwrote whole/grid.csv\n"), "\(whole.errors)")
        let folders = try GridFile(Self.text, path: "g").runs.map(\.name)
        #expect(scratch.names("whole") == folders + ["grid.csv"])
        let simulate = ["simulate", "--quiet", "--mu", "0,1", "--beta2", "0.99", "--gradients", "student-t:5", "--trajectories", "20000", "--iterations", "12", "--histogram-steps", "12"]
        #expect(try run(simulate + ["--output", "one"], scratch).status == 0)
        #expect(ShardTests.content(scratch, "whole/\(folders[3])") == ShardTests.content(scratch, "one"))
        let table = CSVText(try #require(scratch.text("whole/grid.csv")))
        #expect(table.header.prefix(7) == ["run", "gradients", "mu", "beta2", "epsilon", "t", "trajectories"])
        #expect(table.rows.count == 4 * 2 * 2)
        let variance = CSVText(try #require(scratch.text("one/variance.csv")))
        for row in table.rows where row["run"] == folders[3] {
            let own = try #require(variance.rows.first { $0["mu"] == row["mu"] && $0["t"] == row["t"] })
            for column in ["var_psi", "var_psi_stderr", "var_exact", "var_normal", "mean_psi", "rho_t"] { #expect(row[column] == own[column], "\(column)") }
        }
        #expect(table.rows[0]["var_normal"] == "" && table.rows[0]["gradients"] == "normal")
        // What is there is refused without --resume, and with it there is nothing to do.
        #expect(try run(["grid", "g.yaml", "--output", "whole"], scratch).status == 73)
        let expected = ShardTests.content(scratch, "whole").filter { $0.key == "grid.csv" }
        #expect(try run(["grid", "g.yaml", "--output", "whole", "--resume", "--quiet"], scratch).status == 0)
        #expect(ShardTests.content(scratch, "whole").filter { $0.key == "grid.csv" } == expected)
        // In shards, the second stopped at once and gone on with.
        #expect(try run(["grid", "g.yaml", "--output", "parts", "--shard", "1/2", "--quiet"], scratch).status == 0)
        let stopped = try run(["grid", "g.yaml", "--output", "parts", "--shard", "2/2", "--max-time", "0.001s"], scratch)
        #expect(stopped.status == 75 && stopped.errors.contains("stopped by --max-time") && stopped.errors.contains("0 of 2 runs are complete"), "\(stopped.errors)")
        let early = try run(["grid", "g.yaml", "--output", "parts", "--shard", "2/2", "--resume", "--quiet"], scratch)
        #expect(early.status == 0 && !scratch.names("parts").contains("grid.csv"), "\(early.errors)")
        #expect(try run(["grid", "g.yaml", "--output", "parts", "--resume", "--quiet"], scratch).status == 0)
        #expect(scratch.text("parts/grid.csv") == scratch.text("whole/grid.csv") && scratch.names("parts") == scratch.names("whole"))
        for folder in folders { #expect(ShardTests.content(scratch, "parts/\(folder)") == ShardTests.content(scratch, "whole/\(folder)")) }
    }

    /// A run that cannot be is refused before any is made, by its name.
    @Test func badSettingsAreRefusedBeforeTheWork() throws {
        let scratch = try Scratch()
        for (text, mention) in [
            ("beta2: [0.9, 1.5]", "g.yaml: run 2-beta2=1.5: --beta2 1.5: must be in [0, 1)"), ("mu: [0, x]", "run 2-mu=x"), ("gradients: [normal, trace:none.npy]", "none.npy"),
            ("beta1: 0.5", "--beta1 0.5: is for --update"), ("trajectories: 1.5", "trajectories"),
        ] {
            try scratch.put(text, at: "g.yaml")
            let outcome = try run(["grid", "g.yaml", "--output", "out"], scratch)
            #expect(outcome.status == 65 && outcome.errors.contains(mention) && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
        }
        #expect(!scratch.names.contains("out"))
        #expect(try run(["grid", "missing.yaml", "--output", "out"], scratch).status == 65)
    }

    /// Killed in the middle and gone on with: nothing of it is left.
    @Test func aKilledGridGoesOn() throws {
        let scratch = try Scratch()
        try scratch.put("iterations: 400\ntrajectories: 100000\nmu: [0, 1]\nhistogram-steps: 5\nsteps: 400\n", at: "g.yaml")
        #expect(try run(["grid", "g.yaml", "--output", "whole", "--quiet"], scratch).status == 0)
        var random = SplitMix(state: 4)
        for _ in 0..<6 {
            let process = try Command.start(
                ["grid", "g.yaml", "--output", "out", "--quiet", "--resume", "--checkpoint-every", "0.02s", "--threads", "2"], in: scratch.url)
            usleep(UInt32.random(in: 20_000..<400_000, using: &random))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let outcome = try run(["grid", "g.yaml", "--output", "out", "--quiet", "--resume"], scratch)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(scratch.names("out") == scratch.names("whole") && scratch.text("out/grid.csv") == scratch.text("whole/grid.csv"))
        for folder in scratch.names("whole") where folder != "grid.csv" { #expect(ShardTests.content(scratch, "out/\(folder)") == ShardTests.content(scratch, "whole/\(folder)")) }
    }
}
