import Foundation
import TestSupport
import Testing

/// `varlab simulate --gradients trace:FILE`.
@Suite struct TraceSourceTests {
    private func simulate(_ scratch: Scratch, _ arguments: String...) throws -> Command.Outcome {
        try Command.run(
            ["simulate", "--trajectories", "300", "--iterations", "40", "--quiet", "--force", "--output", "run"] + arguments,
            in: scratch.url)
    }

    private func table(_ scratch: Scratch) throws -> [[Double]] {
        try String(contentsOfFile: scratch.path("run/variance.csv"), encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan } }
    }

    /// Two coordinates that never change, 1 and 3: standardised -1 and 1, so that at μ = 2 a gradient is as recorded. In blocks of
    /// all steps a trajectory stays with its coordinate, and ψ = 1 or 1/3 whatever t: the variance is that of a coin.
    /// Drawn step by step, the average mixes them and the variance falls.
    @Test func blocksKeepToOneCoordinate() throws {
        let scratch = try Scratch()
        try String(repeating: "1,3\n", count: 40).write(toFile: scratch.path("two.csv"), atomically: true, encoding: .utf8)
        let arguments = ["--mu", "2", "--gradients", "trace:two.csv"]
        #expect(try simulate(scratch, arguments[0], arguments[1], arguments[2], arguments[3], "--block", "40").status == 0)
        let kept = try table(scratch)
        // p(1-p)(2/3)² with p within 5 of its standard errors, 0.029 each, of one half.
        #expect(abs(kept[0][7] - 1 / 9.0) < 4 / 9.0 * 0.022)
        #expect(kept.allSatisfy { abs($0[7] / kept[0][7] - 1) < 1e-12 })
        let record = try String(contentsOfFile: scratch.path("run/run.json"), encoding: .utf8)
        // sha256sum of forty lines "1,3".
        #expect(record.contains("\"file\" : \"two.csv\"") && record.contains("8866520d5173bcd97dde5353fce9e0bb846b6393db0b1d90d1176bbe6ae91e68"))
        #expect(record.contains("--gradients trace:two.csv --block 40") && record.contains("\"block\" : 40"))
        #expect(try simulate(scratch, arguments[0], arguments[1], arguments[2], arguments[3]).status == 0)
        let mixed = try table(scratch)
        #expect(mixed[39][7] < mixed[0][7] / 5)
    }

    @Test func badTracesAreOneLine() throws {
        let scratch = try Scratch()
        for (name, text) in [("nan.csv", "1\nnan\n2\n"), ("same.csv", "1\n1\n"), ("good.csv", "1\n2\n4\n")] {
            try text.write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
        }
        for (arguments, status, mention) in [
            (["--gradients", "trace:missing.npy"], 65, "missing.npy"), (["--gradients", "trace:nan.csv"], 64, "finite"),
            (["--gradients", "trace:same.csv"], 64, "equal"), (["--gradients", "trace:good.csv", "--block", "4"], 64, "--block 4"),
            (["--gradients", "trace:good.csv", "--block", "0"], 64, "--block 0"), (["--block", "2"], 64, "only a trace"),
            (["--gradients", "gamma"], 64, "trace:FILE"), (["--gradients", "trace"], 64, "trace:FILE"),
            (["--gradients", "student-t:0"], 64, "--gradients student-t:0: degrees of freedom must be greater than 0"),
        ] {
            let outcome = try Command.run(
                ["simulate", "--trajectories", "30", "--iterations", "9", "--output", "out"] + arguments, in: scratch.url)
            #expect(outcome.status == status && outcome.errors.contains(mention), "\(arguments) \(outcome.errors)")
            #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
            #expect(!scratch.names.contains("out"))
        }
    }

    /// The run says that there is no variance to scale by.
    @Test func lackOfVarianceIsSaid() throws {
        let scratch = try Scratch()
        for (specification, has) in [("student-t:2", false), ("student-t:3", true)] {
            let outcome = try simulate(scratch, "--gradients", specification)
            #expect(outcome.status == 0 && outcome.errors.contains("no finite variance") == !has)
            let record = try String(contentsOfFile: scratch.path("run/run.json"), encoding: .utf8)
            #expect(record.contains("\"gradients_have_unit_variance\" : \(has)"))
            #expect(record.contains("--gradients \(specification)\""))
        }
    }
}
