import CKernels
import SpecialFunctions

/// Gradients that are alike at every step: w_k g²_{t-k} from the newest on, so that moving on one step adds the oldest square at the far
/// end, and the weights of the others stay what they are but for a common unit.
final class NewestFirstWalk: ProcessWalk {
    /// ln w_k, -∞ for 0, where they are a list.
    private let list: [Double]?
    /// How many squares are in the sums.
    private var count = 0
    private var positive = 0
    private var listSum = 0.0
    private var blockRule: (count: Int, rule: UniformSumRule)?
    private var known: (revision: Int, logUnit: Double, extra: Double?, moments: ExactMoments)?

    init(_ law: ExactProcessLaw, average: ExponentialAverage, shape: SquareShape, steps: [Int]) {
        let epsilon = law.epsilon
        var list: [Double]?
        if case .list(let weights) = law.weights { list = weights.map { $0 > 0 ? varlab_log($0) : -.infinity } }
        self.list = list
        let first = max(steps.first!, 1), last = max(steps.last!, 1)
        let decay = min(average.decayExponent, 250)
        // ln of the sum of w^γ, to the power 1/γ, and of v's unit.
        var logCount: Double
        var units: ClosedRange<Double>
        var third: Double
        var largest = 0.0
        if let list {
            let used = list.prefix(last).filter { $0 > -.infinity }.sorted(by: >)
            logCount = used.reduce(-.infinity) { SquareShape.logSum($0, shape.power * $1) }
            units = 0...0
            third = list.prefix(first).filter { $0 > -.infinity }.sorted(by: >).prefix(3).last ?? used.last ?? 0
            largest = used.first ?? 0
        } else {
            logCount = Self.logCount(last, average, power: shape.power)
            let smallest = average.beta2 == 0 ? 0 : varlab_log(1 - average.beta2)
            if law.weights.hasInitialSquare {
                // At most 1/(1-β2), that of the newest being 1.
                largest = -smallest
                logCount = SquareShape.logSum(logCount, -shape.power * smallest)
            }
            units = law.weights.isBiasCorrected
                ? min(smallest - logarithm(average.biasCorrection(at: last)), 0)...(smallest - logarithm(average.biasCorrection(at: first)))
                : smallest...smallest
            third = average.beta2 == 0 ? 0 : -2 * decay
        }
        var lowest = -shape.logScale - max(logCount, 0) / shape.power - shape.depth
        var highest = shape.logTop - third
        if epsilon > 0 {
            let turn = -2 * logarithm(epsilon)
            lowest = min(lowest, turn + units.lowerBound - shape.depth)
            let end = turn + units.upperBound + 86
            let isFew = shape.hasDensityAtZero && (list?.prefix(first).filter { $0 > -.infinity }.count ?? (average.beta2 == 0 ? 1 : first)) < 3
            highest = isFew || shape.hasAtomAtZero ? end : min(highest, end)
        }
        super.init(law, average: average, shape: shape, logNodes: lowest...max(highest, lowest), highestArgument: max(highest, lowest) + largest)
    }

    override func moments(at step: Int) -> ExactMoments {
        advance(to: step)
        let initial = law.weights.hasInitialSquare && (average.beta2 > 0 || step == 0)
        var form = TransformIntegrals.Shape()
        form.hasAtom = shape.hasAtomAtZero
        form.mean = shape.law.meanSquare
        let own = list == nil && average.beta2 == 0 ? min(step, 1) : positive
        if shape.hasDensityAtZero { form.squares = own + (initial ? 1 : 0) }
        var extraWeight: Double?
        if list != nil {
            form.mean *= listSum
            if positive == 0 { return ExactMoments.ofZero(epsilon: law.epsilon) }
        } else {
            form.logUnit = average.beta2 == 0 ? 0 : varlab_log(1 - average.beta2)
            if law.weights.isBiasCorrected {
                form.logUnit -= logarithm(average.biasCorrection(at: step))
            } else if initial {
                extraWeight = (step == 0 ? 0 : -Double(step) * average.decayExponent) - form.logUnit
            } else {
                form.mean *= average.biasCorrection(at: step)
            }
        }
        if let known, known.revision == revision, known.logUnit == form.logUnit, known.extra == extraWeight { return known.moments }
        let lowest = -shape.logScale - max(0, logCount(step)) / shape.power - shape.depth
        let turn = law.epsilon > 0 ? -2 * logarithm(law.epsilon) + form.logUnit - shape.depth : .infinity
        let first = sums.group(at: min(lowest, turn))
        var groups = min(first, groupEnd - 1)..<groupEnd
        let end = groupEnd
        let all = groups
        let moments = integrals.moments(form, groups: &groups) { [self] arrays in
            if let extraWeight { addExtra(logWeight: extraWeight, groups: all, to: arrays) }
        }
        groupEnd = groups.upperBound
        known = groupEnd == end ? (revision, form.logUnit, extraWeight, moments) : nil
        return moments
    }

    /// ln Σ w^γ at a step, from above.
    private func logCount(_ step: Int) -> Double {
        if list != nil || law.weights.hasInitialSquare { return (-shape.logScale - shape.depth - sums.logNode(0)) * shape.power }
        return Self.logCount(max(step, 1), average, power: shape.power)
    }

    /// ln Σ_{k<n} β2^{kγ}, from above.
    private static func logCount(_ count: Int, _ average: ExponentialAverage, power: Double) -> Double {
        min(
            varlab_log(Double(count)),
            average.beta2 == 0 ? 0 : -logarithm(-varlab_expm1(-power * min(average.decayExponent, 250))))
    }

    // MARK: The squares

    private func advance(to step: Int) {
        if let list {
            while count < min(step, list.count) {
                if list[count] > -.infinity {
                    add(logWeight: list[count], mean: law.process.mean, groups: 0..<groupEnd)
                    positive += 1
                    listSum += varlab_exp(list[count])
                } else if law.process.autocorrelation != 0 {
                    add(logWeight: -1000, mean: law.process.mean, groups: 0..<groupEnd)
                }
                count += 1
            }
            return
        }
        positive = step
        while count < step {
            if isSettled { return }
            addBlock(to: step)
        }
    }

    /// Whether all later squares together change no sum at a node that counts.
    private var isSettled: Bool {
        guard count > 0 else { return false }
        if average.beta2 == 0 { return true }
        let margin = Double(count) * average.decayExponent - sums.logNode(groupEnd * TransformSums.stride) - shape.logScale
        return shape.power * margin > 46 - varlab_log(min(1, shape.power * average.decayExponent))
    }

    private func addBlock(to step: Int) {
        let exponent = average.decayExponent
        let block = min(step - count, takesBlocks && exponent < 0.01 ? Int(blockLength / exponent) : 1)
        if block <= 16 {
            add(logWeight: count == 0 ? 0 : -Double(count) * exponent, mean: law.process.mean, groups: 0..<groupEnd)
            count += 1
            return
        }
        if blockRule?.count != block { blockRule = (block, UniformSumRule(count: block)) }
        let rule = blockRule!.rule
        for (offset, weight) in zip(rule.offsets, rule.weights) {
            add(logWeight: -(Double(count) + offset) * exponent, multiplicity: weight, mean: law.process.mean, groups: 0..<groupEnd)
        }
        count += block
    }
}

extension ExactMoments {
    /// Those of v̂ = 0.
    static func ofZero(epsilon: Double) -> ExactMoments {
        ExactMoments(mean: 1 / epsilon, meanSquare: 1 / epsilon / epsilon, variance: epsilon > 0 ? 0 : .infinity)
    }
}
