import ArgumentParser
import Errors
import Foundation
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
