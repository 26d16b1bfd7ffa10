import Errors
import Theory

/// A method and the step from which it runs, up to the next stretch: appendix C of the paper takes steps 1-4, 5-8 and the rest
/// by different methods.
///
/// Momentum and second moment are shared: each is updated at every step, also under a method that does not use it, with the
/// decay rate of the next method that does (of the last one before if none follows). So a method that takes over finds
/// the averages that it would have had.
public struct Stretch: Hashable, Codable, Sendable {
    /// The first step, counted from 1.
    public var firstStep: Int
    public var method: OptimizationMethod

    public init(firstStep: Int, method: OptimizationMethod) {
        self.firstStep = firstStep
        self.method = method
    }

    /// - Throws: `ParameterError` unless the first stretch begins at step 1 and each other one after its predecessor, every
    ///   method is valid, none of several gathers momentum after the adaptive rate, and either all or none are centred.
    public static func validate(_ stretches: [Stretch]) throws(ParameterError) {
        guard stretches.first?.firstStep == 1 else {
            throw ParameterError(
                parameter: .stretch, value: stretches.first?.firstStep ?? 0, rule: "must begin at step 1")
        }
        for (stretch, next) in zip(stretches, stretches.dropFirst()) where next.firstStep <= stretch.firstStep {
            throw ParameterError(
                parameter: .stretch, value: next.firstStep, rule: "must begin after the one before it")
        }
        for stretch in stretches {
            try stretch.method.validate()
            if stretches.count > 1, case .afterAdaptiveRate = stretch.method.momentum {
                throw ParameterError(
                    parameter: .stretch, value: stretch.firstStep,
                    rule: "a momentum after the adaptive rate cannot be shared with other methods")
            }
            guard (stretch.method.adaptiveRate?.isCentred ?? false) == (stretches[0].method.adaptiveRate?.isCentred ?? false)
            else {
                throw ParameterError(
                    parameter: .stretch, value: stretch.firstStep,
                    rule: "centred methods cannot share their averages with others")
            }
        }
    }
}
