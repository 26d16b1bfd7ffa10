import Distributions
import Files
import Foundation
import GradientStatistics
import Report
import Traces

/// All that was computed of an optimizer's state, as tables and figures.
public struct CheckpointOutcome: Outcome {
    let tensors: [CheckpointTensor]
    let all: CheckpointTensor
    /// What cannot be right in the state, or was decided about it, a line each.
    public let notes: [String]
    /// The files that were read, with their digests.
    public let inputs: [InputFile]

    /// A row for each tensor, then one for all.
    var rows: [CheckpointTensor] { tensors + [all] }

    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        try folder.write(summaryTable(), as: "checkpoint_summary.csv")
        try folder.write(histogramTable(), as: "checkpoint_histogram.csv")
        try folder.write(quantileTable(), as: "checkpoint_quantiles.csv")
        try folder.write(record(provenance).bytes(), as: "run.json")
        let figures = try figures()
        for figure in figures { try figure.write(to: folder) }
        return figures
    }

    func record(_ provenance: Provenance) -> RunRecord<Parameters> {
        // Each once, in the tensors' order.
        var settings: [Parameters.Setting] = []
        for case let scales? in tensors.map(\.scales) {
            let setting = Parameters.Setting(beta1: scales.beta1, beta2: scales.beta2, epsilon: scales.epsilon, step: scales.step)
            if settings.last != setting, !settings.contains(setting) { settings.append(setting) }
        }
        return RunRecord(
            provenance, parameters: Parameters(settings: settings, tensors: tensors.count), inputs: inputs, libraries: ["gsl": GSL.version])
    }

    struct Parameters: Encodable, Sendable {
        struct Setting: Encodable, Sendable, Hashable {
            let beta1, beta2, epsilon: Double
            let step: Int
        }

        /// Those in use: of the options, or of the files.
        let settings: [Setting]
        let tensors: Int
    }

    public var summaryLines: [String] {
        let sums = all.updates.sums
        var head = "\(tensors.count) tensor\(tensors.count == 1 ? "" : "s"), \(sums.count) coordinates"
        if let step = all.scales?.step { head += ", step \(step)" }
        if let dead = all.updates.sums.dead as Int?, dead > 0 { head += ", \(dead) of them without a gradient so far" }
        guard let rms = all.rootMeanSquare, let noise = all.noiseRootMeanSquare else { return [head] }
        var line = "RMS of the update \(Self.rounded(rms)); of pure noise \(Self.rounded(noise.mean)) ± \(Self.rounded(noise.deviation))"
        if let implied = all.implied {
            if let mean = implied.mean {
                line += "; the |μ|/σ that implies it: \(Self.rounded(mean))"
                if let low = implied.low, let high = implied.high { line += " (\(Self.rounded(low)) to \(Self.rounded(high)))" }
            } else {
                line += "; no |μ|/σ implies it"
            }
        }
        return [head, line]
    }

    /// For a sentence.
    static func rounded(_ value: Double, digits: Int = 4) -> String { String(format: "%.\(digits)g", value) }

    // MARK: Tables

    /// `checkpoint_summary.csv`: a row for each tensor, and one for all.
    ///
    /// Means are over the live coordinates, those with v̂ > 0. A cell is empty where there are none, `mu` where no mean gives such a root mean square.
    public func summaryTable() -> Table {
        let rows = rows
        func column(_ name: String, _ value: (CheckpointTensor) -> Double?) -> Column { Column(name, rows.map(value)) }
        return Table([
            Column("tensor", rows.map(\.name)),
            Column("coordinates", rows.map(\.updates.sums.count)),
            Column("t", rows.map { $0.law?.key.step }),
            column("rms", \.rootMeanSquare),
            column("rms_noise", { $0.noiseRootMeanSquare?.mean }),
            column("rms_noise_sd", { $0.noiseRootMeanSquare?.deviation }),
            column("z", \.deviations),
            column("mu", { $0.implied?.mean }),
            column("mu_low", { $0.implied?.low }),
            column("mu_high", { $0.implied?.high }),
            column("rms_without_epsilon", \.rootMeanSquareWithoutEpsilon),
            column("epsilon_factor", { $0.updates.sums.meanWeight2?.squareRoot() }),
            column("epsilon_matters", { $0.share($0.updates.sums.small) }),
            column("dead", { $0.updates.sums.count > 0 ? Double($0.updates.sums.dead) / Double($0.updates.sums.count) : nil }),
            Column("beyond", rows.map(\.updates.sums.beyond)),
            Column("invalid", rows.map { $0.updates.sums.nonfinite + $0.updates.sums.negative }),
            column("largest", { $0.updates.sums.live > 0 ? $0.updates.sums.largest : nil }),
            column("largest_possible", { $0.law?.largest }),
            column("gradient_rms", { $0.updates.sums.meanSecondMoment?.squareRoot() }),
        ])
    }

    /// `checkpoint_histogram.csv`: how often u is in a bin, its density there, and that of noise; the same of m̂/√v̂.
    ///
    /// Eight bins to the octave of |u|, for either sign, from the smallest u to the largest. What is beyond 2^12 has a bin with an infinite end and no density.
    public func histogramTable() -> Table { rows.map(histogramTable).joined() }

    private func histogramTable(_ row: CheckpointTensor) -> Table {
        let bins = row.updates.bins, edges = UpdateBins.edges
        let sizes = bins.needed(below: row.law?.largest ?? tensors.compactMap(\.law?.largest).max() ?? 1)
        let order = (0..<sizes).reversed().map { (size: $0, isNegative: true) } + (0..<sizes).map { (size: $0, isNegative: false) }
        let live = Double(row.updates.sums.live)
        func density(_ count: Double, _ size: Int) -> Double? {
            let width = edges[size + 1] - edges[size]
            return width < .infinity && live > 0 ? count / width : nil
        }
        let counts = order.map { $0.isNegative ? bins.negative[$0.size] : bins.positive[$0.size] }
        let plain = order.map { $0.isNegative ? bins.negativeWithoutEpsilon[$0.size] : bins.positiveWithoutEpsilon[$0.size] }
        let tails = row.tails + [0]
        return Table([
            Column("tensor", repeating: row.name, count: order.count),
            Column("u_low", order.map { $0.isNegative ? -edges[$0.size + 1] : edges[$0.size] }),
            Column("u_high", order.map { $0.isNegative ? -edges[$0.size] : edges[$0.size + 1] }),
            Column("count", counts),
            Column("density", zip(order, counts).map { density(Double($1) / live, $0.size) }),
            Column("density_exact", order.map { density((tails[$0.size] - tails[$0.size + 1]) / 2, $0.size) }),
            Column("count_without_epsilon", plain),
            Column("density_without_epsilon", zip(order, plain).map { density(Double($1) / live, $0.size) }),
        ])
    }

    /// `checkpoint_quantiles.csv`: of |u|, of |m̂|/√v̂, and of noise.
    public func quantileTable() -> Table {
        let rows = rows, probabilities = TensorUpdates.probabilities
        func column(_ name: String, _ values: (CheckpointTensor) -> [Double?]) -> Column { Column(name, rows.flatMap(values)) }
        return Table([
            Column("tensor", rows.flatMap { Array(repeating: $0.name, count: probabilities.count) }),
            Column("probability", rows.flatMap { _ in probabilities }),
            column("size", \.updates.quantiles),
            column("size_without_epsilon", \.updates.quantilesWithoutEpsilon),
            column("size_exact") { row in probabilities.indices.map { row.law?.quantiles[$0] } },
        ])
    }
}
