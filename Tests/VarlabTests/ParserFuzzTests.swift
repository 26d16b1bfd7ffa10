import Errors
import Experiments
import Foundation
import Optimizers
import Report
import Simulation
import TestSupport
import Testing
import Theory
@testable import varlab

/// Every parser of a command-line value on texts that nobody would type: it returns or throws, and never traps.
@Suite struct ParserFuzzTests {
    /// Pieces that mean something to one of the parsers, and some that mean nothing; numbers at the edges of their types. There
    /// is none between a thousand and the largest, so that a list is short or refused.
    private static let words = [
        "0", "1", "2", "10", "999", "-1", "0.5", "0.9", "1e-8", "1e308", "1e999", "5e-324", "nan", "inf", "-inf", "-0", "+3",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "4611686018427387904", "461168601842787904", "2147483648", "normal", "student-t", "laplace", "uniform", "logistic", "mixture",
        "trace", "sgd", "nesterov", "rmsprop", "rmsprop-centred", "adam", "adamw", "nadam", "radam", "radam-closed-form", "radam-exact",
        "adam-eps", "adam-2k", "adam-warmup", "adam-untuned-linear", "adam-rectified-warmup", "constant", "linear", "cosine", "steps",
        "inverse-square-root", "t.csv", "x.json", ".md", "/", "é", "\u{0}", "\u{301}", "👩‍👩‍👧", "٣", " ", "\n", "'", "\"", "\\", "%s", "x",
    ]
    private static let marks = [":", ":", ":", ",", ",", "-", "-", "-", ".", "e", ""]

    private static func text(_ generator: inout SplitMix) -> String {
        var text = ""
        for _ in 0...generator.next(below: 8) {
            text += words[generator.next(below: words.count)] + marks[generator.next(below: marks.count)]
        }
        return text
    }

    /// Number and names only where they belong, so that most texts pass the first checks of one parser.
    private static func call(_ generator: inout SplitMix) -> String {
        let names = words[25...50]
        var text = names[names.startIndex + generator.next(below: names.count)]
        for _ in 0..<generator.next(below: 5) { text += ":" + words[generator.next(below: 25)] }
        return text
    }

    private static func range(_ generator: inout SplitMix) -> String {
        var parts: [String] = []
        for _ in 0...generator.next(below: 2) {
            var part = words[generator.next(below: 25)]
            if generator.next(below: 3) > 0 { part += "-" + words[generator.next(below: 25)] }
            if generator.next(below: 3) == 0 { part += ":" + words[generator.next(below: 25)] }
            parts.append(part)
        }
        return parts.joined(separator: ",")
    }

    /// Each parser, and what its value goes on to be asked for while a command checks its arguments.
    private static let parsers: [(name: String, parse: @Sendable (String) throws -> Void)] = [
        ("reals", { _ = try Lists.reals($0) }),
        ("steps", { text in
            let steps = try Lists.steps(text)
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 } && steps.allSatisfy { $0 >= 1 }, "\(text)")
        }),
        ("seeds", { _ = try Lists.seeds($0) }),
        ("realRanges", { _ = try Lists.realRanges($0) }),
        ("gradients", { text in
            let source = try GradientSource(specification: text)
            // What was taken can be written down and read again.
            #expect(try GradientSource(specification: source.specification).specification == source.specification, "\(text)")
        }),
        ("method", { _ = try MethodSpecification(parsing: $0) }),
        ("decay", { _ = try StepDecay(parsing: $0) }),
        ("stretch", { _ = try StretchedMethod(parsing: $0) }),
        ("ending", { _ = OutputFormat(pathEnding: $0) }),
        ("style", { text in
            let style = try TableStyle(columns: text.split(separator: ",").map(String.init), digits: nil, rowsOnly: false)
            _ = try style.selection(of: Table([Column("t", [1]), Column("x", [0.5])]))
        }),
        ("suggestion", { _ = Suggestion.question(for: $0, among: ["radam", "adam", "rho-table"]) }),
        ("shell", { text in _ = ShellCommand.deciding(["varlab", text, "--output", text]) }),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: 0..<parsers.count)
    func neverTraps(index: Int) throws {
        let (name, parse) = Self.parsers[index]
        var generator = SplitMix(state: 20_251_125 &+ UInt64(index))
        var taken = 0
        for number in 0..<3000 {
            let text =
                switch number % 3 {
                case 0: Self.text(&generator)
                case 1: Self.call(&generator)
                default: Self.range(&generator)
                }
            do {
                try parse(text)
                taken += 1
            } catch let error as any ReportedError {
                #expect(error.exitClass == .usage && !error.description.isEmpty, "\(name) \(text)")
            } catch {
                // The parser of arguments has an error type of its own.
                #expect("\(type(of: error))" == "ValidationError", "\(name) \(text): \(error)")
            }
        }
        // What random texts hardly ever are.
        if let right = ["stretch": "adam:1-4,radam:5-", "style": "t,x", "decay": "linear:10"][name] {
            try parse(right)
            taken += 1
        }
        // A fuzz test none of whose texts is taken tries the first check alone.
        #expect(taken > 0, "\(name)")
    }
}

extension SplitMix {
    fileprivate mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
