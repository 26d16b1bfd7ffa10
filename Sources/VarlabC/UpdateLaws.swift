import Concurrency
import Distributions
import Errors
import Theory

/// The laws of the update that the elements of a call belong to, each once.
struct UpdateLaws {
    /// The parameters of a law.
    struct Key: Hashable, Sendable {
        let beta1, beta2, mean, epsilon: Double
        let step: Int

        /// - Throws: `ParameterError` as `UpdateLaw` does.
        func law() throws(ParameterError) -> UpdateLaw {
            try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step)
        }
    }

    let keys: [Key]
    let elements: [[Int]]

    /// - Throws: `Misuse` for null pointers, `ParameterError` for steps below 1.
    init(
        _ elements: Elements, _ beta1: UnsafePointer<Double>?, _ beta2: UnsafePointer<Double>?, _ mu: UnsafePointer<Double>?,
        _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?
    ) throws {
        let (beta1, beta2) = (try elements.input(beta1, "beta1"), try elements.input(beta2, "beta2"))
        let (means, epsilons) = (try elements.input(mu, "mu"), try elements.input(epsilon, "epsilon"))
        let steps = try elements.steps(t)
        let groups = Groups(elements.count) {
            Key(beta1: beta1[$0], beta2: beta2[$0], mean: means[$0], epsilon: epsilons[$0], step: steps[$0])
        }
        (keys, self.elements) = (groups.keys, groups.elements)
    }

    /// Something of each element's distribution, handed on in the elements' order within each law.
    func evaluate<Value: Sendable>(
        _ call: Call, _ value: @Sendable (UpdateDistribution, _ element: Int) throws -> Value, _ take: (_ element: Int, Value) -> Void
    ) throws {
        let distributions = try concurrentMap(keys, threads: call.threads) { key in
            try call.checkCancellation()
            return UpdateDistribution(try key.law())
        }
        let pieces = keys.indices.flatMap { law in portions(of: elements[law]).map { (law: law, elements: $0) } }
        let values = try concurrentMap(pieces, threads: call.threads) { piece in
            try piece.elements.map { element in
                try call.checkCancellation()
                return try value(distributions[piece.law], element)
            }
        }
        for (piece, values) in zip(pieces, values) {
            for (element, value) in zip(piece.elements, values) { take(element, value) }
        }
    }
}
