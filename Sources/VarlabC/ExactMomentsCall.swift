import CVarlab
import Concurrency
import Errors
import Theory

@c @implementation
public func varlab_exact_moments(
    _ call: UnsafePointer<varlab_call>?, _ process: UnsafePointer<varlab_process>?, _ count: Int64, _ beta2: UnsafePointer<Double>?,
    _ mu: UnsafePointer<Double>?, _ epsilon: UnsafePointer<Double>?, _ t: UnsafePointer<Int64>?, _ mean: UnsafeMutablePointer<Double>?,
    _ mean_square: UnsafeMutablePointer<Double>?, _ variance: UnsafeMutablePointer<Double>?
) -> varlab_status {
    Call.run(call) { call in
        let elements = try Elements(count)
        let request = ExactMomentsRequest(
            beta2: try elements.values(beta2, "beta2"), means: try elements.values(mu, "mu"),
            epsilons: try elements.values(epsilon, "epsilon"), steps: try elements.steps(t))
        let mean = try elements.output(mean, "mean")
        let meanSquare = try elements.output(mean_square, "mean_square")
        let variance = try elements.output(variance, "variance")
        for (index, moments) in try request.moments(ProcessArgument(process), call).enumerated() {
            mean[index] = moments?.mean ?? .nan
            meanSquare[index] = moments?.meanSquare ?? .nan
            variance[index] = moments?.variance ?? .nan
        }
    }
}

/// Moments of ψ_t at any combinations of parameters, one walk over the steps for those that differ by step and mean alone.
struct ExactMomentsRequest {
    let beta2, means, epsilons: [Double]
    let steps: [Int]

    private struct Law: Hashable {
        let beta2, epsilon: Double
    }

    /// The steps that a walk is asked for at once, between which the caller may end it.
    private static let pieceLength = 4096

    /// nil where ψ_t is undefined.
    /// - Throws: `ParameterError` as `ExactLaw`, `GradientProcess` and `ExactProcessLaw` do; `Cancelled`.
    func moments(_ argument: ProcessArgument, _ call: Call) throws -> [ExactMoments?] {
        var result = [ExactMoments?](repeating: nil, count: steps.count)
        let groups = Groups(steps.count) { Law(beta2: beta2[$0], epsilon: epsilons[$0]) }
        var walks: [Walk] = []
        for (law, elements) in zip(groups.keys, groups.elements) {
            let whole = Walk(law: law, elements: elements, means: unique(elements.map { means[$0] }), steps: ascending(elements))
            // Means share the sums of a walk; where most pairs of a mean and a step are not asked for, each goes by itself.
            if argument.isStandard, whole.means.count * whole.steps.count <= 2 * elements.count {
                walks.append(whole)
            } else {
                let byMean = Groups(elements.count) { means[elements[$0]] }
                for (mean, places) in zip(byMean.keys, byMean.elements) {
                    let own = places.map { elements[$0] }
                    walks.append(Walk(law: law, elements: own, means: [mean], steps: ascending(own)))
                }
            }
        }
        let curves = try concurrentMap(walks, threads: call.threads) { try $0.curves(argument, call) }
        for (walk, curves) in zip(walks, curves) {
            let place = Dictionary(zip(walk.means, curves)) { first, _ in first }
            var curve = curves[0], mean = walk.means[0]
            for element in walk.elements {
                if means[element] != mean { (mean, curve) = (means[element], place[means[element]]!) }
                result[element] = curve[walk.index(of: steps[element])]
            }
        }
        return result
    }

    private func unique(_ values: [Double]) -> [Double] { Groups(values.count) { values[$0] }.keys }

    private func ascending(_ elements: [Int]) -> [Int] {
        let steps = elements.map { self.steps[$0] }
        if zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) { return steps }
        return Set(steps).sorted()
    }

    private struct Walk: Sendable {
        let law: Law
        let elements: [Int]
        let means: [Double]
        let steps: [Int]

        /// Where a step is, by bisection.
        func index(of step: Int) -> Int {
            var (low, high) = (0, steps.count - 1)
            // A range, as most are.
            let guess = step - steps[0]
            if guess < steps.count, steps[guess] == step { return guess }
            while low < high {
                let middle = (low + high) / 2
                if steps[middle] < step { low = middle + 1 } else { high = middle }
            }
            return low
        }

        /// `[mean][step]`
        func curves(_ argument: ProcessArgument, _ call: Call) throws -> [[ExactMoments?]] {
            var curves = [[ExactMoments?]](repeating: [], count: means.count)
            if argument.isStandard {
                let sweep = try ExactLaw(beta2: law.beta2, means: means, epsilon: law.epsilon).sweep(through: steps.last ?? 1)
                for start in stride(from: 0, to: steps.count, by: pieceLength) {
                    try call.checkCancellation()
                    let piece = sweep.moments(at: steps[start..<min(start + pieceLength, steps.count)])
                    for index in means.indices { curves[index] += piece[index].map(Optional.some) }
                }
            } else {
                let process = try argument.process(mean: means[0])
                let sweep = try ExactProcessLaw(beta2: law.beta2, process: process, weights: argument.weights, epsilon: law.epsilon)
                    .sweep(over: steps)
                while curves[0].count < steps.count {
                    try call.checkCancellation()
                    curves[0] += sweep.next(pieceLength)
                }
            }
            return curves
        }
    }
}
