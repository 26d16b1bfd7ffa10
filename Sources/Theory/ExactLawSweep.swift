import CKernels
import SpecialFunctions

/// A walk of an exact law over ascending steps, which can be asked for piece by piece: any number of steps in constant memory.
///
/// The numbers are those of `ExactLaw.moments(at:)` for all the steps together, to the bit, however they are cut.
public final class ExactLawSweep {
    public let law: ExactLaw
    private let grid: ExactLawGrid
    /// Groups from here on are negligible at every later step too; per mean, since a larger μ ends sooner.
    private var groupEnds: [Int]
    private var weightsStep = 0
    /// The last moments of each mean and the state of the sums that they belong to.
    private var known: [(revision: Int, twoWeights: Double, moments: ExactMoments)?]
    /// The integrals beyond the grid's last node, which all means share.
    private var tail: (step: Int, value: ExactLawTail)?

    init(law: ExactLaw, lastStep: Int, variant: varlab_variant) {
        self.law = law
        let smallestWeight = (1 - law.average.beta2) / law.average.biasCorrection(at: max(lastStep, 1))
        let lowest = Self.lowestLogNode(law, twoWeights: 2 * smallestWeight)
        // At t = 3 the integrand falls only as s^{-1/2} beyond the smallest weight; with ε > 0 as 1/s beyond 1/ε².
        var highest = 85 + (law.average.beta2 > 0 ? 2 * min(law.average.decayExponent, 250) : 0)
        if law.epsilon > 0 { highest = min(highest, 50 + max(0, -2 * logarithm(law.epsilon))) }
        grid = ExactLawGrid(average: law.average, logNodes: lowest...max(highest, lowest), variant: variant)
        groupEnds = law.means.map { [count = grid.groupCount] in abs($0) < ExactLaw.leadingOrderFrom ? count : 0 }
        known = law.means.map { _ in nil }
    }

    /// The moments at each of the steps, as `result[mean][step]`.
    /// - Parameter steps: ascending, from the last step of the piece before on, up to the sweep's last.
    public func moments(at steps: some Collection<Int>) -> [[ExactMoments]] {
        var result = law.means.map { _ in
            var row: [ExactMoments] = []
            row.reserveCapacity(steps.count)
            return row
        }
        guard !law.means.isEmpty else { return result }
        for step in steps {
            grid.advance(to: step, groups: groupEnds.max()!)
            for index in law.means.indices { result[index].append(moments(meanIndex: index)) }
        }
        return result
    }

    /// How far below ln(1/m) the nodes start: the integrands fall as s^{5/2} there, as s^{3/2} where ε is large, and the one that
    /// stands in for a cancellation as s^{1/2}; each leaves out less than 1e-18.
    private static func depth(_ law: ExactLaw, mean: Double) -> Double {
        law.epsilon == 0 ? 17 : law.dominates(mean: mean) ? 84 : 28
    }

    private static func lowestLogNode(_ law: ExactLaw, twoWeights: Double) -> Double {
        let lowest = law.means.filter { abs($0) < ExactLaw.leadingOrderFrom }.map {
            lowestLogNode(law, twoWeights: twoWeights, mean: $0)
        }.min()
        return lowest ?? varlab_log(twoWeights)
    }

    private static func lowestLogNode(_ law: ExactLaw, twoWeights: Double, mean: Double) -> Double {
        varlab_log(twoWeights / (1 + mean * mean)) - depth(law, mean: mean)
    }

    private func moments(meanIndex: Int) -> ExactMoments {
        let twoWeights = 2 * grid.largestWeight
        if let last = known[meanIndex], last.revision == grid.revision, last.twoWeights == twoWeights { return last.moments }
        let end = groupEnds[meanIndex]
        let moments = moments(meanIndex: meanIndex, twoWeights: twoWeights)
        // Not where the grid has just become shorter.
        known[meanIndex] = groupEnds[meanIndex] == end ? (grid.revision, twoWeights, moments) : nil
        return moments
    }

    private func moments(meanIndex: Int, twoWeights: Double) -> ExactMoments {
        let mean = law.means[meanIndex]
        let expectedSquare = 1 + mean * mean
        let isPlain = law.epsilon == 0
        let effectiveStep = law.average.beta2 == 0 ? 1 : grid.step
        if isPlain && effectiveStep == 1 {
            return ExactMoments(mean: .infinity, meanSquare: .infinity, variance: .infinity)
        }
        let root = expectedSquare.squareRoot()
        let atPointMass = 1 / (root + law.epsilon)
        let atPointMassSquared = atPointMass * atPointMass
        if abs(mean) >= ExactLaw.leadingOrderFrom {
            return ExactMoments(
                mean: atPointMass, meanSquare: isPlain && effectiveStep == 2 ? .infinity : atPointMassSquared,
                variance: isPlain && effectiveStep == 2
                    ? .infinity : atPointMassSquared / law.average.satterthwaite(at: grid.step) * atPointMassSquared)
        }
        if !isPlain { prepareWeights(twoWeights: twoWeights) }
        let first = grid.group(at: Self.lowestLogNode(law, twoWeights: twoWeights, mean: mean))
        let end = groupEnds[meanIndex]
        let integrals = grid.integrate(
            groups: first..<end, squaredMean: mean * mean,
            firstWeights: isPlain ? grid.rootNodes : grid.weights[0],
            secondWeights: isPlain ? grid.nodes : grid.weights[1])
        if effectiveStep > 2 && integrals.edgeShare < 1e-20 && end > first + 1 { groupEnds[meanIndex] = end - 1 }

        let rootPi = 1.772453850905516
        let scale = ExactLawGrid.spacing / twoWeights
        var firstDifference = integrals.first * ExactLawGrid.spacing / twoWeights.squareRoot() / (isPlain ? rootPi : 1)
        var secondDifference = integrals.second * scale
        if isPlain && effectiveStep == 2 {
            return ExactMoments(mean: atPointMass + firstDifference, meanSquare: .infinity, variance: .infinity)
        }
        if law.dominates(mean: mean) {
            let third = grid.integrate(
                groups: first..<end, squaredMean: mean * mean, firstWeights: grid.weights[2], secondWeights: grid.weights[1]
            ).first * ExactLawGrid.spacing / twoWeights.squareRoot()
            return ExactMoments(
                mean: atPointMass + firstDifference, meanSquare: atPointMassSquared + secondDifference,
                variance: atPointMass * (root * secondDifference - third) - firstDifference * firstDifference)
        }
        if effectiveStep <= 2, ExactLawTail.matters(epsilon: law.epsilon, beyond: grid.logNode(grid.lastNode)) {
            let tail = tailIntegrals(effectiveStep: effectiveStep, twoWeights: twoWeights)
            let logTransform = grid.logTransform(atNode: grid.lastNode, squaredMean: mean * mean)
            firstDifference += tail.first(logTransform: logTransform)
            secondDifference += tail.second(logTransform: logTransform)
        }
        return ExactMoments(
            mean: atPointMass + firstDifference,
            meanSquare: atPointMassSquared + secondDifference,
            variance: secondDifference - firstDifference * (2 * atPointMass + firstDifference))
    }

    private func tailIntegrals(effectiveStep: Int, twoWeights: Double) -> ExactLawTail {
        if let tail, tail.step == effectiveStep { return tail.value }
        let value = ExactLawTail(
            epsilon: law.epsilon, squares: effectiveStep, twoWeights: twoWeights, logNode: grid.logNode, lastNode: grid.lastNode)
        tail = (effectiveStep, value)
        return value
    }

    /// √s-weights √a E₁(ε√s), s-weights a E₂(ε√s) and √s-weights √a E₃(ε√s) at this step, for every mean at once.
    private func prepareWeights(twoWeights: Double) {
        guard weightsStep != grid.step else { return }
        weightsStep = grid.step
        let first = grid.group(at: Self.lowestLogNode(law, twoWeights: twoWeights))
        let scale = law.epsilon / twoWeights.squareRoot()
        for index in (first * ExactLawGrid.stride)..<(groupEnds.max()! * ExactLawGrid.stride) {
            let kernels = scaledRepeatedErrorIntegrals(scale * grid.rootNodes[index])
            grid.weights[0][index] = grid.rootNodes[index] * kernels.first
            grid.weights[1][index] = grid.nodes[index] * kernels.second
            grid.weights[2][index] = grid.rootNodes[index] * kernels.third
        }
    }
}
