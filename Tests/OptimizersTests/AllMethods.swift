import Optimizers
import Theory

/// Every named method in every implementation, with schedules short enough to reach their end in a test.
func allMethods(_ settings: MethodSettings = MethodSettings()) throws -> [(name: String, method: OptimizationMethod)] {
    try MethodSpecification.all.flatMap { specification in
        try Implementation.allCases.map { implementation in
            ("\(implementation).\(specification)", try shortened(specification).method(settings, like: implementation))
        }
    }
}

private func shortened(_ specification: MethodSpecification) -> MethodSpecification {
    switch specification {
    case .adamFreeze: .adamFreeze(steps: 20)
    case .adamWarmup(.linear): .adamWarmup(.linear(steps: 25))
    case .adamEpsilon(.linear(let first, let last, _)): .adamEpsilon(.linear(first: first, last: last, steps: 30))
    case .adamEpsilon(.geometric(let first, let last, _)): .adamEpsilon(.geometric(first: first, last: last, steps: 30))
    default: specification
    }
}

/// Gradients over several orders of magnitude, the same on every machine.
func sampleGradients(steps: Int, count: Int) -> [[Double]] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
    }
    return (0..<steps).map { _ in (0..<count).map { next() * [1e-4, 1, 30][$0 % 3] } }
}

/// θ after each of the steps.
func trajectory(
    _ optimizer: inout Optimizer<Double>, from initial: [Double], _ gradients: [[Double]]
) -> [[Double]] {
    var parameters = initial
    return gradients.map { gradients in
        optimizer.update(&parameters, gradients: gradients)
        return parameters
    }
}
