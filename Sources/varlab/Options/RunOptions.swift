import ArgumentParser
import Errors
import Foundation
import Report
import Theory

/// What every long run shares: threads, seed, silence.
struct RunOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Seed of the random numbers, from 0 to 2^64 - 1.")
    var seed: UInt64 = 1

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func resolvedThreads() throws -> Int { try Self.resolved(threads: threads) }

    /// For a command without a seed.
    static func resolved(threads: Int?) throws -> Int {
        guard let threads else { return ProcessInfo.processInfo.activeProcessorCount }
        guard (1...1024).contains(threads) else {
            throw ParameterError(parameter: .threads, value: threads, rule: "must be from 1 to 1024")
        }
        return threads
    }
}

/// How figures are to look; shared by every command that draws. Without these options a figure has its own size and font.
struct FigureOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Width of each figure on paper: millimetres, column (85) or page (175). (default: each figure's own)")
    var width: String?

    @Option(parsing: .unconditional, help: "Font of the figures: NAME, NAME,SIZE or ,SIZE in points. (default: Liberation Sans,8)")
    var font: String?

    @Option(parsing: .unconditionalSingleValue, help: "A name in the figures: NAME=TEXT, such as adam-2k:500=\"Adam-2k\"; may be given several times.")
    var label: [String] = []

    /// Refuses before there is work; what the parser is thrown here must be its own kind of error to be one of usage.
    func validate() throws {
        do throws(ParameterError) {
            _ = try style()
        } catch {
            throw ValidationError("--\(error.parameter) \(error.value): \(error.rule)")
        }
    }

    /// - Throws: `ParameterError` for a value of another form.
    func style() throws(ParameterError) -> FigureStyle { try FigureStyle(width: width, font: font, labels: label) }
}
