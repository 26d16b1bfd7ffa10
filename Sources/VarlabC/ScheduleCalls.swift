import CVarlab
import Errors
import Optimizers

@c @implementation
public func varlab_schedule(
    _ call: UnsafePointer<varlab_call>?, _ optimizer: UnsafePointer<CChar>?, _ like: UnsafePointer<CChar>?, _ precision: UnsafePointer<CChar>?,
    _ beta2: Double, _ count: Int64, _ t: UnsafePointer<Int64>?, _ multiplier: UnsafeMutablePointer<Double>?,
    _ adaptive: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let schedule = try schedule(optimizer, like, precision, beta2)
        let elements = try Elements(count)
        let (steps, multiplier) = (try elements.steps(t), try elements.output(multiplier, "multiplier"))
        let adaptive = try elements.output(adaptive, "adaptive")
        guard zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) else { throw Misuse("t must ascend") }
        if let last = steps.last, last > OptimizationMethod.longestSchedule {
            throw ParameterError(parameter: .steps, value: last, rule: "must be at most \(OptimizationMethod.longestSchedule)")
        }
        var sequence = schedule.sequence()
        let pieceLength = 4096
        for start in stride(from: 0, to: steps.count, by: pieceLength) {
            try call.checkCancellation()
            let piece = sequence.multipliers(at: steps[start..<min(start + pieceLength, steps.count)])
            for (index, value) in piece.enumerated() {
                (multiplier[start + index], adaptive[start + index]) = (value.value, value.adaptiveValue)
            }
        }
    }
}

@c @implementation
public func varlab_schedule_summary(
    _ call: UnsafePointer<varlab_call>?, _ optimizer: UnsafePointer<CChar>?, _ like: UnsafePointer<CChar>?, _ precision: UnsafePointer<CChar>?,
    _ beta2: Double, _ first_rectified_step: UnsafeMutablePointer<Int64>?, _ equivalent_warmup: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { _ in
        let schedule = try schedule(optimizer, like, precision, beta2)
        guard let first_rectified_step, let equivalent_warmup else { throw Misuse("a result is a null pointer") }
        first_rectified_step.pointee = Int64(schedule.firstRectifiedStep ?? 0)
        equivalent_warmup.pointee = schedule.equivalentWarmupLength ?? .nan
    }
}

private func schedule(
    _ optimizer: UnsafePointer<CChar>?, _ like: UnsafePointer<CChar>?, _ precision: UnsafePointer<CChar>?, _ beta2: Double
) throws -> MultiplierSchedule {
    let name = try text(precision, "precision")
    guard let precision = MultiplierSchedule.Precision(rawValue: name) else {
        let names = MultiplierSchedule.Precision.allCases.map(\.rawValue).joined(separator: ", ")
        throw ParameterError(parameter: .format, value: name, rule: "the precision must be one of \(names)")
    }
    var settings = MethodSettings()
    settings.beta2 = beta2
    return try MultiplierSchedule(
        MethodSpecification(parsing: text(optimizer, "optimizer")), settings: settings, like: implementation(like), precision: precision)
}

/// The implementation that a caller names.
func implementation(_ like: UnsafePointer<CChar>?) throws -> Implementation {
    let name = try text(like, "like")
    guard let implementation = Implementation(rawValue: name) else {
        throw ParameterError(
            parameter: .like, value: name, rule: "must be one of \(Implementation.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return implementation
}
