import Errors
import Theory

/// A source of gradients as it is written on the command line, and its law.
extension GradientSource: CustomStringConvertible {
    /// The forms of a specification, for help and errors.
    public static let forms = GradientLaw.forms

    /// Parses all ``forms`` but `trace:FILE`, whose values come through ``samples(_:seriesLength:blockLength:name:)``.
    /// - Throws: `ParameterError` that quotes the specification and says which rule it breaks.
    public init(specification: String) throws(ParameterError) {
        try self.init(GradientLaw(specification: specification))
    }

    /// The specification that gives this source again; for recorded values the name that they were given.
    public var specification: String { law == .recorded ? name : law.specification }

    public var description: String { specification }

    /// What the exact law of ψ_t takes for this source: for recorded values their own marginal law, whatever the length of the blocks.
    /// - Throws: `ParameterError` for what `GradientProcess` refuses.
    public func process(
        mean: Double = 0, autocorrelation: Double = 0, scales: [Double]? = nil, means: [Double]? = nil
    ) throws(ParameterError) -> GradientProcess {
        try GradientProcess(
            law, recorded: samples, mean: mean, autocorrelation: autocorrelation, scales: scales, means: means)
    }
}
