import CVarlab
import Errors
import Simulation
import Theory

/// The gradients and weights that a call is about.
struct ProcessArgument: Sendable {
    /// What the gradients about their mean are drawn from; nil where nothing was said.
    let source: GradientSource?
    let autocorrelation: Double
    let scales, means: [Double]?
    let weights: SecondMomentWeights

    /// - Throws: `Misuse` for counts without values, `ParameterError` for what `GradientSource` and `SecondMomentWeights` refuse.
    init(_ pointer: UnsafePointer<varlab_process>?) throws {
        guard let process = pointer?.pointee else {
            (source, autocorrelation, scales, means, weights) = (nil, 0, nil, nil, .biasCorrected)
            return
        }
        func list(_ values: UnsafePointer<Double>?, _ count: Int64, _ name: StaticString) throws(Misuse) -> [Double]? {
            guard let values else {
                guard count == 0 else { throw Misuse("\(name): \(count) values at a null pointer") }
                return nil
            }
            return try Elements(count, named: name).values(values, name)
        }
        if let samples = try list(process.samples, process.sample_count, "samples") {
            let length = try Elements(process.series_length, named: "series_length").count
            source = try .samples(samples, seriesLength: length)
        } else {
            source = try process.gradients.map { try GradientSource(specification: text($0, "gradients")) }
        }
        autocorrelation = process.autocorrelation
        scales = try list(process.scales, process.scale_count, "scales")
        means = try list(process.means, process.mean_count, "means")
        if let list = try list(process.weight_list, process.weight_count, "weight_list") {
            weights = .list(list)
        } else {
            weights = try process.weights.map { try SecondMomentWeights(specification: text($0, "weights")) } ?? .biasCorrected
        }
    }

    /// Whether these are independent normal gradients under Adam's weights.
    var isStandard: Bool { (source ?? .normal) == .normal && autocorrelation == 0 && isStationary && weights == .biasCorrected }

    private var isStationary: Bool { scales == nil && means == nil }

    /// - Throws: `ParameterError` as `GradientProcess` does.
    func process(mean: Double) throws(ParameterError) -> GradientProcess {
        if means != nil, mean != 0 {
            throw ParameterError(parameter: .means, value: "list", rule: "stands in place of one mean for all steps")
        }
        return try (source ?? .normal).process(mean: mean, autocorrelation: autocorrelation, scales: scales, means: means)
    }

    /// - Throws: `ParameterError` for what only the moments of ψ_t have.
    func requireLaw() throws(ParameterError) {
        if scales != nil { throw ParameterError(parameter: .scales, value: "list", rule: "is for the moments of psi alone") }
        if means != nil { throw ParameterError(parameter: .means, value: "list", rule: "is for the moments of psi alone") }
        if weights != .biasCorrected { throw ParameterError(parameter: .weights, value: "given", rule: "are for the moments of psi alone") }
    }
}
