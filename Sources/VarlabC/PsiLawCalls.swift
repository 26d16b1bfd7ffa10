import CVarlab
import Concurrency
import Distributions
import Errors
import Theory

@c @implementation
public func varlab_psi_law(
    _ call: UnsafePointer<varlab_call>?, _ process: UnsafePointer<varlab_process>?, _ count: Int64, _ beta2: UnsafePointer<Double>?,
    _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ psi: UnsafePointer<Double>?,
    _ density: UnsafeMutablePointer<Double>?, _ distribution: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let laws = try PsiLaws(call, ProcessArgument(process), elements, beta2, mu, epsilon, t)
        let psi = try elements.values(psi, "psi")
        if let density { try laws.evaluate(call, psi, into: density) { $0.density(at: $1) } }
        if let distribution { try laws.evaluate(call, psi, into: distribution) { $0.distribution(at: $1) } }
    }
}

@c @implementation
public func varlab_psi_quantile(
    _ call: UnsafePointer<varlab_call>?, _ process: UnsafePointer<varlab_process>?, _ count: Int64, _ beta2: UnsafePointer<Double>?,
    _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ probability: UnsafePointer<Double>?,
    _ psi: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let laws = try PsiLaws(call, ProcessArgument(process), elements, beta2, mu, epsilon, t)
        let probability = try elements.values(probability, "probability")
        let psi = try elements.output(psi, "psi")
        if let base = psi.baseAddress { try laws.evaluate(call, probability, into: base) { try $0.quantile($1) } }
    }
}

/// The laws of ψ_t that the elements of a call belong to, each made once.
private struct PsiLaws {
    private struct Key: Hashable {
        let beta2, mean, epsilon: Double
        let step: Int
    }

    private let laws: [AdaptiveRateLaw]
    private let elements: [[Int]]

    /// - Throws: `ParameterError` as `AdaptiveRateLaw` and `GradientProcess` do.
    init(
        _ call: Call, _ argument: ProcessArgument, _ elements: Elements, _ beta2: UnsafePointer<Double>?, _ mu: UnsafePointer<Double>?,
        _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?
    ) throws {
        try argument.requireLaw()
        let (beta2, means) = (try elements.input(beta2, "beta2"), try elements.input(mu, "mu"))
        let (epsilons, steps) = (try elements.input(epsilon, "epsilon"), try elements.steps(t))
        let groups = Groups(elements.count) { Key(beta2: beta2[$0], mean: means[$0], epsilon: epsilons[$0], step: steps[$0]) }
        laws = try concurrentMap(groups.keys, threads: call.threads) { key in
            try call.checkCancellation()
            return try AdaptiveRateLaw(beta2: key.beta2, process: argument.process(mean: key.mean), epsilon: key.epsilon, step: key.step)
        }
        self.elements = groups.elements
    }

    /// A number of each element's law at each element's argument.
    func evaluate(
        _ call: Call, _ arguments: [Double], into result: UnsafeMutablePointer<Double>,
        _ value: @Sendable (AdaptiveRateLaw, Double) throws -> Double
    ) throws {
        let pieces = laws.indices.flatMap { law in portions(of: elements[law]).map { (law: law, elements: $0) } }
        let values = try concurrentMap(pieces, threads: call.threads) { [laws] piece in
            try piece.elements.map { element in
                try call.checkCancellation()
                return try value(laws[piece.law], arguments[element])
            }
        }
        for (piece, values) in zip(pieces, values) {
            for (element, value) in zip(piece.elements, values) { result[element] = value }
        }
    }
}

/// Elements some dozens at a time: enough for a thread to fetch them at once.
func portions(of elements: [Int]) -> [[Int]] {
    stride(from: 0, to: elements.count, by: 64).map { Array(elements[$0..<min($0 + 64, elements.count)]) }
}
