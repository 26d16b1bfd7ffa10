import Foundation
import TestSupport
import Testing

/// `simulate --shard` and `merge`: the folder of a single run, byte for byte.
@Suite struct ShardTests {
    /// Five leaves and a rest.
    static let small = ["simulate", "--quiet", "--mu", "0,1", "--iterations", "6", "--trajectories", "83000", "--histogram-steps", "3,6"]

    static func content(_ scratch: Scratch, _ folder: String) -> [String: Data] {
        Dictionary(uniqueKeysWithValues: scratch.names(folder).map { ($0, FileManager.default.contents(atPath: scratch.path("\(folder)/\($0)")) ?? Data()) })
    }

    private func run(_ arguments: [String], _ scratch: Scratch) throws -> Command.Outcome { try Command.run(arguments, in: scratch.url) }

    /// The parts' files, in a different order each time.
    private func shards(_ count: Int, of arguments: [String], _ scratch: Scratch) throws -> [String] {
        var random = SplitMix(state: UInt64(count))
        return try (1...count).map { number in
            let file = "\(number)-of-\(count).part"
            let outcome = try run(arguments + ["--shard", "\(number)/\(count)", "--part", file, "--threads", "\(1 + number % 2)"], scratch)
            #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome.errors)")
            return file
        }.shuffled(using: &random)
    }

    @Test(.timeLimit(.minutes(5)))
    func anyNumberOfShardsGivesTheSameFolder() throws {
        let scratch = try Scratch()
        #expect(try run(Self.small + ["--output", "whole"], scratch).status == 0)
        let whole = Self.content(scratch, "whole")
        for count in [1, 2, 3, 5, 64] {
            let files = try shards(count, of: Self.small, scratch)
            let outcome = try run(["merge"] + files + ["--output", "merged\(count)", "--quiet"], scratch)
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(Self.content(scratch, "merged\(count)") == whole, "\(count) shards")
        }
        // A part of the whole is the same whether it is made at once or merged in a tree.
        let (left, right) = (["1-of-5.part", "3-of-5.part"], ["5-of-5.part", "2-of-5.part", "4-of-5.part"])
        for (files, part) in [(left, "left.part"), (right, "right.part"), (["right.part", "left.part"], "tree.part")] {
            #expect(try run(["merge"] + files + ["--part", part], scratch).status == 0)
        }
        #expect(Self.content(scratch, ".")["tree.part"] == Self.content(scratch, ".")["1-of-1.part"])
    }

    /// Updates, recorded gradients in blocks, scales over the steps: all that decides a run comes back from the parts.
    @Test(.timeLimit(.minutes(5)), arguments: [
        ["--update", "--beta1", "0.8", "--epsilon", "1e-3"], ["--gradients", "student-t:3", "--batches", "1"], ["--gradients", "mixture:0.1,5", "--seed", "18446744073709551615"],
        ["--gradients", "trace:a trace.csv", "--block", "3", "--update"], ["--autocorrelation", "-0.25"], ["--scales", "scales.csv", "--mu", "0"],
    ])
    func everySourceOfGradients(options: [String]) throws {
        let scratch = try Scratch()
        try scratch.put((0..<40).map { "\(sin(Double($0) * 7)),\(cos(Double($0 * $0)))\n" }.joined(), at: "a trace.csv")
        try scratch.put("1\n0.5\n2\n1.5\n1\n3\n", at: "scales.csv")
        let arguments = ["simulate", "--quiet", "--iterations", "6", "--trajectories", "40000", "--histogram-steps", "6", "--mu", "0.001"] + options
        #expect(try run(arguments + ["--output", "whole"], scratch).status == 0)
        let files = try shards(2, of: arguments, scratch)
        let outcome = try run(["merge"] + files + ["--output", "merged"], scratch)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(Self.content(scratch, "merged") == Self.content(scratch, "whole"))
    }

    /// A trace that is another one by now belongs to other settings.
    @Test func aChangedTraceIsRefused() throws {
        let scratch = try Scratch()
        try scratch.put("1\n-2\n3\n0.5\n", at: "trace.csv")
        let arguments = ["simulate", "--quiet", "--iterations", "3", "--trajectories", "20000", "--histogram-steps", "3", "--mu", "0", "--gradients", "trace:trace.csv"]
        _ = try shards(2, of: arguments, scratch)
        try scratch.put("1\n-2\n3\n0.25\n", at: "trace.csv")
        let merged = try run(["merge", "1-of-2.part", "2-of-2.part", "--output", "out"], scratch)
        #expect(merged.status == 65 && merged.errors.contains("trace.csv: has the SHA-256") && merged.errors.contains("1-of-2.part"), "\(merged.errors)")
        #expect(try run(arguments + ["--shard", "2/2", "--part", "other.part"], scratch).status == 0)
        try scratch.put("1\n-2\n3\n0.5\n", at: "trace.csv")
        let mixed = try run(["merge", "1-of-2.part", "other.part", "--output", "out"], scratch)
        #expect(mixed.status == 65 && mixed.errors.contains("SHA-256 of trace.csv is"), "\(mixed.errors)")
        unlink(scratch.path("trace.csv"))
        #expect(try run(["merge", "1-of-2.part", "2-of-2.part", "--output", "out"], scratch).status == 65)
        #expect(!scratch.names.contains("out"))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let scratch = try Scratch()
        _ = try shards(3, of: Self.small, scratch)
        #expect(try run(Self.small + ["--seed", "2", "--shard", "3/3", "--part", "seed.part"], scratch).status == 0)
        try scratch.put("mu,beta2\n", at: "table.csv")
        let part = try #require(FileManager.default.contents(atPath: scratch.path("3-of-3.part")))
        try scratch.put(part.dropLast(), at: "short.part")
        var flipped = [UInt8](part)
        flipped[part.count / 2] ^= 16
        try scratch.put(flipped, at: "flipped.part")
        for (files, mentions) in [
            (["1-of-3.part", "2-of-3.part"], ["not the whole run", "65537 to 83000"]), (["1-of-3.part", "2-of-3.part", "1-of-3.part"], ["1-of-3.part: has trajectories 1 to 32768"]),
            (["1-of-3.part", "2-of-3.part", "seed.part"], ["seed.part: is of another run than 1-of-3.part: --seed is 2 there and 1 here"]),
            (["1-of-3.part", "2-of-3.part", "short.part"], ["short.part: has \(part.count - 1) bytes", "\(part.count)"]),
            (["1-of-3.part", "2-of-3.part", "flipped.part"], ["flipped.part: is damaged"]), (["table.csv"], ["table.csv: is not a part"]), (["missing.part"], ["missing.part"]),
        ] {
            let outcome = try run(["merge"] + files + ["--output", "out"], scratch)
            #expect(outcome.status == 65 && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
            for mention in mentions { #expect(outcome.errors.contains(mention), "\(outcome.errors)") }
        }
        #expect(!scratch.names.contains("out"))
        // What is there is not replaced without force.
        let all = ["merge", "1-of-3.part", "2-of-3.part", "3-of-3.part"]
        #expect(try run(all + ["--part", "table.csv"], scratch).status == 73)
        #expect(scratch.text("table.csv") == "mu,beta2\n")
        #expect(try run(Self.small + ["--part", "table.csv"], scratch).status == 73)
        #expect(try run(all + ["--part", "1-of-3.part", "--force"], scratch).status == 0)
        #expect(try run(["merge", "1-of-3.part", "--output", "out", "--quiet"], scratch).status == 0)
    }
}
