import CKernels
import Errors
import SpecialFunctions

/// The moments of Adam's update u_t = m̂_t/(√v̂_t + ε) for independent gradients of any ``GradientProcess`` that is alike at every step.
///
/// The integrals are those of ``UpdateLaw``. Under e^{-s v̂}, normalised, the gradients stay independent, the k-th with the law that e^{-s w_k g²} leaves
/// of its own, whose mean and variance are tabulated once over ln s:
///
///     A = Σ a_k E_k[g],   B = Σ a_k² Var_k[g],   E[g^j e^{-sg²}]/E[e^{-sg²}] for j = 1, 2.
///
/// An update whose v̂_t and ε are both 0 is 0.
public struct GradientUpdateLaw: Sendable {
    public let process: GradientProcess
    private let table: TiltedTable
    private let nearZero: BehaviourNearZero
    /// μ; of a symmetric law its size.
    private let mean: Double
    /// ln of g² as it typically is, and of the smallest g² that is not 0 where there is one.
    private let logScale, logSmallest: Double
    /// The power of s with which the integrand of E[u²] begins.
    private let power: Double

    /// - Throws: `ParameterError` for an autocorrelation, scales or means over the steps.
    public init(_ process: GradientProcess) throws(ParameterError) {
        guard process.isStationary, process.autocorrelation == 0 else {
            let parameter: Parameter = process.autocorrelation != 0 ? .autocorrelation : process.scales != nil ? .scales : .means
            throw ParameterError(
                parameter: parameter, value: "given", rule: "has no such law of the update, which is of independent gradients alike at every step")
        }
        self.process = process
        let law = process.tiltableLaw()
        mean = law.mean
        nearZero = law.nearZero
        power = law.variance.isFinite ? 1 : law.powersAtZero.log
        logScale = law.meanSquare.isFinite ? varlab_log(law.meanSquare) : 0
        let smallest = process.points?.smallestSquare ?? .infinity
        logSmallest = smallest.isFinite ? max(varlab_log(smallest), -670) : logScale
        // Down to where one square more changes no sum; heavy tails converge more slowly.
        let depth = law.variance.isFinite ? 60 / min(1, max(0.25, law.powersAtZero.excess - 1)) : 60 / power
        table = TiltedTable(law, logArguments: (-logScale - depth)...max(110 - logScale, 20 - logSmallest))
    }

    /// E[u], E[u²] and Var[u] at a step.
    ///
    /// The relative error is below 1e-11, of Var[u] where E[g²] is finite; of E[u] beside its root mean square for recorded values, whose signs may cancel.
    /// - Parameters:
    ///   - beta1: decay rate of m̂.
    ///   - beta2: decay rate of v̂.
    ///   - epsilon: ε ≥ 0, in units of the law's.
    ///   - step: t.
    /// - Throws: `ParameterError` as ``UpdateLaw`` does, and for a β2 so small that gradients without a variance leave the range of numbers.
    public func moments(beta1: Double, beta2: Double, epsilon: Double = 0, step: Int) throws(ParameterError) -> UpdateLaw.Moments {
        if process.law == .normal {
            return try UpdateLaw(beta1: beta1, beta2: beta2, mean: process.mean, epsilon: epsilon, step: step).moments()
        }
        let plain = try UpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
        let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1), square = try ExponentialAverage(ofExactLaw: beta2)
        if step > 1, beta1 > 0 {
            if beta2 == 0, epsilon == 0, nearZero != .gap {
                let isCentred = process.mean == 0 && process.law != .recorded
                return UpdateLaw.Moments(mean: isCentred ? 0 : nil, secondMoment: .infinity, variance: .infinity)
            }
            if !table.variance.isFinite, min(Double(step - 1), 45 / momentum.decayExponent) * square.decayExponent > 650 {
                throw ParameterError(parameter: .beta2, value: beta2, rule: "is too small beside β1 for gradients without a variance")
            }
        }
        let terms = table.blockLength == 0.5
            ? plain.terms : UpdateTerms(momentum: momentum, square: square, step: step, blockLength: table.blockLength)
        let sign = process.law != .recorded && process.mean < 0 ? -1.0 : 1
        return TiltedIntegrals(table: table, terms: terms, mean: mean, epsilon: epsilon)
            .moments(over: logNodes(epsilon: epsilon, step: step), sign: sign, isSymmetric: process.law != .recorded)
    }

    /// ln s from where to where there may be something of the integrals.
    private func logNodes(epsilon: Double, step: Int) -> ClosedRange<Double> {
        let turn = epsilon > 0 ? 2 * logarithm(epsilon) : -.infinity
        let growth = power < 1 ? (1 / power - 1) * varlab_log(Double(step)) : 0
        let lowest = -max(logScale, turn) - growth - 46 / power - 10
        return max(lowest, -690)...min(epsilon > 0 ? max(table.logEnd, -turn + 30) : table.logEnd, 690)
    }
}

/// The integrals of ``GradientUpdateLaw`` at one step.
private struct TiltedIntegrals {
    private let table: TiltedTable
    /// ln w_k, -∞ for 0, a_k, and how many terms each stands for.
    private let logWeights, momentumWeights, multiplicities: [Double]
    private let mean, epsilon: Double
    /// The m that v̂ is compared with.
    private let reference: Double

    /// Nodes from one place that is looked at first to the next.
    private static let coarse = 10

    init(table: TiltedTable, terms: UpdateTerms, mean: Double, epsilon: Double) {
        self.table = table
        logWeights = terms.relativeWeights.map { $0 > 0 ? varlab_log($0 * terms.largestWeight) : -.infinity }
        momentumWeights = terms.momentumWeights
        multiplicities = terms.multiplicities
        self.mean = mean
        self.epsilon = epsilon
        reference = table.meanSquare.isFinite ? table.meanSquare : 1 + mean * mean
    }

    /// Σ over the terms at one node: of the table's values, those of the mean below and above the turn apart.
    private struct Sums {
        let table: TiltedTable.Values
        let pull, left: Double
    }

    /// At so many ln s, `stride` pieces of the table apart.
    private func sums(from logarithm: Double, count: Int, stride: Int) -> [Sums] {
        typealias Values = TiltedTable.Values
        var below = [Values](repeating: .zero, count: count), above = below
        // Σ a_k below the turn.
        var momentumBelow = [Double](repeating: 0, count: count)
        var momentum = 0.0
        below.withUnsafeMutableBufferPointer { below in
            above.withUnsafeMutableBufferPointer { above in
                for index in logWeights.indices {
                    let times = multiplicities[index], a = momentumWeights[index]
                    let split = table.add(
                        Values(times, times, times * a, times * a * a), from: logarithm + logWeights[index], stride: stride, below: below, above: above)
                    if a > 0 {
                        momentum += times * a
                        for node in 0..<split { momentumBelow[node] += times * a }
                    }
                }
            }
        }
        return (0..<count).map { node in
            Sums(
                table: below[node] + above[node], pull: below[node][2] + (mean * (momentum - momentumBelow[node]) - above[node][2]),
                left: (mean * momentumBelow[node] - below[node][2]) + above[node][2])
        }
    }

    /// The integrand of E[u] - μ/(√m+ε) and of E[u²] - μ²/(√m+ε)², over ln s.
    private func terms(at logarithm: Double, _ sums: Sums) -> (first: Double, second: Double, size: Double) {
        let s = varlab_exp(logarithm), root = s.squareRoot()
        let (sum, pull, left, variance) = (sums.table, sums.pull, sums.left, sums.table[3])
        let kernels: (first: Double, second: Double)
        if epsilon == 0 {
            kernels = (root * 0.5641895835477563, s)
        } else {
            let integrals = scaledRepeatedErrorIntegrals(epsilon * root)
            kernels = (root * integrals.first, s * integrals.second)
        }
        let transform = varlab_exp(max(-sum[0], -745))
        let square = transform * (variance + left * left)
        let excess = table.meanSquare.isFinite ? sum[1] : s * reference - sum[0]
        if abs(excess) < 1 {
            // M - e^{-sm}, next to which M is all but cancelled.
            let defect = -transform * varlab_expm1(-excess)
            return (
                kernels.first * (mean * defect - transform * pull),
                kernels.second * (transform * variance + mean * mean * defect - transform * pull * (mean + left)), kernels.second * square
            )
        }
        let atPointMass = varlab_exp(max(-s * reference, -745))
        return (
            kernels.first * (transform * left - mean * atPointMass), kernels.second * (square - mean * mean * atPointMass), kernels.second * square
        )
    }

    func moments(over range: ClosedRange<Double>, sign: Double, isSymmetric: Bool) -> UpdateLaw.Moments {
        let spacing = UpdateLaw.spacing
        // Where the integrand of E[u²] counts.
        let places = Array(stride(from: range.lowerBound, through: range.upperBound, by: Double(Self.coarse) * spacing))
        let sizes = zip(places, sums(from: range.lowerBound, count: places.count, stride: Self.coarse)).map { max(terms(at: $0, $1).size, 0) }
        let negligible = sizes.reduce(0, +) * 1e-20
        let first = (sizes.firstIndex { $0 > negligible } ?? 0) - 2, last = (sizes.lastIndex { $0 > negligible } ?? 0) + 2
        func node(_ place: Int) -> Double { (range.lowerBound / spacing + Double(Self.coarse * place)) }
        let start = max(Int(node(first).rounded(.down)), Int(-700 / spacing) + 1), end = min(Int(node(last).rounded(.up)), Int(700 / spacing) - 1)
        var total = (first: 0.0, second: 0.0)
        for (index, sums) in sums(from: Double(start) * spacing, count: end - start + 1, stride: 1).enumerated() {
            let terms = terms(at: Double(start + index) * spacing, sums)
            total.first += terms.first
            total.second += terms.second
        }
        let atPointMass = mean / (reference.squareRoot() + epsilon)
        let (difference, squareDifference) = (total.first * spacing, total.second * spacing)
        return UpdateLaw.Moments(
            mean: mean == 0 && isSymmetric ? 0 : sign * (atPointMass + difference), secondMoment: atPointMass * atPointMass + squareDifference,
            variance: max(0, squareDifference - difference * (2 * atPointMass + difference)))
    }
}
