import Foundation
import TestSupport
import Testing

/// `varlab checkpoint` from files to the folder of results.
@Suite struct CheckpointTests {
    private static let example = Repository.root.appending(path: "Sources/CDatasets/Files/digits_adam.pt").path

    private static func checkpoint(_ arguments: String, in scratch: Scratch) throws -> Command.Outcome {
        try Command.run(["checkpoint"] + arguments.split(separator: " ").map(String.init), in: scratch.url)
    }

    /// Two shards of a simulated state, of which the second has a long tensor.
    private static func put(_ scratch: Scratch) throws {
        func tensor(_ count: Int, mean: Double, seed: UInt64) -> (first: [Float], second: [Float]) {
            AdamState.tensor(count: count, beta1: 0.9, beta2: 0.95, meanOverDeviation: mean, step: 4, decades: 2, seed: seed)
        }
        let (a, b) = (tensor(300, mean: 0, seed: 1), tensor(700, mean: 0.5, seed: 2))
        let long = (0..<900).reduce(into: (first: [Float](), second: [Float]())) { sum, _ in
            sum.first += b.first
            sum.second += b.second
        }
        try scratch.put(stateBytes([("a", a.first, a.second, 4), ("b", b.first, b.second, 4)]), at: "one.safetensors")
        try scratch.put(stateBytes([("c", long.first, long.second, 4)]), at: "two.safetensors")
    }

    @Test func equalBytesForAnyThreads() throws {
        let scratch = try Scratch()
        try Self.put(scratch)
        for threads in 1...3 {
            let outcome = try Self.checkpoint("one.safetensors two.safetensors --betas 0.9,0.95 --threads \(threads) --quiet --output out\(threads)", in: scratch)
            #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.errors)")
        }
        let names = scratch.names("out1")
        #expect(names.contains("checkpoint_density.svg") && names.contains("checkpoint_rms.svg") && names.count == 9)
        for name in names {
            let bytes = FileManager.default.contents(atPath: scratch.path("out1/\(name)"))
            for other in ["out2", "out3"] { #expect(FileManager.default.contents(atPath: scratch.path("\(other)/\(name)")) == bytes, "\(name)") }
        }
        let summary = CSVText(try #require(scratch.text("out1/checkpoint_summary.csv")))
        #expect(summary.rows.map { $0["tensor"] } == ["a", "b", "c", "all"] && summary.rows[3]["coordinates"] == "631000")
        #expect(summary.rows.allSatisfy { $0["t"] == "4" } && summary.rows[1]["rms"] != "")
        let record = try JSONSerialization.jsonObject(with: Data(try #require(scratch.text("out1/run.json")).utf8)) as? [String: Any]
        #expect((record?["inputs"] as? [[String: Any]])?.count == 2)
    }

    /// What PyTorch wrote says its own betas, step and ε.
    @Test func ofPyTorch() throws {
        let scratch = try Scratch()
        let own = try Self.checkpoint("\(Self.example) --output own", in: scratch)
        #expect(own.status == 0 && own.errors.contains("6 tensors, 3466 coordinates, step 400, 330 of them without a gradient so far"))
        let given = try Self.checkpoint("\(Self.example) --betas 0.9,0.999 --step 400 --epsilon 1e-8 --quiet --output given", in: scratch)
        #expect(given.errors.isEmpty && scratch.text("given/checkpoint_summary.csv") == scratch.text("own/checkpoint_summary.csv"))
        let other = try Self.checkpoint("\(Self.example) --betas 0.9,0.95 --epsilon 1e-3 --quiet --output other", in: scratch)
        #expect(other.errors.contains("note: --betas 0.9,0.95 is taken, though the file says 0.9,0.999\n"))
        #expect(other.errors.contains("note: --epsilon 0.001 is taken, though the file says 1e-08\n"))
        let rows = CSVText(try #require(scratch.text("own/checkpoint_summary.csv"))).rows
        #expect(rows.map { $0["tensor"] }.first == "0.weight" && rows[0]["mu"]?.hasPrefix("0.1438") == true && rows[2]["mu"] == "")
    }

    @Test(arguments: [
        ("one.safetensors --output out", 65, ["one.safetensors", "no betas in the file", "--betas"]),
        ("bare.safetensors --betas 0.9,0.95 --output out", 65, ["bare.safetensors", "a", "no step in the file", "--step"]),
        ("none.safetensors --betas 0.9,0.95 --output out", 65, ["none.safetensors"]),
        ("one.safetensors --betas 0.9 --output out", 64, ["--betas 0.9", "two numbers"]),
        ("one.safetensors --betas 0.9,1 --output out", 64, ["--betas 1", "[0, 1)"]),
        ("one.safetensors --betas 0.9,0 --output out", 64, ["--betas 0", "(0, 1)"]),
        ("one.safetensors --betas 0.9,x --output out", 64, ["--betas", "'x' is not a number"]),
        ("one.safetensors --betas 0.9,0.95 --step 0 --output out", 64, ["--step 0", "at least 1"]),
        ("one.safetensors --betas 0.9,0.95 --step 1e3 --output out", 64, ["--step"]),
        ("one.safetensors --betas 0.9,0.95 --epsilon -1 --output out", 64, ["--epsilon -1", "at least 0"]),
        ("one.safetensors --betas 0.9,0.95 --epsilon nan --output out", 64, ["--epsilon nan"]),
        ("one.safetensors --betas 0.9,0.95 --threads 0 --output out", 64, ["--threads 0"]),
        ("one.safetensors one.safetensors --betas 0.9,0.95 --output out", 64, ["one.safetensors", "twice"]),
        ("one.safetensors --betas 0.9,0.95", 64, ["--output"]),
    ] as [(String, Int32, [String])])
    func refused(arguments: String, status: Int32, mentions: [String]) throws {
        let scratch = try Scratch()
        try Self.put(scratch)
        try scratch.put(stateBytes([("a", [1], [1], nil)]), at: "bare.safetensors")
        let outcome = try Self.checkpoint(arguments, in: scratch)
        #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1 || status == 64)
        for text in mentions { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
        #expect(!scratch.names.contains("out") || scratch.names("out").isEmpty)
    }

    /// Whatever can be typed comes to an end with whole tables and figures.
    @Test(arguments: [
        "--betas 0.9999999999999999,0.9999999999999999 --step 1000000000000000000", "--step 9223372036854775807", "--betas 0.9,1e-100", "--epsilon 1e308",
        "--betas 0.999999999999,0.5", "--betas 0,0.5 --step 1", "--epsilon 0",
    ]) func extremes(options: String) throws {
        let scratch = try Scratch()
        let outcome = try Self.checkpoint("\(Self.example) \(options) --quiet --output out", in: scratch)
        #expect(outcome.status == 0 && scratch.names("out").count == 9, "\(outcome.errors)")
        #expect(scratch.text("out/checkpoint_summary.csv")?.contains("nan") == false)
    }

    /// An early step is called so, and the tables are there all the same.
    @Test func wrongStep() throws {
        let scratch = try Scratch()
        try Self.put(scratch)
        let outcome = try Self.checkpoint("one.safetensors --betas 0.9,0.95 --step 1 --quiet --output out", in: scratch)
        #expect(outcome.status == 0 && outcome.errors.contains("note: betas or step are wrong") && outcome.errors.contains("though the file says 4"))
        #expect(scratch.names("out").contains("checkpoint_summary.csv"))
    }
}
