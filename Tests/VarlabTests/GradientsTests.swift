import Foundation
import TestSupport
import Testing

/// `varlab gradients` from a file to the folder of results.
@Suite struct GradientsTests {
    static let tables = ["coordinates.csv", "gradient_histogram.csv", "gradient_ladder.csv", "gradient_psi.csv", "run.json", "summary.csv"]

    /// Ten steps of three coordinates: 1…10, the same number throughout, and 0 or e^-30 in turn.
    static func write(_ name: String, to scratch: Scratch, replacing: [Int: String] = [:]) throws {
        let lines = (1...10).map { step in replacing[step] ?? "\(step),0.1,\(step % 2 == 0 ? "0" : "9.357622968840175e-14")" }
        try (lines.joined(separator: "\n") + "\n").write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
    }

    @Test func tablesOfASmallTrace() throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        let outcome = try Command.run(
            ["gradients", "trace.csv", "--steps", "1,2", "--bins", "23", "--output", "out", "--quiet"], in: scratch.url)
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.errors)")
        func lines(_ name: String) throws -> [String] {
            try String(contentsOf: scratch.url.appending(path: "out/\(name)"), encoding: .utf8).split(separator: "\n").map(String.init)
        }
        let coordinates = try lines("coordinates.csv")
        // 1…10: mean 5.5, Σ(x-m)² = 82.5, Σ of products of neighbours 57.75 (by hand), kurtosis -1.2242… = -6/5·101/99.
        let cells = coordinates[1].split(separator: ",").map(String.init)
        #expect(cells[0...5] == ["trace", "0", "10", "0", "5.5", "3.0276503540974917"])
        #expect(abs(Double(cells[7])!) < 1e-15 && abs(Double(cells[8])! + 1.2 * 101 / 99) < 1e-14)
        #expect(abs(Double(cells[9])! - 57.75 / 82.5) < 1e-15)
        #expect(coordinates[2] == "trace,1,10,0,0.1,0,,,,,,")
        #expect(coordinates[3].hasPrefix("trace,2,10,5,"))
        let histogram = try lines("gradient_histogram.csv")
        #expect(!scratch.names("out").contains("histogram.csv"))
        #expect(histogram[0] == "array,step,bin_low,bin_high,count,share" && histogram.count == 1 + 2 * 25)
        // At step 1: |g| is 1, 0.1 and e^-30; at step 2: 2, 0.1 and 0. The largest is ln 2, so the bins end at 1.
        #expect(histogram[1] == "trace,1,,,0,0" && histogram[2] == "trace,1,-inf,-20,1,0.3333333333333333")
        #expect(histogram[26] == "trace,2,,,1,0.3333333333333333")
        #expect(histogram[25].hasPrefix("trace,1,0.08") && histogram[25].hasSuffix(",1,0,0"))
        let summary = try lines("summary.csv")
        #expect(summary.contains("trace,dead,count,1") && summary.contains("trace,nonfinite,count,0"))
        let record = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.url.appending(path: "out/run.json")))
        let inputs = try #require((record as? [String: Any])?["inputs"] as? [[String: Any]])
        #expect(inputs.count == 1 && (inputs[0]["sha256"] as? String)?.count == 64)
    }

    @Test func equalInputsGiveEqualBytes() throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        for (folder, threads) in [("one", "1"), ("two", "3")] {
            let arguments = ["gradients", "trace.csv", "--threads", threads, "--output", folder]
            #expect(try Command.run(arguments, in: scratch.url).status == 0)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("one")).sorted()
        #expect(Set(Self.tables).isSubset(of: names) && names.contains("gradient_histogram.svg") && names.contains("gradient_psi.svg"))
        for name in names {
            let one = try Data(contentsOf: scratch.url.appending(path: "one/\(name)"))
            #expect(try Data(contentsOf: scratch.url.appending(path: "two/\(name)")) == one, "\(name)")
        }
    }

    /// What has no value is an empty cell, in the tables and so in the figures.
    @Test(arguments: [
        ("step", "1,0,-2", "step,0,1,0,1,,,,,,,", nil),
        ("vector", "1\n-1\n1\n-1", "vector,0,4,0,0,1.1547005383792515,0,0,-2,-0.75,,", 1),
        ("zeros", "0,0\n0,0", "zeros,0,2,2,0,0,,,,,,", nil), ("constant", "3,3\n3,3", "constant,0,2,0,3,0,,,,,,", nil),
        ("huge", "1e300\n-1e300", "huge,0,2,0,0,1.4142135623730952e+300,0,0,-2,-0.5,,", 1),
    ] as [(String, String, String, Double?)])
    func sparseTraces(name: String, text: String, coordinate: String, firstPsi: Double?) throws {
        let scratch = try Scratch()
        try (text + "\n").write(toFile: scratch.path("\(name).csv"), atomically: true, encoding: .utf8)
        let outcome = try Command.run(["gradients", "\(name).csv", "--output", "out", "--quiet"], in: scratch.url)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        let coordinates = try String(contentsOf: scratch.url.appending(path: "out/coordinates.csv"), encoding: .utf8)
        #expect(coordinates.split(separator: "\n")[1] == coordinate)
        let table = try String(contentsOf: scratch.url.appending(path: "out/gradient_psi.csv"), encoding: .utf8)
        let first = table.split(separator: "\n")[1].split(separator: ",", omittingEmptySubsequences: false)
        // One coordinate has no variance. Four roundings make ψ_1.
        #expect(Double(first[5]).map { abs($0 - firstPsi!) < 1e-15 } ?? (firstPsi == nil) && first[6].isEmpty, "\(first)")
        for cell in (coordinates + table).split(whereSeparator: { ",\n".contains($0) }) { #expect(cell != "nan") }
    }

    @Test func nonfiniteIsNamedAndSkippedOnRequest() throws {
        let scratch = try Scratch()
        try Self.write("bad.csv", to: scratch, replacing: [4: "4,nan,0", 7: "inf,0.1,0"])
        let refused = try Command.run(["gradients", "bad.csv", "--output", "out"], in: scratch.url)
        #expect(refused.status == 65 && refused.errors.filter { $0 == "\n" }.count == 1)
        for part in ["bad.csv", "array bad", "step 4", "coordinate 1", "2 such values", "--skip-nonfinite"] {
            #expect(refused.errors.contains(part), "\(refused.errors)")
        }
        #expect(scratch.names == ["bad.csv"])
        let skipped = try Command.run(["gradients", "bad.csv", "--skip-nonfinite", "--output", "out"], in: scratch.url)
        #expect(skipped.status == 0, "\(skipped.errors)")
        let summary = try String(contentsOf: scratch.url.appending(path: "out/summary.csv"), encoding: .utf8)
        #expect(summary.contains("bad,nonfinite,count,2\n"))
        let coordinates = try String(contentsOf: scratch.url.appending(path: "out/coordinates.csv"), encoding: .utf8)
        #expect(coordinates.contains("\nbad,0,9,0,") && coordinates.contains("\nbad,1,9,0,0.1,0,,"))
    }

    /// `reproduce` reports on the traces that it carries as `gradients` does on the files that it leaves.
    @Test func reproductionReportsOnItsOwnTraces() throws {
        let scratch = try Scratch()
        let made = try Command.run(["reproduce", "--figure", "gradients", "--output", "figures"], in: scratch.url)
        #expect(made.status == 0 && made.output.isEmpty && made.errors.isEmpty, "\(made.errors)")
        let figures = scratch.url.appending(path: "figures")
        let record = try String(contentsOf: figures.appending(path: "run.json"), encoding: .utf8)
        let command = try #require(record.split(separator: "\n").first { $0.contains("varlab gradients") })
        #expect(command.contains("varlab gradients theta0_noise.npy adam_warmup.npy --steps 1,5,10,25,50,75,100,250,500 --bins 17 --beta1 0.9 --beta2"))
        let again = try Command.run(
            ["gradients", "theta0_noise.npy", "adam_warmup.npy", "--bins", "17", "--output", "again"], in: figures)
        #expect(again.status == 0, "\(again.errors)")
        func bytes(_ name: String) throws -> Data { try Data(contentsOf: figures.appending(path: name)) }
        for name in ["gradient_histogram", "gradient_ladder", "gradient_psi"].flatMap({ ["\($0).csv", "\($0).gp", "\($0).svg"] }) {
            #expect(try bytes(name) == bytes("again/\(name)"), "\(name)")
        }
        #expect(try bytes("gradient_coordinates.csv") == bytes("again/coordinates.csv"))
        #expect(try bytes("gradient_summary.csv") == bytes("again/summary.csv"))
        // Hashed by another program when they were made.
        for digest in [
            "9891e187f6f1d37d4574e8de38f9758ed4b43621ba88f1741c1b35f47762754e",
            "5a6d216b0572cc439ccb80acdd76f2db425bda7fee80a5b3e9436c3e71fa2b69",
        ] { #expect(record.contains(digest)) }
    }

    @Test(arguments: [
        ("trace.csv --steps 11", 64, "--steps"), ("trace.csv --bins 0", 64, "--bins"), ("trace.csv --level 1", 64, "--level"),
        ("trace.csv --threads 0", 64, "--threads"),
        ("trace.csv --beta1 1", 64, "--beta1"), ("trace.csv --beta2 1", 64, "--beta2"), ("trace.csv --epsilon nan", 64, "--epsilon"), ("missing.npy", 65, "missing.npy"),
        ("", 64, "files"),
    ])
    func badArguments(arguments: String, status: Int32, mention: String) throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        let outcome = try Command.run(
            ["gradients"] + arguments.split(separator: " ").map(String.init) + ["--output", "out"], in: scratch.url)
        #expect(outcome.status == status && outcome.errors.contains(mention), "\(outcome.errors)")
        #expect(outcome.errors.filter { $0 == "\n" }.count == 1 && scratch.names == ["trace.csv"])
    }

    /// The last lines on standard error: what came out, and which files.
    @Test func endsWithWhatCameOut() throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        let outcome = try Command.run(["gradients", "trace.csv", "--output", "out"], in: scratch.url)
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(outcome.status == 0 && outcome.output.isEmpty)
        // The means of 1…10 and of what is never negative are not 0; ten values of the first are normal, the other has too many zeros.
        #expect(lines.first?.hasPrefix("trace: 10 steps of 3 coordinates, 1 of them constant; a zero mean is not rejected for ") == true, "\(lines)")
        #expect(lines.dropFirst().first?.hasPrefix("wrote to out/: coordinates.csv, gradient_histogram.csv, ") == true, "\(lines)")
        #expect(!outcome.errors.contains(" histogram.csv"))
    }

    /// Runs `varlab gradients` with the bytes of a file in its standard input, through a pipe or redirected.
    private func gradientsOfStandardInput(_ shell: String, in scratch: Scratch) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", shell, Command.executable.path]
        process.currentDirectoryURL = scratch.url
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The digest is of the bytes that came, not of a file named `-`.
    @Test(arguments: ["cat trace.csv | $0 gradients - --quiet --output out", "$0 gradients - --quiet --output out < trace.csv",
        "cat trace.csv | $0 gradients /dev/stdin --quiet --output out"])
    func standardInputHasADigest(shell: String) throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        try scratch.put("another file", at: "-")
        #expect(try gradientsOfStandardInput(shell, in: scratch) == 0)
        #expect(try Command.run(["gradients", "trace.csv", "--quiet", "--output", "file"], in: scratch.url).status == 0)
        func input(_ folder: String) throws -> [String: Any] {
            let record = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.url.appending(path: "\(folder)/run.json")))
            return try #require(((record as? [String: Any])?["inputs"] as? [[String: Any]])?.first)
        }
        let (piped, named) = (try input("out"), try input("file"))
        #expect((piped["sha256"] as? String)?.count == 64 && piped["sha256"] as? String == named["sha256"] as? String)
        #expect(named["file"] as? String == "trace.csv" && ["-", "/dev/stdin"].contains(piped["file"] as? String))
    }

    /// One line and status 65, before memory is asked for: nine million coordinates; for replay a step of 8 GB.
    @Test(arguments: [
        ("(1, 9000000)", 72_000_000, ["gradients", "wide.npy"], "shape (1, 9000000): 384 bytes of each coordinate"),
        ("(2, 1000000000)", 16_000_000_000, ["gradients", "wide.npy"], "at most 5592405 coordinates"),
        ("(1, 1000000000)", 8_000_000_000, ["replay", "--gradients", "wide.npy"], "shape (1, 1000000000): "),
    ])
    func whatDoesNotFitIsRefused(shape: String, size: Int, arguments: [String], message: String) throws {
        let scratch = try Scratch()
        let dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }\n"
        let header = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
        let path = try scratch.put(header, at: "wide.npy")
        try #require(truncate(path, off_t(header.count + size)) == 0)
        let outcome = try Command.run(arguments + ["--output", "out"], in: scratch.url)
        #expect(outcome.status == 65 && outcome.errors.contains("wide.npy: ") && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.contains("2147483648 (2 GiB)") && outcome.errors.filter { $0 == "\n" }.count == 1)
        #expect(scratch.names == ["wide.npy"])
    }

    @Test func filesOfOtherKindsSayWhatToDo() throws {
        let scratch = try Scratch()
        try scratch.put([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], at: "grads.pt")
        try scratch.put("1,2\n", at: "grads.txt")
        let torch = try Command.run(["gradients", "grads.pt", "--output", "out"], in: scratch.url)
        #expect(torch.status == 65 && torch.errors.contains("numpy.save(\"grads.npy\", torch.load(\"grads.pt\").float().numpy())"))
        let text = try Command.run(["gradients", "grads.txt", "--output", "out"], in: scratch.url)
        #expect(text.status == 65 && text.errors.contains("must be .npy, .npz, .safetensors or .csv"))
    }

    /// Each bar has its share of all gradients as height and says it; where there is none there is no bar. The table that the figure
    /// draws is the result's own.
    @Test func barsOfTheHistogramHaveAShare() throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        #expect(try Command.run(["gradients", "trace.csv", "--steps", "1-4", "--quiet", "--output", "out"], in: scratch.url).status == 0)
        let script = try #require(scratch.text("out/gradient_histogram.gp"))
        let bars = script.split(separator: "\n").filter { $0.contains("boxxyerror") }
        // The underflow of steps 1 and 3, the zeros of steps 2 and 4.
        #expect(bars.count == 4 && bars.allSatisfy { $0.contains("+bar_scale*column('share'))") })
        #expect(script.contains("\nbar_scale = 0.85\n"))
        #expect(script.split(separator: "\n").count { $0.contains("sprintf('%.2g%%', 100*column('share'))") } == 4)
        let picture = try #require(scratch.text("out/gradient_histogram.svg"))
        #expect(picture.contains(">33%<"), "one gradient of three")
    }

    /// Arrays of one file have the sums over their steps in the table too, which the figure shows.
    @Test func severalArraysOfAFile() throws {
        let scratch = try Scratch()
        let file = Repository.tests.appending(path: "TracesTests/Files/stored.npz").path
        let outcome = try Command.run(
            ["gradients", file, "--skip-nonfinite", "--steps", "1,2", "--bins", "4", "--quiet", "--output", "out"], in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = CSVText(try #require(scratch.text("out/gradient_histogram.csv"))).rows
        for name in Set(rows.map { $0["array"]! }) {
            func counts(_ step: String) -> [Int] { rows.filter { $0["array"] == name && $0["step"] == step }.map { Int($0["count"]!)! } }
            #expect(counts("").count == 6 && zip(counts("1"), counts("2")).map { $0 + $1 } == counts(""))
        }
    }
}
