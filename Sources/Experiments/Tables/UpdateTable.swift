import Concurrency
import Distributions
import Errors
import Report
import Theory

/// Every combination of the parameters of an update, in the order β1, β2, μ, ε, t, of which the last moves fastest.
public struct UpdateParameters: Sendable {
    let beta1: [Double]
    let beta2: [Double]
    let means: [Double]
    let epsilons: [Double]
    let steps: [Int]

    /// - Throws: `ParameterError` as `UpdateLaw` does.
    public init(beta1: [Double], beta2: [Double], means: [Double], epsilons: [Double], steps: [Int]) throws(ParameterError) {
        (self.beta1, self.beta2, self.means, self.epsilons, self.steps) = (beta1, beta2, means, epsilons, steps)
        // A law is made where its row is; that it can be made is known before, by each value once.
        let (first, step) = ((beta1.first ?? 0, beta2.first ?? 0), 1)
        for beta1 in beta1 { _ = try UpdateLaw(beta1: beta1, beta2: first.1, step: step) }
        for beta2 in beta2 { _ = try UpdateLaw(beta1: first.0, beta2: beta2, step: step) }
        for mean in means { _ = try UpdateLaw(beta1: first.0, beta2: first.1, mean: mean, step: step) }
        for epsilon in epsilons { _ = try UpdateLaw(beta1: first.0, beta2: first.1, epsilon: epsilon, step: step) }
        if let last = steps.first(where: { $0 < 1 }) { _ = try UpdateLaw(beta1: 0, beta2: 0, step: last) }
    }

    var count: Int { product(beta1.count, beta2.count, means.count, epsilons.count, steps.count) }

    /// One combination.
    struct Combination: Sendable {
        let beta1, beta2, mean, epsilon: Double
        let step: Int

        func law() throws(ParameterError) -> UpdateLaw {
            try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step)
        }
    }

    subscript(_ index: Int) -> Combination {
        var rest = index
        func next<Value>(_ values: [Value]) -> Value {
            defer { rest /= values.count }
            return values[rest % values.count]
        }
        let step = next(steps), epsilon = next(epsilons), mean = next(means), beta2 = next(beta2), beta1 = next(beta1)
        return Combination(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step)
    }

    /// The columns of parameters of rows that belong to these combinations.
    static func columns(_ rows: [Combination], withMean: Bool = true) -> [Column] {
        var columns = [
            Column("beta1", latex: #"$\beta_1$"#, rows.map(\.beta1)), Column("beta2", latex: #"$\beta_2$"#, rows.map(\.beta2)),
        ]
        if withMean { columns.append(Column("mu", latex: #"$\mu$"#, rows.map(\.mean))) }
        return columns + [Column("epsilon", latex: #"$\epsilon$"#, rows.map(\.epsilon)), Column("t", latex: "$t$", rows.map(\.step))]
    }
}

/// The moments of the update u_t = m̂_t/(√v̂_t + ε), how often it has the wrong sign, its largest size, and quantiles of |u|.
public struct UpdateTable: PiecewiseTable {
    private let parameters: UpdateParameters
    private let quantiles: [Double]
    private let needsMoments: Bool
    private let neededQuantiles: Set<Double>

    private static let momentColumns = ["mean", "second_moment", "rms", "variance", "signal_to_noise"]

    /// - Parameters:
    ///   - quantiles: probabilities, each with its column `quantile_p`.
    ///   - columns: the columns that will be looked at, nil for all; what only others need is left empty.
    /// - Throws: `ParameterError` unless each probability is in [0, 1] and none is there twice.
    public init(parameters: UpdateParameters, quantiles: [Double] = [0.5, 0.9, 0.99], columns: [String]? = nil) throws(ParameterError) {
        for (index, quantile) in quantiles.enumerated() {
            guard quantile >= 0, quantile <= 1 else { throw ParameterError(parameter: .quantiles, value: quantile, rule: "must be in [0, 1]") }
            guard !quantiles[..<index].contains(quantile) else {
                throw ParameterError(parameter: .quantiles, value: quantile, rule: "is in the list twice")
            }
        }
        guard quantiles.count <= Self.mostQuantiles else {
            throw ParameterError(parameter: .quantiles, value: quantiles.count, rule: "must be a list of at most \(Self.mostQuantiles)")
        }
        self.parameters = parameters
        self.quantiles = quantiles
        needsMoments = columns.map { !Set($0).isDisjoint(with: Self.momentColumns) } ?? true
        neededQuantiles = Set(columns.map { columns in quantiles.filter { columns.contains(Self.name($0)) } } ?? quantiles)
    }

    private static let mostQuantiles = 1000

    private static func name(_ quantile: Double) -> String { "quantile_\(quantile == 0 ? "0" : quantile == 1 ? "1" : "\(quantile)")" }

    public var rowCount: Int { parameters.count }

    /// One row per combination; `mean` is empty where it does not exist, `signal_to_noise` where the variance is 0 or infinite, `wrong_sign` at μ = 0.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        // A row takes some milliseconds: the first ones come at once.
        let piece = needsMoments || !neededQuantiles.isEmpty ? 64 : rowsPerPiece
        var next = 0
        while next < rowCount {
            let end = min(next + piece, rowCount)
            let combinations = (next..<end).map { parameters[$0] }
            let rows = try concurrentMap(combinations, threads: threads) { try Row($0, moments: needsMoments, quantiles: quantiles.filter(neededQuantiles.contains)) }
            try body(table(combinations, rows))
            next = end
        }
    }

    private struct Row: Sendable {
        let moments: UpdateLaw.Moments?
        let wrongSign: Double?
        let largest: Double
        let quantiles: [Double: Double]

        init(_ combination: UpdateParameters.Combination, moments: Bool, quantiles: [Double]) throws(ParameterError) {
            let law = try combination.law()
            self.moments = moments ? law.moments() : nil
            wrongSign = law.wrongSignProbability
            largest = law.largest
            var values: [Double: Double] = [:]
            if !quantiles.isEmpty {
                let distribution = UpdateDistribution(law)
                for probability in quantiles { values[probability] = try distribution.quantileOfSize(probability) }
            }
            self.quantiles = values
        }
    }

    /// Empty where there are no moments.
    static func momentColumns(_ moments: [UpdateLaw.Moments?]) -> [Column] {
        [
            Column("mean", latex: #"$\operatorname{E}[u_t]$"#, moments.map { $0?.mean }),
            Column("second_moment", latex: #"$\operatorname{E}[u_t^2]$"#, moments.map { $0?.secondMoment }),
            Column("rms", latex: "RMS", moments.map { $0?.rootMeanSquare }),
            Column("variance", latex: #"$\operatorname{Var}[u_t]$"#, moments.map { $0?.variance }),
            Column("signal_to_noise", latex: "SNR", moments.map { $0?.signalToNoise }),
        ]
    }

    private func table(_ combinations: [UpdateParameters.Combination], _ rows: [Row]) -> Table {
        Table(
            UpdateParameters.columns(combinations) + Self.momentColumns(rows.map(\.moments)) + [
                Column("wrong_sign", latex: #"$P(u_t\mu<0)$"#, rows.map(\.wrongSign)),
                Column("largest", latex: #"$\sup|u_t|$"#, rows.map(\.largest)),
            ] + quantiles.map { probability in
                Column(Self.name(probability), latex: "$|u_t|_{\(probability)}$", rows.map { $0.quantiles[probability] })
            })
    }
}
