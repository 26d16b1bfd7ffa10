import Errors
import Optimizers
import Simulation
import Theory
import Traces

/// Where the law of an exact r_t comes from: a specification as of the gradients, or a recorded trace.
public struct RectificationSource: Sendable {
    public let law: RectificationLaw
    /// The recorded trace.
    public let input: InputFile?

    /// - Parameters:
    ///   - specification: one of `GradientLaw.forms`; of a trace its marginal law, each coordinate standardised.
    ///   - autocorrelation: r in (-1, 1) of normal AR(1) gradients.
    /// - Throws: `TraceError` for a file that cannot be read; `ParameterError` as `RectificationLaw` and `RecordedGradients` do.
    public init(specification: String, autocorrelation: Double = 0) throws {
        let prefix = "trace:"
        guard specification.hasPrefix(prefix) else {
            law = try RectificationLaw(GradientLaw(specification: specification), autocorrelation: autocorrelation)
            input = nil
            return
        }
        guard autocorrelation == 0 else {
            throw ParameterError(parameter: .autocorrelation, value: autocorrelation, rule: "has an exact law for normal gradients only")
        }
        let (source, file) = try RecordedGradients.source(path: String(specification.dropFirst(prefix.count)), blockLength: 1)
        law = try RectificationLaw(recorded: source.samples ?? [], digest: file.sha256)
        input = file
    }
}
