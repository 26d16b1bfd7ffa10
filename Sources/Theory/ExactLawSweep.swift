import CKernels
import SpecialFunctions

/// One pass over the steps: the grid's sums at the current step, and the integrals over the nodes that matter there.
struct ExactLawSweep {
    private let law: ExactLaw
    private let grid: ExactLawGrid
    /// The average behind m̂_t, if the second moment of the update is wanted.
    private let momentum: ExponentialAverage?
    private var step = 0
    private var weightsStep = 0
    /// Groups from here on are negligible at every later step too; per mean, since a larger μ ends sooner.
    private var groupEnds: [Int]
    /// How far below ln(1/m) the nodes start: the integrands fall as s^{5/2} there, as s^{3/2} where ε is large, as s for
    /// the update; each leaves out less than 1e-18.
    private let depthBelow: Double
    /// Once β2^k is this small, another term changes no sum.
    private let negligibleDecay: Double

    init(law: ExactLaw, lastStep: Int, momentum: ExponentialAverage?, variant: varlab_variant) {
        self.law = law
        self.momentum = momentum
        depthBelow = momentum != nil ? 42 : law.epsilon > 0 ? 28 : 17
        let largestSquare = law.means.map { 1 + $0 * $0 }.max() ?? 1
        let smallestWeight = (1 - law.average.beta2) / law.average.biasCorrection(at: max(lastStep, 1))
        let lowest = varlab_log(2 * smallestWeight / largestSquare) - depthBelow
        // At t = 3 the integrand falls only as s^{-1/2} beyond the smallest weight; with ε > 0 as 1/s beyond 1/ε².
        var highest = 85 + (law.average.beta2 > 0 ? 2 * min(law.average.decayExponent, 250) : 0)
        if law.epsilon > 0 { highest = min(highest, 50 + max(0, -2 * varlab_log(law.epsilon))) }
        grid = ExactLawGrid(
            logNodes: lowest...max(highest, lowest), tracksMomentum: momentum != nil, variant: variant)
        groupEnds = law.means.map { [count = grid.groupCount] _ in count }
        negligibleDecay = (1 - law.average.beta2) * 0x1p-70 * varlab_exp(-highest)
    }

    /// A step at which nothing changes any more.
    static func limitStep(_ average: ExponentialAverage) -> Int {
        Int((800 / average.decayExponent).rounded(.up)) + 3
    }

    /// Adds the terms up to this step to the sums: one by one, or over a long way in blocks by `UniformSumRule`. In y = kL
    /// the terms are analytic for |Im y| < π, so eight points on a length of ½ leave an error of 1e-22.
    mutating func advance(to target: Int) {
        precondition(target >= step && target > 0, "steps ascend from 1")
        defer { step = target }
        let groups = groupEnds.max()!
        let shortestDecay = max(law.average.decayExponent, momentumExponent)
        let longestBlock = shortestDecay < 0.01 ? Int(0.5 / shortestDecay) : 1
        var rule: (count: Int, rule: UniformSumRule)?
        while step < target {
            let block = min(target - step, longestBlock)
            if step > 0, decay(at: Double(step)) < negligibleDecay, momentumDecay(at: Double(step)) < 1e-20 { return }
            if block <= 16 {
                grid.advance(
                    groups: groups, decay: decay(at: Double(step)), momentumDecay: momentumDecay(at: Double(step)))
                step += 1
                continue
            }
            if rule?.count != block { rule = (block, UniformSumRule(count: block)) }
            for (offset, weight) in zip(rule!.rule.offsets, rule!.rule.weights) {
                let k = Double(step) + offset
                grid.advance(groups: groups, weight: weight, decay: decay(at: k), momentumDecay: momentumDecay(at: k))
            }
            step += block
        }
    }

    private func decay(at k: Double) -> Double { k == 0 ? 1 : varlab_exp(-k * law.average.decayExponent) }

    /// β1^{2k}; 0 where no momentum is tracked.
    private func momentumDecay(at k: Double) -> Double {
        guard let momentum else { return 0 }
        return k == 0 ? 1 : varlab_exp(-2 * k * momentum.decayExponent)
    }

    private var momentumExponent: Double { momentum.map { 2 * $0.decayExponent } ?? 0 }

    /// c_t, the largest weight.
    private var largestWeight: Double { (1 - law.average.beta2) / law.average.biasCorrection(at: step) }

    mutating func moments(meanIndex: Int) -> ExactMoments {
        let mean = law.means[meanIndex]
        let expectedSquare = 1 + mean * mean
        let isPlain = law.epsilon == 0
        let effectiveStep = law.average.beta2 == 0 ? 1 : step
        if isPlain && effectiveStep == 1 {
            return ExactMoments(mean: .infinity, meanSquare: .infinity, variance: .infinity)
        }
        let twoWeights = 2 * largestWeight
        if !isPlain { prepareWeights(twoWeights: twoWeights) }
        let first = grid.group(at: varlab_log(twoWeights / expectedSquare) - depthBelow)
        let end = groupEnds[meanIndex]
        let integrals = grid.integrate(
            groups: first..<end, squaredMean: mean * mean,
            firstWeights: isPlain ? grid.rootNodes : grid.firstWeights,
            secondWeights: isPlain ? grid.nodes : grid.secondWeights)
        if effectiveStep > 2 && integrals.edgeShare < 1e-20 && end > first + 1 { groupEnds[meanIndex] = end - 1 }

        let rootPi = 1.772453850905516
        let scale = ExactLawGrid.spacing / twoWeights
        let firstDifference = integrals.first * ExactLawGrid.spacing / twoWeights.squareRoot() / (isPlain ? rootPi : 1)
        let secondDifference = integrals.second * scale
        let atPointMass = 1 / (expectedSquare.squareRoot() + law.epsilon)
        if isPlain && effectiveStep == 2 {
            return ExactMoments(mean: atPointMass + firstDifference, meanSquare: .infinity, variance: .infinity)
        }
        return ExactMoments(
            mean: atPointMass + firstDifference,
            meanSquare: atPointMass * atPointMass + secondDifference,
            variance: secondDifference - firstDifference * (2 * atPointMass + firstDifference))
    }

    func updateSecondMoment() -> Double {
        guard let momentum else { preconditionFailure("the sweep does not track the momentum") }
        if law.average.beta2 == 0 { return step == 1 || momentum.beta2 == 0 ? 1 : .infinity }
        let twoWeights = 2 * largestWeight
        let integrals = grid.integrate(
            groups: 0..<grid.groupCount, squaredMean: 0, firstWeights: grid.rootNodes, secondWeights: grid.nodes)
        let largestMomentumWeight = (1 - momentum.beta2) / momentum.biasCorrection(at: step)
        return integrals.momentum * ExactLawGrid.spacing / twoWeights * largestMomentumWeight * largestMomentumWeight
    }

    /// √s-weights √a E₁(ε√s) and s-weights a E₂(ε√s) at this step, for every mean at once.
    private mutating func prepareWeights(twoWeights: Double) {
        guard weightsStep != step else { return }
        weightsStep = step
        let largestSquare = law.means.map { 1 + $0 * $0 }.max()!
        let first = grid.group(at: varlab_log(twoWeights / largestSquare) - depthBelow)
        let scale = law.epsilon / twoWeights.squareRoot()
        for index in (first * ExactLawGrid.stride)..<(groupEnds.max()! * ExactLawGrid.stride) {
            let kernels = scaledRepeatedErrorIntegrals(scale * grid.rootNodes[index])
            grid.firstWeights[index] = grid.rootNodes[index] * kernels.first
            grid.secondWeights[index] = grid.nodes[index] * kernels.second
        }
    }
}
