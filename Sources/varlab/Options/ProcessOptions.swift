import ArgumentParser
import Errors
import Experiments
import Simulation
import Theory

/// What the gradients are, for a command that has the exact law of more than independent normal ones.
struct ProcessOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "What the gradients follow: \(GradientSource.forms); of a trace its marginal law.")
    var gradients = "normal"

    @Option(parsing: .unconditional, help: "Autocorrelations r of normal gradients of an AR(1), in (-1, 1), a comma list. (default: 0)", transform: Lists.reals)
    var autocorrelation = [0.0]

    @Option(help: "A file with σ_i of each step, from the first on: one column of CSV, or .npy.")
    var scales: String?

    @Option(help: "A file with μ_i of each step of normal gradients, in place of --mu.")
    var means: String?

    @Option(parsing: .unconditional, help: "Weights of the squared gradients in v̂_t: \(SecondMomentWeights.forms), or a file with w_0, w_1, … of g_t², g_{t-1}², …")
    var weights = "adam"

    /// Whether these are independent normal gradients under Adam's weights.
    var isStandard: Bool { gradients == "normal" && autocorrelation == [0] && scales == nil && means == nil && weights == "adam" }

    /// The table of the exact moments.
    func table(beta2: [Double], mu: [Double], epsilon: [Double], steps: [Int]) throws -> ProcessTable {
        try ProcessTable(
            source: Self.source(gradients), beta2: beta2, means: mu, epsilons: epsilon, autocorrelations: autocorrelation,
            scales: scales.map { try NumberSeries.read($0, for: .scales) }, stepMeans: means.map { try NumberSeries.read($0, for: .means) },
            weights: secondMomentWeights(), weightsName: weights, steps: steps)
    }

    /// By its specification; a trace is read.
    static func source(_ gradients: String) throws -> GradientSource {
        guard gradients.hasPrefix("trace:") else { return try GradientSource(specification: gradients) }
        return try RecordedGradients.source(path: String(gradients.dropFirst("trace:".count)), blockLength: 1).source
    }

    /// By a name of weights; what has a folder or an ending is a file. `adafactor:0.8` has no ending.
    private func secondMomentWeights() throws -> SecondMomentWeights {
        guard weights.contains("/") || (weights.contains(".") && !weights.contains(":")) || weights == "-" else {
            return try SecondMomentWeights(specification: weights)
        }
        return .list(try NumberSeries.read(weights, for: .weights))
    }
}
