import ArgumentParser
import Testing
@testable import varlab

/// Comma lists of numbers and ranges: what they mean, and what is refused with which words.
@Suite struct ListsTests {
    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let error as ValidationError {
            return error.message
        } catch {
            return "another error: \(error)"
        }
    }

    @Test(arguments: [
        ("1", [1]), ("5,3,4", [3, 4, 5]), ("1-4", [1, 2, 3, 4]), ("1-10:3", [1, 4, 7, 10]), ("1-9:3", [1, 4, 7]), ("3-3", [3]),
        ("1-3,2-5,5", [1, 2, 3, 4, 5]), ("10,1-3", [1, 2, 3, 10]), ("7-9:100", [7]), ("+2", [2]), ("007", [7]),
        ("9223372036854775807", [.max]), ("9223372036854775806-9223372036854775807", [.max - 1, .max]),
        ("1-9223372036854775807:9223372036854775807", [1]), ("1-9223372036854775807:9223372036854775806", [1, .max]),
        ("1-9223372036854775807:4611686018427387903", [1, 4_611_686_018_427_387_904, .max]),
    ])
    func steps(text: String, steps: [Int]) throws { #expect(try Lists.steps(text) == steps) }

    @Test(arguments: [
        ("", "empty"), (",", "empty"), ("1,", "empty"), ("0", "count from 1"), ("-1", "count from 1"), ("-5-3", "count from 1"),
        ("-9223372036854775808", "count from 1"), ("5-1", "descends"), ("1--1", "descends"), ("1--9223372036854775808", "descends"),
        ("9223372036854775807--9223372036854775808", "descends"), ("1-5:0", "stride must be positive"), ("1-5:-2", "stride must be positive"),
        ("1-5:-9223372036854775808", "stride must be positive"), ("1-5:1:1", "more than one stride"), ("x", "is not a step"),
        ("1-", "is not a step"), ("-", "is not a step"), ("1-2-3", "is not a step"), ("1-5:", "is not a step"), ("1.5", "is not a step"),
        ("9223372036854775808", "is not a step"), ("1-9223372036854775807", "more than 10000000 entries"),
        ("1-9223372036854775807:2", "more than 10000000 entries"), ("1 - 3", "is not a step"), ("1-10000002", "more than 10000000 entries"),
        ("1-6000000,1-6000000", "more than 10000000 entries"), ("1e3", "is not a step"), ("٣", "is not a step"),
    ])
    func badSteps(text: String, mention: String) {
        #expect(message { _ = try Lists.steps(text) }?.contains(mention) == true, "\(message { _ = try Lists.steps(text) } ?? "taken")")
    }

    @Test(arguments: [
        ("0", [0]), ("0-2", [0, 1, 2]), ("0-2,7", [0, 1, 2, 7]), ("3,1,2", [3, 1, 2]), ("1,1", [1, 1]), ("0-10:5", [0, 5, 10]),
        ("18446744073709551615", [.max]), ("18446744073709551614-18446744073709551615", [.max - 1, .max]),
        ("0-18446744073709551615:18446744073709551615", [0, .max]),
    ] as [(String, [UInt64])])
    func seeds(text: String, seeds: [UInt64]) throws { #expect(try Lists.seeds(text) == seeds) }

    @Test(arguments: [
        ("", "not a seed"), ("-1", "not a seed"), ("1,", "not a seed"), ("x", "not a seed"), ("18446744073709551616", "not a seed"),
        ("2-0", "descends"), ("0-18446744073709551615", "more than 10000000 entries"), ("1-5:0", "stride"), ("1-2:3:4", "more than one"),
    ])
    func badSeeds(text: String, mention: String) {
        #expect(message { _ = try Lists.seeds(text) }?.contains(mention) == true)
    }

    @Test(arguments: [
        ("4.5,10.25", [4.5, 10.25]), ("5-7", [5, 6, 7]), ("5-6:0.25", [5, 5.25, 5.5, 5.75, 6]), ("3,2", [3, 2]), ("-2--1", [-2, -1]),
        ("1e-1-3e-1:1e-1", [0.1, 0.2, 0.30000000000000004]), ("5-5.9", [5]), ("inf", [.infinity]), ("5-6:1e308", [5]),
        ("0-1.5e-323:5e-324", [0, .leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude]),
    ] as [(String, [Double])])
    func realRanges(text: String, values: [Double]) throws { #expect(try Lists.realRanges(text) == values) }

    @Test func tenthsReachTheEnd() throws {
        #expect(try Lists.realRanges("5-6:0.1").count == 11)
        #expect(try Lists.realRanges("0-100:0.1").count == 1001)
    }

    @Test(arguments: [
        ("", "empty"), ("5-x", "not a number"), ("5-6:x", "not a number"), ("nan-5", "not a number"), ("5-inf", "not a number"),
        ("-inf-inf", "not a number"), ("6-5", "descends"), ("5-6:0", "stride must be positive"), ("5-6:-1", "stride must be positive"),
        ("5-6:nan", "stride must be positive"), ("5-6:inf", "stride must be finite"), ("5-6:1e999", "stride must be finite"),
        ("0-1:5e-324", "more than 10000000 entries"), ("1e-310-1:5e-324", "more than 10000000 entries"),
        ("0-1e-310:5e-324", "more than 10000000 entries"), ("-1e308-1.7e308", "more than 10000000 entries"), ("5-500:1e-9", "more than 10000000 entries"),
        ("-1e308-1.7e308:1e308", "more than 10000000 entries"), ("5-6:1:1", "more than one stride"),
    ])
    func badRealRanges(text: String, mention: String) {
        #expect(message { _ = try Lists.realRanges(text) }?.contains(mention) == true, "\(message { _ = try Lists.realRanges(text) } ?? "taken")")
    }

    @Test func reals() throws {
        #expect(try Lists.reals("0.9,0.999,1e-8,-3,inf") == [0.9, 0.999, 1e-8, -3, .infinity])
        #expect(try Lists.reals("nan")[0].isNaN)
        for text in ["", "1,", ",1", "x", "1 ", "1;2"] { #expect(message { _ = try Lists.reals(text) } != nil, "\(text)") }
    }

    /// A list that was typed by a cat is refused at once.
    @Test(.timeLimit(.minutes(1))) func longTextsEnd() {
        for unit in ["1-", "-", "1e-", "9", "0.", ":", "1:", "inf-", "1,"] {
            let text = String(repeating: unit, count: 60_000 / unit.count)
            for parse in [{ _ = try Lists.steps(text) }, { _ = try Lists.realRanges(text) }, { _ = try Lists.seeds(text) }] as [() throws -> Void] {
                #expect(message(parse)?.hasPrefix("another") != true)
            }
        }
    }
}
