import Concurrency
import Distributions
import Errors
import Report
import Theory

/// Which |μ|/σ a root mean square of the update implies, and what else it means for the update.
public struct ImpliedUpdateTable: PiecewiseTable {
    private let parameters: UpdateParameters
    private let rootMeanSquares: [Double]

    /// - Parameters:
    ///   - parameters: their means are not used.
    ///   - rootMeanSquares: those that were observed.
    /// - Throws: `ParameterError` for a root mean square that is not a positive number; for a single one and a single law also where no mean gives it.
    public init(parameters: UpdateParameters, rootMeanSquares: [Double]) throws {
        for value in rootMeanSquares where !(value > 0 && value < .infinity) {
            throw ParameterError(parameter: .impliedByRms, value: value, rule: "must be positive and finite")
        }
        self.parameters = parameters
        self.rootMeanSquares = rootMeanSquares
        if parameters.count == 1, rootMeanSquares.count == 1 { _ = try Self.inverse(parameters[0]).mean(rootMeanSquare: rootMeanSquares[0]) }
    }

    public var rowCount: Int { product(parameters.count, rootMeanSquares.count) }

    /// One row per law and root mean square; without a mean that gives it, what follows from one is empty.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for indices in (0..<parameters.count).chunks(of: max(1, 32 / max(1, rootMeanSquares.count))) {
            let rows = try concurrentMap(Array(indices), threads: threads) { try solved(parameters[$0]) }.flatMap { $0 }
            try body(Table(UpdateParameters.columns(rows.map(\.combination), withMean: false) + [
                Column("rms", latex: "RMS", rows.map(\.rootMeanSquare)),
                Column("mu", latex: #"$|\mu|/\sigma$"#, rows.map { $0.law?.mean }),
                Column("mean", latex: #"$\operatorname{E}[u_t]$"#, rows.map { $0.moments?.mean }),
                Column("signal_to_noise", latex: "SNR", rows.map { $0.moments?.signalToNoise }),
                Column("wrong_sign", latex: #"$P(u_t\mu<0)$"#, rows.map { $0.law?.wrongSignProbability }),
                Column("rms_at_mu_0", latex: #"RMS at $\mu=0$"#, rows.map(\.limits.atZero)),
                Column("rms_at_mu_1e6", latex: #"RMS at $\mu=10^6$"#, rows.map(\.limits.atLargest)),
            ]))
        }
    }

    private struct Row: Sendable {
        let combination: UpdateParameters.Combination
        let rootMeanSquare: Double
        let law: UpdateLaw?
        let moments: UpdateLaw.Moments?
        let limits: (atZero: Double, atLargest: Double)
    }

    private static func inverse(_ combination: UpdateParameters.Combination) throws(ParameterError) -> ImpliedUpdateMean {
        try ImpliedUpdateMean(beta1: combination.beta1, beta2: combination.beta2, epsilon: combination.epsilon, step: combination.step)
    }

    private func solved(_ combination: UpdateParameters.Combination) throws -> [Row] {
        let inverse = try Self.inverse(combination)
        return try rootMeanSquares.map { value in
            var law: UpdateLaw?
            do {
                let mean = try inverse.mean(rootMeanSquare: value)
                law = try UpdateLaw(
                    beta1: combination.beta1, beta2: combination.beta2, mean: mean, epsilon: combination.epsilon, step: combination.step)
            } catch is ParameterError {}
            return Row(combination: combination, rootMeanSquare: value, law: law, moments: law?.moments(), limits: inverse.limits)
        }
    }
}

/// StableAdamW's RMS_t over the coordinates of a tensor, and how often it is clipped.
public struct UpdateClippingTable: PiecewiseTable {
    private let parameters: UpdateParameters
    private let coordinates: [Int]

    /// - Parameter parameters: their β1 and ε are not used: a list of one of each.
    /// - Throws: `ParameterError` unless every number of coordinates is at least 1.
    public init(parameters: UpdateParameters, coordinates: [Int]) throws(ParameterError) {
        for count in coordinates { _ = try UpdateClipping(beta2: 0, step: 1, coordinates: count) }
        self.parameters = parameters
        self.coordinates = coordinates
    }

    public var rowCount: Int { product(parameters.count, coordinates.count) }

    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for indices in (0..<parameters.count).chunks(of: max(1, 256 / max(1, coordinates.count))) {
            let laws = try concurrentMap(Array(indices), threads: threads) { index in
                let law = parameters[index]
                let one = try UpdateClipping(beta2: law.beta2, mean: law.mean, step: law.step, coordinates: 1)
                return try coordinates.map { (law, try one.over(coordinates: $0)) }
            }.flatMap { $0 }
            let (gradients, rows) = (laws.map(\.0), laws.map(\.1))
            try body(Table([
                Column("beta2", latex: #"$\beta_2$"#, gradients.map(\.beta2)), Column("mu", latex: #"$\mu$"#, gradients.map(\.mean)),
                Column("t", latex: "$t$", gradients.map(\.step)), Column("coordinates", latex: "$n$", rows.map(\.coordinates)),
                Column("mean_square", latex: #"$\operatorname{E}[\mathrm{RMS}_t^2]$"#, rows.map(\.meanSquare)),
                Column("rms_mean", latex: #"$\operatorname{E}[\mathrm{RMS}_t]$"#, rows.map(\.mean)),
                Column("rms_deviation", latex: #"$\operatorname{sd}[\mathrm{RMS}_t]$"#, rows.map(\.standardDeviation)),
                Column("clipped", latex: #"$P(\mathrm{RMS}_t>1)$"#, rows.map { $0.probability() }),
            ]))
        }
    }
}
