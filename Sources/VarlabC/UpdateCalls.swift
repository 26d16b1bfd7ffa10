import CVarlab
import Concurrency
import Distributions
import Errors
import Theory

@c @implementation
public func varlab_update_moments(
    _ call: UnsafePointer<varlab_call>?, _ process: UnsafePointer<varlab_process>?, _ count: Int64, _ beta1: UnsafePointer<Double>?,
    _ beta2: UnsafePointer<Double>?, _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?,
    _ mean: UnsafeMutablePointer<Double>?, _ second_moment: UnsafeMutablePointer<Double>?, _ variance: UnsafeMutablePointer<Double>?,
    _ wrong_sign: UnsafeMutablePointer<Double>?, _ largest: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let argument = try ProcessArgument(process)
        try argument.requireLaw()
        let elements = try Elements(count)
        let laws = try UpdateLaws(elements, beta1, beta2, mu, epsilon, t)
        let (mean, variance) = (try elements.output(mean, "mean"), try elements.output(variance, "variance"))
        let secondMoment = try elements.output(second_moment, "second_moment")
        let (wrongSign, largest) = (try elements.output(wrong_sign, "wrong_sign"), try elements.output(largest, "largest"))
        // A table of other gradients takes far longer than a row of it.
        let means = argument.source == nil ? [] : Groups(laws.keys.count) { laws.keys[$0].mean }.keys
        let tables = try concurrentMap(means, threads: call.threads) { mean in
            try call.checkCancellation()
            return try GradientUpdateLaw(argument.process(mean: mean))
        }
        let byMean = Dictionary(zip(means, tables)) { first, _ in first }
        let rows = try concurrentMap(laws.keys, threads: call.threads) { key in
            try call.checkCancellation()
            return try UpdateRow(key, autocorrelation: argument.autocorrelation, gradients: byMean[key.mean])
        }
        for (row, elements) in zip(rows, laws.elements) {
            for element in elements {
                mean[element] = row.moments.mean ?? .nan
                secondMoment[element] = row.moments.secondMoment
                variance[element] = row.moments.variance
                wrongSign[element] = row.wrongSign ?? .nan
                largest[element] = row.largest
            }
        }
    }
}

@c @implementation
public func varlab_update_law(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta1: UnsafePointer<Double>?, _ beta2: UnsafePointer<Double>?,
    _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ u: UnsafePointer<Double>?,
    _ lower: UnsafeMutablePointer<Double>?, _ upper: UnsafeMutablePointer<Double>?, _ density: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let laws = try UpdateLaws(elements, beta1, beta2, mu, epsilon, t)
        let u = try elements.values(u, "u")
        try laws.evaluate(call, { $0.values(at: u[$1]) }) { element, values in
            lower?[element] = values.lower
            upper?[element] = values.upper
            density?[element] = values.density ?? .nan
        }
    }
}

@c @implementation
public func varlab_update_quantile(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta1: UnsafePointer<Double>?, _ beta2: UnsafePointer<Double>?,
    _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ probability: UnsafePointer<Double>?,
    _ size: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let laws = try UpdateLaws(elements, beta1, beta2, mu, epsilon, t)
        let probability = try elements.values(probability, "probability")
        let size = try elements.output(size, "size")
        try laws.evaluate(call, { try $0.quantileOfSize(probability[$1]) }) { size[$0] = $1 }
    }
}

@c @implementation
public func varlab_implied_snr(
    _ call: UnsafePointer<varlab_call>?, _ count: Int64, _ beta1: UnsafePointer<Double>?, _ beta2: UnsafePointer<Double>?,
    _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ rms: UnsafePointer<Double>?, _ snr: UnsafeMutablePointer<Double>?,
    _ at_zero: UnsafeMutablePointer<Double>?, _ at_largest: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let zeros = [Double](repeating: 0, count: elements.count)
        let laws = try zeros.withUnsafeBufferPointer { try UpdateLaws(elements, beta1, beta2, $0.baseAddress, epsilon, t) }
        let rms = try elements.values(rms, "rms")
        if let value = rms.first(where: { !($0 > 0 && $0 < .infinity) }) {
            throw ParameterError(parameter: .impliedByRms, value: value, rule: "must be positive and finite")
        }
        let (snr, atZero) = (try elements.output(snr, "snr"), try elements.output(at_zero, "at_zero"))
        let atLargest = try elements.output(at_largest, "at_largest")
        let inverses = try concurrentMap(laws.keys, threads: call.threads) { key in
            try call.checkCancellation()
            return try ImpliedUpdateMean(beta1: key.beta1, beta2: key.beta2, epsilon: key.epsilon, step: key.step)
        }
        for (inverse, elements) in zip(inverses, laws.elements) {
            for element in elements {
                try call.checkCancellation()
                do { snr[element] = try inverse.mean(rootMeanSquare: rms[element]) } catch is ParameterError { snr[element] = .nan }
                (atZero[element], atLargest[element]) = inverse.limits
            }
        }
    }
}

/// What the moments of one update are made into.
private struct UpdateRow: Sendable {
    let moments: UpdateLaw.Moments
    let wrongSign: Double?
    let largest: Double

    /// - Parameter gradients: the table of gradients of another law than the normal one.
    init(_ key: UpdateLaws.Key, autocorrelation: Double, gradients: GradientUpdateLaw?) throws {
        if let gradients {
            moments = try gradients.moments(beta1: key.beta1, beta2: key.beta2, epsilon: key.epsilon, step: key.step)
            (wrongSign, largest) = (nil, try key.law().largest)
        } else if autocorrelation != 0 {
            let law = try CorrelatedUpdateLaw(
                beta1: key.beta1, beta2: key.beta2, autocorrelation: autocorrelation, mean: key.mean, epsilon: key.epsilon, step: key.step)
            (moments, wrongSign, largest) = (law.moments(), law.wrongSignProbability, law.largest)
        } else {
            let law = try key.law()
            (moments, wrongSign, largest) = (law.moments(), law.wrongSignProbability, law.largest)
        }
    }
}
