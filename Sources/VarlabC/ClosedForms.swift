import CVarlab
import Errors
import Optimizers
import Theory

@c @implementation
public func varlab_abi() -> Int32 { VARLAB_ABI }

@c @implementation
public func varlab_rho(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta2: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?,
    _ rho: UnsafeMutablePointer<Double>?
) -> varlab_status {
    average(call, count, beta2, t, rho) { $0.rho(at: $1) }
}

@c @implementation
public func varlab_satterthwaite(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta2: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?,
    _ nu: UnsafeMutablePointer<Double>?
) -> varlab_status {
    average(call, count, beta2, t, nu) { $0.satterthwaite(at: $1) }
}

/// A number of each average at a step.
private func average(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta2: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?,
    _ result: UnsafeMutablePointer<Double>?, _ value: (ExponentialAverage, Int) -> Double
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let (beta2, steps, result) = (try elements.input(beta2, "beta2"), try elements.steps(t), try elements.output(result, "result"))
        var average = try ExponentialAverage(beta2: 0)
        try elements.forEach(call) { index in
            if average.beta2 != beta2[index] { average = try ExponentialAverage(beta2: beta2[index]) }
            result[index] = value(average, steps[index])
        }
    }
}

@c @implementation
public func varlab_closed_form_variance(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ rho: UnsafePointer<Double>?, _ variance: UnsafeMutablePointer<Double>?
) -> varlab_status {
    degreesOfFreedom(call, count, rho, variance) { try AdaptiveRateVariance.closedForm(rho: $0) }
}

@c @implementation
public func varlab_first_order_variance(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ rho: UnsafePointer<Double>?, _ variance: UnsafeMutablePointer<Double>?
) -> varlab_status {
    degreesOfFreedom(call, count, rho, variance) { $0 <= 4 ? .nan : try AdaptiveRateVariance.firstOrder(rho: $0) }
}

private func degreesOfFreedom(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ rho: UnsafePointer<Double>?, _ variance: UnsafeMutablePointer<Double>?,
    _ value: (Double) throws -> Double
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let (rho, variance) = (try elements.input(rho, "rho"), try elements.output(variance, "variance"))
        try elements.forEach(call) { variance[$0] = try value(rho[$0]) }
    }
}

@c @implementation
public func varlab_rectification(
    _ call: UnsafePointer<varlab_call>?, _ process: UnsafePointer<varlab_process>?, _ formula: Int32, _ threshold: Double,
    _ includes_threshold: Int32, _ count: Int64, _ beta2: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?,
    _ factor: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let argument = try ProcessArgument(process)
        try argument.requireLaw()
        guard formula == VARLAB_EXACT || argument.isStandard else {
            throw ParameterError(parameter: .gradients, value: "given", rule: "have an r_t of their own by the exact formula alone")
        }
        guard threshold >= 0 else { throw ParameterError(parameter: .threshold, value: threshold, rule: "must not be negative") }
        let elements = try Elements(count)
        let (beta2, steps, factor) = (try elements.values(beta2, "beta2"), try elements.steps(t), try elements.output(factor, "factor"))
        let rule = RectificationRule(variance: .firstOrder, threshold: threshold, includesThreshold: includes_threshold != 0)
        switch formula {
        case VARLAB_FIRST_ORDER, VARLAB_CLOSED_FORM:
            try elements.forEach(call) { index in
                let average = try ExponentialAverage(beta2: beta2[index])
                let (rho, limit) = (average.rho(at: steps[index]), average.rhoInfinity)
                factor[index] = if formula == VARLAB_CLOSED_FORM {
                    Rectification.closedForm(rho: rho, rhoInfinity: limit) ?? .nan
                } else {
                    rule.allows(rho: rho) ? Rectification.firstOrder(rho: rho, rhoInfinity: limit) ?? .nan : .nan
                }
            }
        case VARLAB_EXACT:
            let zeros = [Double](repeating: 0, count: elements.count)
            let moments = ExactMomentsRequest(beta2: beta2, means: zeros, epsilons: zeros, steps: steps)
            let variances = try moments.moments(argument, call)
            let groups = Groups(elements.count) { beta2[$0] }
            for (beta2, places) in zip(groups.keys, groups.elements) {
                try call.checkCancellation()
                let limit = try argument.limitingVariance(beta2: beta2)
                for place in places {
                    factor[place] = Rectification.exact(variance: variances[place]?.variance ?? .infinity, limit: limit) ?? .nan
                }
            }
        default: throw Misuse("formula \(formula): there is none")
        }
    }
}

extension ProcessArgument {
    /// Var[ψ_∞] at μ = 0 and ε = 0.
    fileprivate func limitingVariance(beta2: Double) throws -> Double {
        if isStandard { return try ExactLaw(beta2: beta2, means: [0]).limit()[0].variance }
        return try ExactProcessLaw(beta2: beta2, process: process(mean: 0)).limit()?.variance ?? .infinity
    }
}
