import CKernels
import Errors

/// A walk over ascending steps that has the moments at each: the squares one after the other into the sums, then the integrals.
class ProcessWalk {
    let law: ExactProcessLaw
    let average: ExponentialAverage
    let shape: SquareShape
    let sums: TransformSums
    let integrals: TransformIntegrals
    /// Groups of nodes from here on count no longer.
    var groupEnd: Int
    private let table: TransformTable?
    private let chain: GaussianChain?
    /// How often the sums have grown.
    private(set) var revision = 0

    /// - Parameters:
    ///   - logNodes: where the integrands are at any step that is asked for.
    ///   - highestArgument: the largest ln(s w) of any square at a node that counts.
    init(_ law: ExactProcessLaw, average: ExponentialAverage, shape: SquareShape, logNodes: ClosedRange<Double>, highestArgument: Double) {
        self.law = law
        self.average = average
        self.shape = shape
        sums = TransformSums(logNodes: logNodes, variant: varlab_best_variant())
        integrals = TransformIntegrals(sums: sums, epsilon: law.epsilon)
        groupEnd = sums.groupCount
        if shape.isTabulated {
            // Smaller squares than the lowest change no sum; a group more on either side.
            let arguments = (sums.logNode(0) - 46 / shape.power - 2)...(max(highestArgument, sums.logNode(0)) + 4)
            let isStandard = law.process.law == .normal && law.process.mean == 0
            table = isStandard && TransformTable.standardNormal.covers(arguments) ? .standardNormal : TransformTable(shape.law, logNodes: arguments)
            chain = nil
        } else {
            table = nil
            chain = GaussianChain(autocorrelation: law.process.autocorrelation, sums: sums)
        }
    }

    /// The walk that the law needs, for these steps.
    static func make(_ law: ExactProcessLaw, steps: [Int]) throws(ParameterError) -> ProcessWalk {
        let average = try ExponentialAverage(beta2: law.beta2)
        let shape = SquareShape(law.process)
        return law.process.isStationary && !law.weights.isGrowing
            ? NewestFirstWalk(law, average: average, shape: shape, steps: steps)
            : OldestFirstWalk(law, average: average, shape: shape, steps: steps)
    }

    func moments(at step: Int) -> ExactMoments { preconditionFailure("made by a subclass") }

    /// One more square, or a block of so many alike.
    func add(logWeight: Double, multiplicity: Double = 1, mean: Double, groups: Range<Int>) {
        revision += 1
        if let table {
            sums.add(table, logWeight: logWeight, multiplicity: multiplicity, groups: groups)
        } else {
            chain!.add(logWeight: logWeight, mean: mean, groups: groups)
        }
    }

    /// How short a block of ln w must be for eight points, in units of a slowly varying ln φ; a table of high degree says that it varies fast.
    var blockLength: Double { (table?.degree ?? 0) <= 10 ? 0.5 : (table!.degree <= 20 ? 0.08 : 0.02) }
    var takesBlocks: Bool { table != nil }

    /// Adds one more independent square to arrays of their own.
    func addExtra(logWeight: Double, groups: Range<Int>, to arrays: TransformArrays) {
        if let table {
            sums.add(table, logWeight: logWeight, groups: groups, into: arrays)
            return
        }
        // The chain's filter at a fresh start is one gradient by itself.
        chain!.addIndependent(logWeight: logWeight, mean: law.process.mean, groups: groups, to: arrays)
    }
}

/// What the ranges of the integrals depend on: the scale of one square, how its sums grow, and how φ falls.
struct SquareShape {
    let law: any SquaredGradientLaw
    /// Whether the factors of M come from a table; else from Kalman's filter.
    let isTabulated: Bool
    /// ln of E[g²], or of what g² typically is.
    let logScale: Double
    /// The power γ with which n squares of equal weight add up: their sum grows as n^{1/γ}.
    let power: Double
    /// ln s from where on the product of as many φ as moments at ε = 0 need is negligible.
    let logTop: Double
    /// How far below the inverse of v's scale the integrands are negligible.
    let depth: Double

    init(_ process: GradientProcess) {
        isTabulated = process.autocorrelation == 0 && process.means == nil && (process.scales == nil || process.law != .normal || process.mean == 0)
        law = process.squaredGradientLaw()
        power = law.powersAtZero.log
        if law.meanSquare.isFinite {
            let largestMean = (process.means ?? []).reduce(process.mean) { max($0, abs($1)) }
            logScale = varlab_log(max(law.meanSquare, 1 + largestMean * largestMean * (process.law == .normal ? 1 : 0)))
        } else {
            var logarithm = -80.0
            while law.values(at: varlab_exp(logarithm)).logTransform > -1 { logarithm += 0.5 }
            logScale = -logarithm
        }
        depth = 42.5 / (0.5 + power)
        // At three squares the second moment's integrand falls only as s^{-1/2}; with no density at 0 it ends with M.
        let count = law.nearZero == .gap ? 1.0 : 3.0
        var (top, peak) = (-logScale, -Double.infinity)
        if law.nearZero != .atom {
            while top < 680 {
                let transform = law.values(at: varlab_exp(top)).logTransform
                let height = top + count * transform
                peak = max(peak, height)
                if height < peak - 43, count == 1 || transform < -15 { break }
                top += 1
            }
        }
        // What autocorrelation leaves of a gradient that its neighbours are known of.
        let r = abs(process.autocorrelation)
        logTop = top - varlab_log((1 - r) * (1 + r))
    }

    var hasDensityAtZero: Bool { law.nearZero == .density }
    var hasAtomAtZero: Bool { law.nearZero == .atom }

    /// ln(e^a + e^b).
    static func logSum(_ a: Double, _ b: Double) -> Double {
        let (low, high) = a < b ? (a, b) : (b, a)
        return high == -.infinity || high - low > 700 ? high : high + varlab_log1p(varlab_exp(low - high))
    }
}
