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

    /// One coordinate of two halves, -1 and 1, as it is when standardised, so that at μ = 2 gradients are 1 and 3. In blocks of
    /// all steps they change but twice; drawn step by step, the average mixes them and the variance falls.
    @Test func blocksKeepTheOrder() throws {
        let scratch = try Scratch()
        let text = (0..<40).map { $0 < 20 ? "7,1\n" : "7,3\n" }.joined()
        try text.write(toFile: scratch.path("two.csv"), atomically: true, encoding: .utf8)
        let arguments = ["--mu", "2", "--gradients", "trace:two.csv"]
        let outcome = try simulate(scratch, arguments[0], arguments[1], arguments[2], arguments[3], "--block", "40")
        #expect(outcome.status == 0 && outcome.errors.contains("1 coordinate that never changes is left out of trace:two.csv\n"))
        let kept = try table(scratch)
        // p(1-p)(2/3)² with p within 5 of its standard errors, 0.029 each, of one half.
        #expect(abs(kept[0][7] - 1 / 9.0) < 4 / 9.0 * 0.022)
        // At t = 5 four of five blocks are still in one half: 0.093 against 0.0155 of five coins; at t = 40 all have seen the same.
        #expect(kept[4][7] > 0.6 * kept[0][7] && kept[39][7] < 1e-3 * kept[0][7])
        let record = try String(contentsOfFile: scratch.path("run/run.json"), encoding: .utf8)
        // sha256sum of the forty lines.
        #expect(record.contains("\"file\" : \"two.csv\"") && record.contains("bdbe4db77baed7081148e419992710f37c7d9519f8fc9df7dac37f205bac0533"))
        #expect(record.contains("--gradients trace:two.csv --block 40") && record.contains("\"block\" : 40"))
        #expect(try simulate(scratch, arguments[0], arguments[1], arguments[2], arguments[3]).status == 0)
        let mixed = try table(scratch)
        #expect(mixed[4][7] < mixed[0][7] / 4)
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
