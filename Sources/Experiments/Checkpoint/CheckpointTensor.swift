import GradientStatistics
import Theory

/// The updates of a tensor, or of all together, beside those of noise.
struct CheckpointTensor: Sendable {
    let name: String
    /// nil of tensors that do not share theirs.
    let scales: MomentScales?
    let updates: TensorUpdates
    /// nil of tensors that do not share theirs.
    let law: CheckpointLaw?
    /// Of the mean of u² where all gradients are noise; nil without live coordinates.
    let noise: (meanSquare: Double, variance: Double)?
    let implied: ImpliedMean?
    /// P(|u| ≥ x) of noise at the edges of `UpdateBins`.
    let tails: [Double]

    init(name: String, scales: MomentScales, updates: TensorUpdates, law: CheckpointLaw) throws {
        self.name = name
        self.scales = scales
        self.updates = updates
        self.law = law
        noise = law.noise(of: updates.sums)
        implied = try ImpliedMean(updates.sums, law)
        tails = law.tails
    }

    /// All tensors as one. Where their laws are not the same, that of noise is the mixture of them, and there is no implied mean.
    init(all tensors: [CheckpointTensor], updates: TensorUpdates) throws {
        name = Self.all
        self.updates = updates
        let first = tensors[0]
        scales = tensors.allSatisfy { $0.scales == first.scales } ? first.scales : nil
        law = tensors.allSatisfy { $0.law?.key == first.law?.key } ? first.law : nil
        let live = Double(updates.sums.live)
        var (meanSquare, variance) = (0.0, 0.0)
        var tails = [Double](repeating: 0, count: first.tails.count)
        for tensor in tensors {
            guard let noise = tensor.noise else { continue }
            let share = Double(tensor.updates.sums.live) / live
            meanSquare += share * noise.meanSquare
            variance += share * share * noise.variance
            for index in tails.indices { tails[index] += share * tensor.tails[index] }
        }
        noise = live > 0 ? (meanSquare, variance) : nil
        implied = try law.map { try ImpliedMean(updates.sums, $0) }
        self.tails = law?.tails ?? tails
    }

    /// The row of all tensors together.
    static let all = "all"

    /// For a sentence.
    var shortName: String { String(name.prefix(60)) }

    var rootMeanSquare: Double? { updates.sums.meanSquare?.squareRoot() }
    /// √(Σu²/Σw²): without what ε takes away, the root mean square that `update --implied-by-rms` takes.
    var rootMeanSquareWithoutEpsilon: Double? {
        guard let square = updates.sums.meanSquare, let weight = updates.sums.meanWeight2, weight > 0 else { return nil }
        return (square / weight).squareRoot()
    }

    /// Of the root mean square of noise, to the order 1/n, and its standard deviation.
    var noiseRootMeanSquare: (mean: Double, deviation: Double)? {
        guard let noise, noise.meanSquare > 0 else { return nil }
        let relative = noise.variance / (noise.meanSquare * noise.meanSquare)
        return (noise.meanSquare.squareRoot() * (1 - relative / 8), (noise.meanSquare * relative / 4).squareRoot())
    }

    /// How many of its standard deviations the mean of u² is above that of noise; nil where that has none, as at t = 1.
    var deviations: Double? {
        guard let noise, let square = updates.sums.meanSquare, noise.variance > 0 else { return nil }
        return (square - noise.meanSquare) / noise.variance.squareRoot()
    }

    /// A share of the live coordinates.
    func share(_ count: Int) -> Double? { updates.sums.live > 0 ? Double(count) / Double(updates.sums.live) : nil }

    /// How far the largest |m̂|/√v̂ is above what it can be.
    var excess: Double { updates.sums.largest / (scales?.largest ?? .infinity) }
}
