import Errors
import Simulation

/// One of so many shares of a piece of work, as K/N: every process makes one, wherever it is.
public struct Shard: Sendable, Equatable {
    public let number: Int
    public let count: Int

    public static let most = 1 << 20

    /// - Throws: `ParameterError` unless 1 ≤ number ≤ count ≤ 2^20.
    public init(_ number: Int, of count: Int) throws(ParameterError) {
        guard count >= 1, count <= Self.most, number >= 1, number <= count else {
            throw ParameterError(parameter: .shard, value: "\(number)/\(count)", rule: "must be K/N with K from 1 to N, and N at most 2^20")
        }
        (self.number, self.count) = (number, count)
    }

    /// Its share of a simulation: leaves next to each other, which merge into few nodes.
    public func share(of simulation: MonteCarlo) -> SimulationShare { simulation.share(number - 1, of: count) }

    /// Its share of runs that have nothing to do with each other: every N-th from the K-th on, so that long ones are spread.
    public func indices(of runs: Int) -> [Int] { Array(stride(from: number - 1, to: runs, by: count)) }
}
