import ArgumentParser
import Errors
import Experiments
import Optimizers
import Simulation
import Traces

/// Of what gradients the exact r_t of `radam-exact` is.
struct RectificationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The gradients that r_t of radam-exact is exact for: \(GradientSource.forms); of a trace its marginal law. (default: normal)")
    var rectificationLaw: String?

    @Option(parsing: .unconditional, help: "Their autocorrelation r as normal gradients of an AR(1), in (-1, 1). (default: 0)")
    var rectificationAutocorrelation: Double?

    /// The law, and the trace that it was read from; nil where none was asked for.
    /// - Parameter methods: of which one must be `radam-exact`, to have the law.
    /// - Throws: `OptionError` for what has no law and for a law that no method takes; `TraceError` for a file that cannot be read.
    func source(for methods: [MethodSpecification]) throws -> RectificationSource? {
        guard rectificationLaw != nil || rectificationAutocorrelation != nil else { return nil }
        guard methods.contains(.radam(.exactLaw)) else {
            let option = rectificationLaw == nil ? "rectification-autocorrelation" : "rectification-law"
            throw OptionError(
                option: option, value: rectificationLaw ?? rectificationAutocorrelation!.description, rule: "is for radam-exact, which is not asked for")
        }
        do {
            return try RectificationSource(
                specification: rectificationLaw ?? "normal", autocorrelation: rectificationAutocorrelation ?? 0)
        } catch let error as ParameterError {
            let option = error.parameter == .autocorrelation ? "rectification-autocorrelation" : "rectification-law"
            throw OptionError(option: option, value: error.value, rule: error.rule)
        }
    }
}

extension RectificationSource? {
    /// The method with this law for its r_t.
    func applied(to method: MethodSpecification) -> MethodSpecification { map { method.rectified(by: $0.law) } ?? method }

    var inputs: [InputFile] { flatMap(\.input).map { [$0] } ?? [] }
}
