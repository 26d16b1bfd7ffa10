import Foundation
import TestSupport
import Testing

/// `varlab gradients` from a file to the folder of results.
@Suite struct GradientsTests {
    static let tables = ["coordinates.csv", "gradient_histogram.csv", "gradient_psi.csv", "run.json", "summary.csv"]

    /// Ten steps of three coordinates: 1…10, the same number throughout, and 0 or e^-30 in turn.
    static func write(_ name: String, to scratch: Scratch, replacing: [Int: String] = [:]) throws {
        let lines = (1...10).map { step in replacing[step] ?? "\(step),0.1,\(step % 2 == 0 ? "0" : "9.357622968840175e-14")" }
        try (lines.joined(separator: "\n") + "\n").write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
    }

    @Test func tablesOfASmallTrace() throws {
        let scratch = try Scratch()
        try Self.write("trace.csv", to: scratch)
        let outcome = try Command.run(
            ["gradients", "trace.csv", "--steps", "1,2", "--bins", "23", "--output", "out"], in: scratch.url)
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
        ("vector", "1\n-1\n1\n-1", "vector,0,4,0,0,1.1547005383792515,0,0,-2,-0.75,,", (4.0 / 3).squareRoot()),
        ("zeros", "0,0\n0,0", "zeros,0,2,2,0,0,,,,,,", nil), ("constant", "3,3\n3,3", "constant,0,2,0,3,0,,,,,,", nil),
        ("huge", "1e300\n-1e300", "huge,0,2,0,0,1.4142135623730952e+300,0,0,-2,-0.5,,", 2.0.squareRoot()),
    ] as [(String, String, String, Double?)])
    func sparseTraces(name: String, text: String, coordinate: String, firstPsi: Double?) throws {
        let scratch = try Scratch()
        try (text + "\n").write(toFile: scratch.path("\(name).csv"), atomically: true, encoding: .utf8)
        let outcome = try Command.run(["gradients", "\(name).csv", "--output", "out"], in: scratch.url)
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
        #expect(command.contains("varlab gradients theta0_noise.npy adam_warmup.npy --steps 1,5,10,25,50,75,100,250,500 --bins 17 --beta2"))
        let again = try Command.run(
            ["gradients", "theta0_noise.npy", "adam_warmup.npy", "--bins", "17", "--output", "again"], in: figures)
        #expect(again.status == 0, "\(again.errors)")
        func bytes(_ name: String) throws -> Data { try Data(contentsOf: figures.appending(path: name)) }
        for name in ["gradient_histogram", "gradient_psi"].flatMap({ ["\($0).csv", "\($0).gp", "\($0).svg"] }) {
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
        ("trace.csv --beta2 1", 64, "--beta2"), ("trace.csv --epsilon nan", 64, "--epsilon"), ("missing.npy", 65, "missing.npy"),
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
}
