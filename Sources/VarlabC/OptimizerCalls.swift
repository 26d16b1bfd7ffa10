import CVarlab
import Errors
import Optimizers

@c @implementation
public func varlab_optimizer_create(
    _ call: UnsafePointer<varlab_call>?, _ optimizer: UnsafePointer<CChar>?, _ like: UnsafePointer<CChar>?,
    _ settings: UnsafePointer<varlab_optimizer_settings>?, _ parameters: Int64, _ bytes: Int32, _ handle: UnsafeMutablePointer<Int64>?
) -> varlab_status {
    Call.run(call) { _ in
        guard let settings = settings?.pointee, let handle else { throw Misuse("settings or handle is a null pointer") }
        let count = try Elements(parameters, named: "parameters").count
        let specification = try MethodSpecification(parsing: text(optimizer, "optimizer"))
        let method = try specification.method(MethodSettings(settings), like: implementation(like))
        switch bytes {
        case 4: handle.pointee = OptimizerRegistry.shared.add(try SharedOptimizer<Float>(method, count: count))
        case 8: handle.pointee = OptimizerRegistry.shared.add(try SharedOptimizer<Double>(method, count: count))
        default: throw Misuse("bytes \(bytes): must be 4 or 8")
        }
    }
}

@c @implementation
public func varlab_optimizer_destroy(_ handle: Int64) { OptimizerRegistry.shared.remove(handle) }

@c @implementation
public func varlab_optimizer_set_learning_rate(
    _ call: UnsafePointer<varlab_call>?, _ handle: Int64, _ learning_rate: Double
) -> varlab_status {
    Call.run(call) { _ in try OptimizerRegistry.shared.optimizer(handle).set(learningRate: learning_rate) }
}

@c @implementation
public func varlab_optimizer_step(
    _ call: UnsafePointer<varlab_call>?, _ handle: Int64, _ count: Int64, _ bytes: Int32, _ parameters: UnsafeMutableRawPointer?,
    _ gradients: UnsafeRawPointer?, _ step: UnsafeMutablePointer<varlab_step>?
) -> varlab_status {
    Call.run(call) { call in
        let optimizer = try OptimizerRegistry.shared.optimizer(handle)
        guard count == Int64(optimizer.count), Int(bytes) == optimizer.bytes else {
            throw Misuse("\(count) values of \(bytes) bytes: the optimizer has \(optimizer.count) of \(optimizer.bytes)")
        }
        guard (parameters != nil && gradients != nil) || count == 0 else { throw Misuse("parameters or gradients is a null pointer") }
        let taken = try optimizer.step(parameters: parameters, gradients: gradients, threads: call.threads)
        step?.pointee = varlab_step(taken)
    }
}

@c @implementation
public func varlab_optimizer_sizes(
    _ call: UnsafePointer<varlab_call>?, _ handle: Int64, _ step: UnsafeMutablePointer<Int64>?, _ momentum: UnsafeMutablePointer<Int64>?,
    _ second_moment: UnsafeMutablePointer<Int64>?, _ gradient_average: UnsafeMutablePointer<Int64>?
) -> varlab_status {
    Call.run(call) { _ in
        let sizes = try OptimizerRegistry.shared.optimizer(handle).sizes
        step?.pointee = Int64(sizes.step)
        momentum?.pointee = Int64(sizes.momentum)
        second_moment?.pointee = Int64(sizes.secondMoment)
        gradient_average?.pointee = Int64(sizes.gradientAverage)
    }
}

@c @implementation
public func varlab_optimizer_export(
    _ call: UnsafePointer<varlab_call>?, _ handle: Int64, _ momentum: UnsafeMutableRawPointer?, _ second_moment: UnsafeMutableRawPointer?,
    _ gradient_average: UnsafeMutableRawPointer?
) -> varlab_status {
    Call.run(call) { _ in try OptimizerRegistry.shared.optimizer(handle).export([momentum, second_moment, gradient_average]) }
}

@c @implementation
public func varlab_optimizer_import(
    _ call: UnsafePointer<varlab_call>?, _ handle: Int64, _ step: Int64, _ momentum: UnsafeRawPointer?, _ second_moment: UnsafeRawPointer?,
    _ gradient_average: UnsafeRawPointer?
) -> varlab_status {
    Call.run(call) { _ in
        try OptimizerRegistry.shared.optimizer(handle).restore(step: Int(step), [momentum, second_moment, gradient_average])
    }
}

@c @implementation
public func varlab_vocabulary(_ call: UnsafePointer<varlab_call>?) -> varlab_status {
    Call.report(
        [
            MethodSpecification.all.map(\.description).joined(separator: " "), MethodSpecification.forms,
            Implementation.allCases.map(\.rawValue).joined(separator: " "),
        ].joined(separator: "\n"), VARLAB_OK, to: call)
}

extension MethodSettings {
    /// Numbers that are NaN are left to the implementation.
    init(_ settings: varlab_optimizer_settings) {
        self.init()
        (learningRate, beta1, beta2) = (settings.learning_rate, settings.beta1, settings.beta2)
        epsilon = settings.epsilon
        weightDecay = settings.weight_decay.isNaN ? nil : settings.weight_decay
        rmspropDecay = settings.rmsprop_decay.isNaN ? nil : settings.rmsprop_decay
        isDecoupled = settings.decoupled < 0 ? nil : settings.decoupled != 0
        restartsMomentumCorrection = settings.restarts_momentum_correction != 0
    }
}

extension varlab_step {
    init(_ step: OptimizerStep) {
        self.init()
        index = Int64(step.index)
        rule = switch step.rule {
        case .freeze: 0
        case .skip: 1
        case .momentum: 2
        case .adaptive: 3
        }
        (step_size, rectification, epsilon) = (step.stepSize, step.rectification ?? .nan, step.epsilon ?? .nan)
    }
}
