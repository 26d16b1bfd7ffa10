import Files
import Foundation
import TestSupport
import Testing
@testable import varlab

/// What a result says of the program and the command that made it.
@Suite struct ProvenanceTests {
    @Test(arguments: [
        ("simulate --mu 0,1 --output run", "varlab simulate --mu 0,1"), ("simulate -o run --seed 2", "varlab simulate --seed 2"),
        ("simulate --output=run --threads=3 --seed=2", "varlab simulate --seed=2"), ("simulate -o=run --seed 2", "varlab simulate --seed 2"),
        ("simulate --force --quiet --pdf --resume --seed 2", "varlab simulate --seed 2"), ("simulate -q --seed 2", "varlab simulate --seed 2"),
        ("simulate -qo run --seed 2", "varlab simulate --seed 2"), ("simulate --threads 2 --mu -1", "varlab simulate --mu -1"),
        ("gradients a.npy -o out b.npy", "varlab gradients a.npy b.npy"), ("gradients - --output out", "varlab gradients -"),
        ("gradients -o out -- -q --force", "varlab gradients -- -q --force"), ("simulate --output", "varlab simulate"),
        ("replay --skip-nonfinite --outputs x", "varlab replay --skip-nonfinite --outputs x"), ("", "varlab"),
    ])
    func whatDecidesNothingIsLeftOut(arguments: String, command: String) {
        #expect(ShellCommand.deciding(["varlab"] + arguments.split(separator: " ").map(String.init)) == command)
    }

    private static let words = [
        "plain", "", " ", "a b", "it's", "''", "'", "$HOME", "`id`", "a\\b", "*", "~", "#x", "adam-eps:1e-3", "x;y", "a&b", "(c)", "é",
        "line\nbreak", "\t", "\"quoted\"", "a=b,c", "%d", "!", "-1", "{a,b}",
    ]

    /// A shell reads back every word as it was.
    @Test func quotedWordsComeBack() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "printf '%s\\0' " + Self.words.map(\.quotedForShell).joined(separator: " ")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) }
        #expect(words == Self.words)
    }

    @Test func plainWordsStayAsTheyAre() {
        for word in ["0.9,0.999", "adam:1-4,radam:5-", "trace:/tmp/a_b.npy", "a+b", "x@y", "50%", "k=v"] {
            #expect(word.quotedForShell == word)
        }
    }

    @Test func versionNamesTheCommit() throws {
        let outcome = try Command.run(["--version"])
        #expect(outcome.status == 0)
        let commit = buildCommit ?? "unknown"
        #expect(outcome.output == "\(Varlab.version) (commit \(commit))\n")
        let digits = commit.prefix { $0 != "+" }
        #expect(commit == "unknown" || (digits.count == 40 && digits.allSatisfy(\.isHexDigit)), "\(commit)")
        #expect(Varlab.provenance.version == Varlab.version && Varlab.provenance.commit == buildCommit)
    }

    // MARK: The script of the build

    private func git(_ scratch: Scratch, _ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cd \"$0\" && git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main " + arguments, scratch.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "git \(arguments)")
    }

    /// What the script writes of a folder.
    private func commit(of folder: String, in scratch: Scratch) throws -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            Repository.root.appending(path: "Scripts/build_commit.sh").path, folder, scratch.path("commit.swift"),
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return scratch.text("commit.swift")
    }

    private static let hasGit = FileManager.default.isExecutableFile(atPath: "/usr/bin/git")

    @Test func withoutGitTheCommitIsUnknown() throws {
        let scratch = try Scratch()
        try scratch.put("// p", at: "Package.swift")
        #expect(try commit(of: scratch.path, in: scratch) == "let buildCommit: String? = nil\n")
    }

    @Test(.enabled(if: hasGit)) func aClonesCommitAndItsChanges() throws {
        let scratch = try Scratch()
        try scratch.put("// p", at: "Package.swift")
        try git(scratch, "init -q")
        try git(scratch, "add Package.swift")
        try git(scratch, "commit -qm one")
        let clean = try #require(try commit(of: scratch.path, in: scratch))
        #expect(clean.count == "let buildCommit: String? = \"\"\n".count + 40 && !clean.contains("+"))
        // The file is written only if it changes, so that nothing is compiled again.
        let file = scratch.path("commit.swift")
        let written = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        _ = try commit(of: scratch.path, in: scratch)
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == written)

        try scratch.put("// other", at: "Package.swift")
        #expect(try commit(of: scratch.path, in: scratch) == clean.replacingOccurrences(of: "\"\n", with: "+changes\"\n"))
        try git(scratch, "commit -qam two")
        let second = try commit(of: scratch.path, in: scratch)
        #expect(second != clean && second?.contains("+") == false)
    }

    /// A tarball that is unpacked within another repository is none of its commits.
    @Test(.enabled(if: hasGit)) func aTarballWithinARepository() throws {
        let scratch = try Scratch()
        try scratch.put("x", at: "other")
        try git(scratch, "init -q")
        try git(scratch, "add other")
        try git(scratch, "commit -qm one")
        try FileManager.default.createDirectory(atPath: scratch.path("varlab"), withIntermediateDirectories: true)
        try scratch.put("// p", at: "varlab/Package.swift")
        #expect(try commit(of: scratch.path("varlab"), in: scratch) == "let buildCommit: String? = nil\n")
    }
}
