import Foundation
import TestSupport
import Testing

/// Every command in README.md and docs/ does what the page says: the blocks marked `console` are run, and their output compared.
@Suite struct DocumentationTests {
    /// A page with commands to run, as a path from the root of the repository.
    static let pages: [String] = {
        let documents = FileManager.default.enumerator(atPath: Repository.root.appending(path: "docs").path)
        let inside = (documents?.allObjects as? [String] ?? []).map { "docs/" + $0 }
        return (["README.md", "CONTRIBUTING.md"] + inside).filter { path in
            path.hasSuffix(".md") && (try? text(of: path).contains("```console")) == true
        }.sorted()
    }()

    struct Step {
        let command: String
        var output: [String] = []
    }

    @Test func commandsHavePages() {
        let commands = [
            "rho-table", "variance", "exact", "distribution", "update", "simulate", "gradients", "checkpoint", "replay", "schedule", "train", "sweep",
            "reproduce",
        ]
        for command in commands { #expect(Self.pages.contains("docs/commands/\(command).md"), "\(command)") }
    }

    @Test(arguments: pages)
    func commandsDoWhatThePageSays(page: String) throws {
        let scratch = try Scratch()
        for trace in ["theta0_noise.npy", "adam_warmup.npy", "digits_adam.pt"] {
            try FileManager.default.copyItem(
                at: Repository.root.appending(path: "Sources/CDatasets/Files/\(trace)"), to: scratch.url.appending(path: trace))
        }
        let steps = Self.steps(of: try Self.text(of: page))
        try #require(!steps.isEmpty)
        for step in steps {
            let outcome = try Self.shell(step.command, in: scratch.url)
            let output = Self.lines(outcome)
            #expect(output == step.output, "\(page): $ \(step.command)")
        }
    }

    /// Tables in the pages are those that `reproduce` wrote: `Scripts/renew_tables.py` renews them.
    @Test func tablesAreThoseOfTheFiles() throws {
        var count = 0
        for page in ["docs/REPRODUCTION.md", "notebooks-out/README.md"] {
            for match in try Self.text(of: page).matches(of: /<!-- table: (\S+) -->\n([^<]*)<!-- end of table -->/) {
                #expect(String(match.2) == (try Self.text(of: String(match.1))), "\(page): \(match.1)")
                count += 1
            }
        }
        #expect(count > 0)
    }

    /// Links between the pages lead somewhere.
    @Test func linksLeadToFiles() throws {
        let pages = Self.pages + ["docs/NOTATION.md", "docs/REPRODUCTION.md", "notebooks-out/README.md"]
        for page in pages {
            let folder = Repository.root.appending(path: page).deletingLastPathComponent()
            for match in try Self.text(of: page).matches(of: /\]\(([^)#]+)(#[^)]*)?\)/) where !match.1.contains("://") {
                let target = folder.appending(path: String(match.1)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page): \(match.1)")
            }
        }
    }

    static func text(of page: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: page), encoding: .utf8)
    }

    /// The commands of all `console` blocks, each with the lines that follow it.
    static func steps(of text: String) -> [Step] {
        var steps: [Step] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2))))
            } else if isInside {
                steps[steps.count - 1].output.append(String(line))
            }
        }
        return steps
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The standard output of a line of sh, with the built command in front of the search path.
    private static func shell(_ command: String, in folder: URL) throws -> String {
        let scratch = try Scratch()
        let file = scratch.url.appending(path: "output")
        try Data().write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = Command.executable.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["COLUMNS"] = "120"
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOf: file, encoding: .utf8)
    }
}
