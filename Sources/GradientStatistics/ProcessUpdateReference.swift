import Concurrency
import Errors
import Theory

/// E[u_t²] of the update across coordinates by the laws of ``ProcessReference``, which know one thing of a trace each.
///
/// u_t has no scale: that each coordinate is divided by its own root mean square changes nothing but the meaning of ε. At ε = 0 it is of the
/// coordinates that have had a gradient other than 0.
package struct ProcessUpdateReference: Sendable {
    /// At each step; nil where there is no such law.
    package let secondMoments: [ProcessReference.Knowledge: [Double?]]

    /// - Parameters: as ``ProcessReference`` has them.
    package init(
        beta1: Double, beta2: Double, epsilon: Double, ingredients: TraceIngredients, autocorrelation: Double?, stepCount: Int, steps: [Int],
        threads: Int
    ) throws {
        let members = ingredients.members.compactMap { member in
            StretchScales(meanSquares: member.meanSquares, steps: stepCount, valuesPerStep: 1).map { (scales: $0.values, first: member.firstNonzero) }
        }
        let commonScales = ingredients.commonScales?.values
        /// One step of one law: those of the marginal law share a table, and what takes longest begins first.
        enum Task { case marginal, law(ProcessReference.Knowledge, Int) }
        var tasks: [Task] = ingredients.values.isEmpty ? [] : [.marginal]
        for index in steps.indices.reversed() {
            if !members.isEmpty, members.count == ingredients.members.count { tasks.append(.law(.ownScales, index)) }
            if autocorrelation != nil, ingredients.count > 0 { tasks.append(.law(.autocorrelation, index)) }
            if commonScales != nil { tasks.append(.law(.commonScales, index)) }
        }
        let results = concurrentMap(tasks, threads: threads) { task -> [Double?] in
            switch task {
            case .marginal:
                return Self.marginal(ingredients, beta1: beta1, beta2: beta2, epsilon: epsilon, steps: steps)
            case .law(.autocorrelation, let index):
                let law = try? CorrelatedUpdateLaw(beta1: beta1, beta2: beta2, autocorrelation: autocorrelation!, epsilon: epsilon, step: steps[index])
                return [law?.moments().secondMoment]
            case .law(let knowledge, let index):
                let step = steps[index]
                guard let weights = try? ScaledUpdateLaw.Weights(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step) else { return [nil] }
                func scaled(_ scales: [Double]) -> Double? { try? ScaledUpdateLaw(weights, scales: scales).secondMoment }
                if knowledge == .commonScales { return [scaled(commonScales!)] }
                let present = members.filter { epsilon > 0 || $0.first <= step }
                let moments = present.compactMap { scaled($0.scales) }
                return [moments.isEmpty || moments.count < present.count ? nil : moments.reduce(0, +) / Double(moments.count)]
            }
        }
        var made: [ProcessReference.Knowledge: [Double?]] = [:]
        for (task, result) in zip(tasks, results) {
            switch task {
            case .marginal: made[.marginal] = result.isEmpty ? nil : result
            case .law(let knowledge, let index): made[knowledge, default: Array(repeating: nil, count: steps.count)][index] = result[0]
            }
        }
        secondMoments = made
    }

    /// At each step; empty without such a law.
    private static func marginal(_ ingredients: TraceIngredients, beta1: Double, beta2: Double, epsilon: Double, steps: [Int]) -> [Double?] {
        guard let process = ingredients.marginal, let law = try? GradientUpdateLaw(process) else { return [] }
        let zeros = Double(ingredients.values.count { $0 == 0 }) / Double(ingredients.values.count)
        return steps.map { step in
            guard let moments = try? law.moments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step) else { return nil }
            // Where all are 0 so is u, which is in no mean.
            let none = epsilon > 0 || zeros == 0 ? 0 : power(zeros, step)
            return moments.secondMoment / (1 - none)
        }
    }

    /// p^n by squaring.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
