import Foundation
import TestSupport
import Testing

/// Where results go: formats, files that exist, folders that cannot be written, interrupts.
@Suite struct OutputTests {
    static let small = ["--mu", "0,1", "--trajectories", "300", "--iterations", "40", "--quiet"]
    static let runFiles = [
        "histogram.csv", "psi_histogram-curves.csv", "psi_histogram.gp", "psi_histogram.svg",
        "psi_variance.csv", "psi_variance.gp", "psi_variance.svg", "rho_histogram.csv", "run.json", "variance.csv",
    ]

    @Test func formatsFollowTheEnding() throws {
        let scratch = try Scratch()
        for (name, start) in [
            ("t.csv", "beta2,t,rho_infinity"), ("t.json", "["), ("t.md", "|"), ("t.tex", "%"), ("t.txt", "beta2"),
        ] {
            let outcome = try Command.run(["rho-table", "--steps", "1-6", "--output", scratch.path(name)])
            #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
            let text = try String(contentsOfFile: scratch.path(name), encoding: .utf8)
            #expect(text.trimmingCharacters(in: .whitespaces).hasPrefix(start), "\(name): \(text.prefix(40))")
        }
        #expect(scratch.names == ["t.csv", "t.json", "t.md", "t.tex", "t.txt"])
    }

    @Test func formatOptionWinsOverTheEnding() throws {
        let scratch = try Scratch()
        _ = try Command.run(["rho-table", "--steps", "3", "--format", "json", "-o", scratch.path("t.csv")])
        let rows = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.url.appending(path: "t.csv")))
        let row = try #require((rows as? [[String: Any]])?.first)
        #expect(row["t"] as? Int == 3 && row["r_t"] is NSNull && row["rectified"] as? Bool == false)
    }

    @Test func existingFileIsKeptWithoutForce() throws {
        let scratch = try Scratch()
        try "precious".write(toFile: scratch.path("t.csv"), atomically: true, encoding: .utf8)
        let arguments = ["variance", "--rho", "5", "--output", scratch.path("t.csv")]
        let refused = try Command.run(arguments)
        #expect(refused.status == 73 && refused.errors.contains("t.csv"))
        #expect(try String(contentsOfFile: scratch.path("t.csv"), encoding: .utf8) == "precious")
        #expect(try Command.run(arguments + ["--force"]).status == 0)
        #expect(try String(contentsOfFile: scratch.path("t.csv"), encoding: .utf8).hasPrefix("rho,"))
    }

    @Test(arguments: ["missing/t.csv", "/dev/full", "."])
    func destinationThatCannotBeWritten(path: String) throws {
        let scratch = try Scratch()
        let outcome = try Command.run(["variance", "--rho", "5", "--output", path], in: scratch.url)
        #expect(outcome.status == 73 && outcome.errors.filter { $0 == "\n" }.count == 1 && outcome.errors.contains(path))
        #expect(scratch.names.isEmpty)
    }

    @Test func runFolderIsWholeAndNotOverwritten() throws {
        let scratch = try Scratch()
        let arguments = ["simulate"] + Self.small + ["--output", scratch.path("run")]
        #expect(try Command.run(arguments).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("run")).sorted()
        #expect(names == Self.runFiles)
        let again = try Command.run(arguments)
        #expect(again.status == 73 && again.errors.contains("not empty"))
        #expect(try Command.run(arguments + ["--force"]).status == 0)
    }

    @Test func bytesDependOnTheSeedAlone() throws {
        let scratch = try Scratch()
        func run(_ name: String, _ more: String...) throws -> [Data] {
            #expect(try Command.run(["simulate"] + Self.small + more + ["--output", scratch.path(name)]).status == 0)
            return try Self.runFiles.map { try Data(contentsOf: scratch.url.appending(path: "\(name)/\($0)")) }
        }
        let one = try run("one", "--threads", "1")
        #expect(try run("three", "--threads", "3") == one)
        #expect(try run("default") == one)
        #expect(try run("seed", "--seed", "2") != one)
    }

    @Test func gnuplotMissingLeavesDataAndScripts() throws {
        let scratch = try Scratch()
        let outcome = try Command.run(
            ["reproduce", "--figure", "8", "--output", scratch.path("out")], environment: ["PATH": scratch.url.path])
        #expect(outcome.status == 69 && outcome.errors.contains("gnuplot"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).sorted()
        #expect(names == ["figure8.csv", "figure8.gp"])
        let simulated = try Command.run(
            ["simulate"] + Self.small + ["--output", scratch.path("run")], environment: ["PATH": scratch.url.path])
        #expect(simulated.status == 69 && simulated.errors.contains("gnuplot"))
        let run = try FileManager.default.contentsOfDirectory(atPath: scratch.path("run")).sorted()
        #expect(run == Self.runFiles.filter { !$0.hasSuffix(".svg") })
    }

    /// SIGTERM, as a test runner in the background hands SIGINT on as ignored; both take the same way.
    @Test(.timeLimit(.minutes(1)))
    func interruptLeavesNothing() throws {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["simulate", "--trajectories", "100000000", "--output", scratch.path("run"), "--quiet"]
        try process.run()
        // Until it has begun to write, at most ten seconds.
        for _ in 0..<1000 where scratch.names.isEmpty { usleep(10_000) }
        #expect(scratch.names == ["run"])
        process.terminate()
        for _ in 0..<1000 where process.isRunning { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
        #expect(scratch.names.isEmpty)
    }

    @Test func closedPipeEndsQuietly() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\"$0\" rho-table --steps 1-100000 | head -n 1", Command.executable.path]
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
        #expect(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).hasPrefix("beta2,t"))
    }

    @Test func helpAndVersion() throws {
        for arguments in [["--help"], ["rho-table", "--help"], ["variance", "--help"], ["exact", "--help"], ["distribution", "--help"],
            ["update", "--help"], ["simulate", "--help"], ["merge", "--help"], ["grid", "--help"], ["schedule", "--help"], ["reproduce", "--help"], ["--version"]]
        {
            let outcome = try Command.run(arguments)
            #expect(outcome.status == 0 && outcome.errors.isEmpty && !outcome.output.isEmpty)
            if arguments.count == 2 { #expect(outcome.output.contains("Example: varlab \(arguments[0])")) }
        }
    }
}
