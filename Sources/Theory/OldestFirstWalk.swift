import CKernels
import SpecialFunctions

/// Gradients or decays that change over the steps: v_t = b_t v_{t-1} + (1-b_t) g_t² divided by Π b, so that each square keeps its weight and the
/// newest has the largest. The nodes that count move to smaller s as it grows.
final class OldestFirstWalk: ProcessWalk {
    private var weights: SquareWeights
    /// The group from where on the integrands end at each step that is asked for, and the steps.
    private let ends: [(step: Int, logTop: Double)]
    private var next = 0
    private var rules: [(count: Int, order: Int, rule: UniformSumRule)] = []

    init(_ law: ExactProcessLaw, average: ExponentialAverage, shape: SquareShape, steps: [Int]) {
        let start = SquareWeights(law, average: average, shape: shape)
        weights = start
        // First a walk of the weights alone.
        var (walk, lowest, ends) = (start, Double.infinity, [(step: Int, logTop: Double)]())
        var highestWeight = -Double.infinity
        var largestArgument = -Double.infinity
        for step in steps {
            while walk.step < step {
                walk.advance(to: step, longest: .max)
                highestWeight = max(highestWeight, walk.logWeight)
            }
            let top = walk.logTop
            largestArgument = max(largestArgument, top + highestWeight)
            ends.append((step, top))
            lowest = min(lowest, walk.lowestNode)
        }
        // A node that counts later must have the squares of now, also where they are too small to matter by themselves.
        for index in ends.indices.reversed().dropFirst() { ends[index].logTop = max(ends[index].logTop, ends[index + 1].logTop) }
        self.ends = ends
        let highest = max(ends[0].logTop, lowest)
        super.init(
            law, average: average, shape: shape, logNodes: lowest...highest,
            highestArgument: max(largestArgument, highest + highestWeight))
    }

    override func moments(at step: Int) -> ExactMoments {
        while ends[next].step < step { next += 1 }
        groupEnd = min(groupEnd, sums.group(at: ends[next].logTop) + 1)
        let longest = takesBlocks && average.decayExponent < 0.01 ? max(1, Int(blockLength / average.decayExponent)) : 1
        while weights.step < step {
            let before = weights.step
            weights.advance(to: step, longest: longest)
            let first = sums.group(at: weights.lowestNode - 46 / shape.power)
            guard first < groupEnd else { continue }
            addBlock(weights.step - before, mean: law.process.mean(at: weights.step) / law.process.scale(at: weights.step), groups: first..<groupEnd)
        }
        var form = TransformIntegrals.Shape()
        form.hasAtom = shape.hasAtomAtZero
        form.logUnit = weights.logUnit
        form.mean = shape.law.meanSquare.isFinite ? varlab_exp(weights.logMean + weights.logUnit) : .infinity
        if shape.hasDensityAtZero { form.squares = step }
        let first = sums.group(at: weights.lowestNode)
        var groups = min(first, groupEnd - 1)..<groupEnd
        let moments = integrals.moments(form, groups: &groups)
        groupEnd = groups.upperBound
        return moments
    }

    /// The last so many squares, which are alike but for their weights. Over a twentieth of an e-fold of these, or what is as little to a law that varies
    /// fast, four points leave what eight do over half of one: less than 1e-17 of the sum.
    private func addBlock(_ count: Int, mean: Double, groups: Range<Int>) {
        let decay = average.decayExponent, newest = weights.logWeight
        let order = count > 6 && Double(count) * decay < 0.1 * blockLength ? 4 : count > 16 ? 8 : 0
        guard count > 1, order > 0 else {
            // At β2 = 0, which a growing decay does not use, -ln β2 is infinite.
            for age in (0..<count).reversed() { add(logWeight: age == 0 ? newest : newest - Double(age) * decay, mean: mean, groups: groups) }
            return
        }
        if !rules.contains(where: { $0.count == count && $0.order == order }) { rules.append((count, order, UniformSumRule(count: count, order: order))) }
        let rule = rules.first { $0.count == count && $0.order == order }!.rule
        for (offset, multiplicity) in zip(rule.offsets, rule.weights) {
            add(logWeight: newest - offset * decay, multiplicity: multiplicity, mean: mean, groups: groups)
        }
    }
}

/// The weights of `OldestFirstWalk`, one step or several that are alike after the other.
struct SquareWeights {
    private let law: ExactProcessLaw
    private let average: ExponentialAverage
    private let shape: SquareShape
    private(set) var step = 0
    /// ln of the newest square's weight, σ² included, in the unit of the sums.
    private(set) var logWeight = 0.0
    /// ln Σ w E[g²] and ln Σ (w · scale)^γ so far.
    private(set) var logMean = -Double.infinity
    private var logPowers = -Double.infinity
    /// ln Π b.
    private var logDecay = 0.0
    /// ln of the three largest weights.
    private var largest: [Double] = []

    init(_ law: ExactProcessLaw, average: ExponentialAverage, shape: SquareShape) {
        self.law = law
        self.average = average
        self.shape = shape
    }

    /// Goes on to the next step, and over those after it that have the same scale and mean, at most to this one.
    /// - Parameter longest: how many steps at most.
    mutating func advance(to last: Int, longest: Int) {
        step += 1
        let first = step
        // A growing decay has no such steps.
        if longest > 1, !law.weights.isGrowing {
            let scale = law.process.scale(at: step), mean = law.process.mean(at: step)
            while step < last, step - first + 1 < longest, law.process.scale(at: step + 1) == scale, law.process.mean(at: step + 1) == mean { step += 1 }
        }
        let count = step - first + 1
        // ln b_t and ln(1-b_t); the first square of a growing decay has the weight 1 by itself.
        var logGain: Double
        if case .growingDecay(let exponent) = law.weights {
            logGain = -exponent * varlab_log(Double(step))
            if step > 1 {
                let gain = varlab_exp(logGain)
                logDecay -= varlab_log1p(gain / (1 - gain))
            }
        } else {
            logGain = varlab_log(1 - average.beta2)
            logDecay = -Double(step) * average.decayExponent
        }
        let scale = law.process.scale(at: step), mean = law.process.mean(at: step) / scale
        logWeight = logGain - logDecay + 2 * varlab_log(scale)
        let square = law.process.law == .normal ? 1 + mean * mean : shape.law.meanSquare
        if square.isFinite { logMean = SquareShape.logSum(logMean, logWeight + varlab_log(square) + logCount(count, power: 1)) }
        logPowers = SquareShape.logSum(
            logPowers, shape.power * (logWeight + (square.isFinite ? varlab_log(square) : shape.logScale)) + logCount(count, power: shape.power))
        for age in 0..<min(count, 3) { largest.append(age == 0 ? logWeight : logWeight - Double(age) * average.decayExponent) }
        largest.sort(by: >)
        largest.removeLast(max(0, largest.count - 3))
    }

    /// ln Σ_{k<n} β2^{kγ}.
    private func logCount(_ count: Int, power: Double) -> Double {
        if count == 1 { return 0 }
        let decay = power * average.decayExponent
        return varlab_log(varlab_expm1(-Double(count) * decay) / varlab_expm1(-decay))
    }

    /// ln of v's unit.
    var logUnit: Double {
        switch law.weights {
        case .biasCorrected, .previous: logDecay - logarithm(average.biasCorrection(at: step))
        default: logDecay
        }
    }

    private var logTurn: Double { law.epsilon > 0 ? -2 * logarithm(law.epsilon) + logUnit : .infinity }

    /// Where the integrands begin.
    var lowestNode: Double { min(-logPowers / shape.power, logTurn) - shape.depth }

    /// Where they end.
    var logTop: Double {
        let end = logTurn + 86
        if law.epsilon > 0, shape.hasAtomAtZero || (shape.hasDensityAtZero && step < 3) { return end }
        return min(shape.logTop - (largest.last ?? 0), end)
    }
}
