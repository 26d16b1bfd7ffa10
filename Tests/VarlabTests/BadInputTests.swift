import Foundation
import TestSupport
import Testing

/// Every bad argument: exit status 64, one line that names the option and the value, nothing on standard output.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: String
        let mentions: [String]
        var testDescription: String { arguments }

        init(_ arguments: String, _ mentions: String...) {
            self.arguments = arguments
            self.mentions = mentions
        }
    }

    static let cases = [
        Case("rho-table --beta2 1", "--beta2", "1", "[0, 1)"),
        Case("rho-table --beta2 -0.1", "--beta2", "-0.1", "[0, 1)"),
        Case("rho-table --beta2 nan", "--beta2", "nan", "[0, 1)"),
        Case("rho-table --beta2 inf", "--beta2", "inf", "[0, 1)"),
        Case("rho-table --beta2 0.9,,0.99", "--beta2", "empty"),
        Case("rho-table --beta2 abc", "--beta2", "abc", "not a number"),
        Case("rho-table --beta2 1e-200", "--beta2", "1e-200", "1e-100"),
        Case("rho-table --steps 0", "--steps", "0", "count from 1"),
        Case("rho-table --steps -5", "--steps", "-5"),
        Case("rho-table --steps 10-1", "--steps", "10-1", "descends"),
        Case("rho-table --steps 1-10:0", "--steps", "1-10:0", "stride"),
        Case("rho-table --steps 1-10:-1", "--steps", "1-10:-1", "stride"),
        Case("rho-table --steps 1-10:2:3", "--steps", "1-10:2:3", "stride"),
        Case("rho-table --steps 1-", "--steps", "1-"),
        Case("rho-table --steps 1.5", "--steps", "1.5"),
        Case("rho-table --steps 1,", "--steps", "empty"),
        Case("rho-table --steps 1-99999999999", "--steps", "entries"),
        Case("rho-table --steps 99999999999999999999", "--steps", "99999999999999999999"),
        Case("rho-table --threshold -1", "--threshold", "-1", "negative"),
        Case("rho-table --threshold nan", "--threshold", "nan"),
        Case("rho-table --warmup-steps 0", "--warmup-steps", "0", "at least 1"),
        Case("rho-table --format xml", "--format", "xml"),
        Case("rho-table --beta2", "--beta2"),
        Case("rho-table --unknown", "--unknown"),
        Case("rho-table extra", "extra"),
        Case("unknown-command", "unknown-command"),
        Case("variance --rho 2", "--rho", "2", "greater than 2"),
        Case("variance --rho 1-5", "--rho", "1", "greater than 2"),
        Case("variance --rho nan", "--rho", "nan"),
        Case("variance --rho inf", "--rho", "inf", "finite"),
        Case("variance --rho 5-500:1e-9", "--rho", "entries"),
        Case("variance --rho 5-x", "--rho", "5-x"),
        Case("exact --epsilon -1e-8", "--epsilon", "-1e-08"),
        Case("exact --epsilon nan", "--epsilon", "nan"),
        Case("exact --epsilon inf", "--epsilon", "inf"),
        Case("exact --mu inf", "--mu", "inf", "finite"),
        Case("exact --mu nan", "--mu", "nan"),
        Case("exact --gradients laplac", "--gradients", "laplac", "must be one of"),
        Case("exact --gradients student-t:0", "--gradients", "student-t:0", "greater than 0"),
        Case("exact --gradients uniform --autocorrelation 0.5", "--autocorrelation", "0.5", "normal gradients only"),
        Case("exact --autocorrelation -1", "--autocorrelation", "-1", "(-1, 1)"),
        Case("exact --weights adam2", "--weights", "adam2", "must be one of"),
        Case("exact --weights adafactor:2", "--weights", "adafactor:2", "(0, 1]"),
        Case("exact --beta1 1", "--beta1", "1", "[0, 1)"),
        Case("distribution --points 1", "--points", "1"),
        Case("distribution --mu 1e7", "--mu", "10000000", "1e6"),
        Case("distribution --epsilon nan", "--epsilon", "nan"),
        Case("distribution --beta2 1", "--beta2", "[0, 1)"),
        Case("update --beta1 1", "--beta1", "1", "[0, 1)"),
        Case("update --beta2 0.9,1.5", "--beta2", "1.5", "[0, 1)"),
        Case("update --beta2 1e-200", "--beta2", "1e-100"),
        Case("update --mu 0,1e7", "--mu", "10000000", "1e6"),
        Case("update --mu nan", "--mu", "nan"),
        Case("update --epsilon 1e-8,-1", "--epsilon", "-1"),
        Case("update --epsilon inf", "--epsilon", "inf"),
        Case("update --steps 0", "--steps", "0"),
        Case("update --quantiles 0.5,1.5", "--quantiles", "1.5", "[0, 1]"),
        Case("update --quantiles nan", "--quantiles", "nan"),
        Case("update --quantiles 0.5,0.50", "--quantiles", "0.5", "twice"),
        Case("update --points 10", "--points", "10", "--distribution"),
        Case("update --distribution --points 1", "--points", "1", "100000"),
        Case("update --distribution --quantiles 0.5", "--quantiles", "--distribution"),
        Case("update --distribution --implied-by-rms 0.3", "--distribution", "--implied-by-rms"),
        Case("update --implied-by-rms 0", "--implied-by-rms", "0", "positive"),
        Case("update --implied-by-rms nan", "--implied-by-rms", "nan", "positive"),
        Case("update --implied-by-rms 0.3 --mu 1", "--mu", "--implied-by-rms"),
        Case("update --implied-by-rms 0.2 --steps 100", "--implied-by-rms", "0.2", "from 0.229"),
        Case("update --implied-by-rms 1 --steps 1", "--implied-by-rms", "1", "not monotone"),
        Case("update --coordinates 0", "--coordinates", "0"),
        Case("update --coordinates 64 --epsilon 1", "--epsilon", "--coordinates"),
        Case("simulate --output out --mu inf", "--mu", "inf"),
        Case("simulate --output out --beta2 1.1", "--beta2", "1.1"),
        Case("simulate --output out --epsilon -1", "--epsilon", "-1"),
        Case("simulate --output out --trajectories 0", "--trajectories", "0"),
        Case("simulate --output out --trajectories -3", "--trajectories", "-3"),
        Case("simulate --output out --trajectories 9999999999999999", "--trajectories", "9999999999999999"),
        Case("simulate --output out --trajectories 1e3", "--trajectories", "1e3"),
        Case("simulate --output out --iterations 0", "--iterations", "0"),
        Case("simulate --output out --iterations 99999999999", "--iterations", "99999999999"),
        Case("simulate --output out --iterations 100 --histogram-steps 101", "--histogram-steps", "101", "100"),
        Case("simulate --output out --trajectories 10 --batches 6", "--batches", "6", "half"),
        Case("simulate --output out --batches 0", "--batches", "0"),
        Case("simulate --output out --threads 0", "--threads", "0"),
        Case("simulate --output out --threads 99999", "--threads", "99999"),
        Case("simulate --output out --seed -1", "--seed", "-1"),
        Case("simulate --output out --seed 18446744073709551616", "--seed", "18446744073709551616"),
        Case("simulate", "--output"),
        Case("simulate --output out --trajectories 9223372036854775807", "--trajectories", "9223372036854775807", "2^40"),
        Case("simulate --output out --iterations 9223372036854775807", "--iterations", "2^22"),
        Case("simulate --output out --iterations 1000000000000", "--iterations", "2^22"),
        Case("simulate --output out --iterations -9223372036854775808", "--iterations", "at least 1"),
        Case("simulate --output out --batches 9223372036854775807", "--batches", "half"),
        Case("simulate --output out --block 9223372036854775807", "--block", "only a trace"),
        Case("simulate --output out --histogram-steps 9223372036854775807", "--histogram-steps", "6000"),
        Case("simulate --output out --histogram-steps 1-6000", "--histogram-steps", "4096"),
        Case("simulate --output out --autocorrelation 1", "--autocorrelation", "(-1, 1)"),
        Case("simulate --output out --autocorrelation nan", "--autocorrelation", "(-1, 1)"),
        Case("simulate --output out --autocorrelation 0.5 --gradients laplace", "--autocorrelation", "0.5", "normal gradients only"),
        Case("simulate --output out --beta1 0.5", "--beta1", "0.5", "--update"),
        Case("simulate --output out --update --beta1 1", "--beta1", "1", "[0, 1)"),
        Case("simulate --output out --update --iterations 4194304 --mu 0", "--iterations", "2^21"),
        Case("simulate --output out --width 5", "--width", "5", "millimetres"),
        Case("simulate --output out --width 9223372036854775808", "--width", "millimetres"),
        Case("simulate --output out --font a;b", "--font", "a;b"),
        Case("simulate --output out --label x", "--label", "NAME=TEXT"),
        Case("reproduce --beta2 1 --figure 9", "--beta2", "[0, 1)"),
        Case("schedule --optimizer radem", "--optimizer", "radem", "did you mean 'radam'"),
        Case("schedule --optimizer radam,,adam", "--optimizer", "radam,,adam", "empty"),
        Case("schedule --optimizer sgd:0.9", "--optimizer", "sgd:0.9", "adaptive learning rate"),
        Case("schedule --optimizer adam-warmup", "--optimizer", "adam-warmup", "numbers"),
        Case("schedule --optimizer adam-warmup:0", "--optimizer", "adam-warmup:0", "from 1 to"),
        Case("schedule --optimizer adam-eps:-1", "--optimizer adam-eps:-1", "epsilon", "at least 0"),
        Case("schedule --like keras", "--like", "keras", "paper, authors, torch, optax"),
        Case("schedule --like paper,", "--like", "paper,", "empty"),
        Case("schedule --beta2 1", "--beta2", "1", "[0, 1)"),
        Case("schedule --beta2 nan", "--beta2", "nan", "[0, 1)"),
        Case("schedule --beta2 0.9,x", "--beta2", "x", "not a number"),
        Case("schedule --optimizer radam-exact --beta2 1e-200", "--beta2", "1e-200", "1e-100"),
        Case("schedule --steps 0-5", "--steps", "0-5", "count from 1"),
        Case("schedule --steps 9-5", "--steps", "9-5", "descends"),
        Case("schedule --precision half", "--precision", "half", "float32"),
        Case("schedule --format xml", "--format", "xml"),
        Case("schedule --pdf", "--pdf", "--output", "folder"),
        Case("schedule --output out --format json", "--format", "json", "folder"),
        Case("schedule --output out --columns t", "--columns", "t", "folder"),
        Case("schedule --output out --digits 3", "--digits", "3", "folder"),
        Case("schedule --output out --rows-only", "--rows-only", "folder"),
        Case("schedule --columns t,nosuch", "--columns", "nosuch"),
        Case("reproduce --figure 5", "--figure", "5"),
        Case("reproduce --trajectories 0", "--trajectories", "0"),
        Case("reproduce --iterations 9", "--iterations", "9", "at least 10"),
    ]

    @Test(arguments: cases)
    func isOneLineAndStatus64(_ bad: Case) throws {
        let scratch = try Scratch()
        let outcome = try Command.run(bad.arguments.split(separator: " ").map(String.init), in: scratch.url)
        #expect(outcome.status == 64, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("varlab: ") && outcome.errors.hasSuffix("\n"))
        #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
        for mention in bad.mentions { #expect(outcome.errors.contains(mention), "\(outcome.errors)") }
        #expect(scratch.names.isEmpty, "left behind: \(scratch.names)")
    }
}
