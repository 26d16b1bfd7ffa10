import Concurrency
import Foundation
import TestSupport
import Testing
import Theory
import Traces

@testable import GradientStatistics

/// The report on gradients that are what the theory assumes, independent N(μ, σ²) with a σ of each coordinate's own: its tests reject at their
/// level, and what is observed is what the exact law says.
///
/// All seeds are fixed. Each bound is at 4.9 standard errors of its statistic, one false alarm in a million, had the seeds been others;
/// there are about forty.
@Suite struct FalseAlarmTests {
    static let steps = 400, coordinates = 256, seeds = 24
    static let sections = [5, 10, 50, 100, 200, 300, 400]

    /// Of every seed: the statistics of its coordinates, and the variance of ψ_t across them.
    struct Report: Sendable {
        let coordinates: [CoordinateStatistics]
        let sections: [AdaptiveRateTrace.CrossSection]
    }

    static let reports: [Report] = (0..<seeds).map { seed in
        var generator = SplitMix(state: UInt64(1000 + seed))
        let columns = (0..<coordinates).map { coordinate in
            NormalSeries.next(steps, &generator).map { $0 * pow(10, Double(coordinate % 7) - 3) }
        }
        // [steps, coordinates] in Fortran's order is coordinate after coordinate.
        let dictionary = "{'descr': '<f8', 'fortran_order': True, 'shape': (\(steps), \(coordinates)), }\n"
        var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
        columns.flatMap { $0 }.withUnsafeBytes { bytes += $0 }
        let plan = CoordinatePass.Plan(
            average: try! ExponentialAverage(beta2: 0.999), momentum: try! ExponentialAverage(beta2: 0.9), epsilon: 0, skipsNonfinite: false, threads: 1)
        let pass = try! CoordinatePass(
            RecordedTrace.read(bytes, named: "a.npy").arrays[0], label: "a", path: "a.npy", histogramSteps: [], rateSteps: sections,
            plan: plan, progress: ProgressCounter(total: 1, report: nil))
        return Report(coordinates: pass.coordinates, sections: pass.rates.sections)
    }

    private static let bound = 4.9

    /// The distance of a number of successes from its expectation, in standard errors.
    private static func score(_ successes: Int, of n: Int, probability: Double) -> Double {
        (Double(successes) - Double(n) * probability) / (Double(n) * probability * (1 - probability)).squareRoot()
    }

    /// P-values are uniform: the shares below every level are the level.
    @Test(arguments: [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9]) func pValuesAreUniform(level: Double) throws {
        let all = Self.reports.flatMap(\.coordinates)
        let zeroMean = all.compactMap(\.zeroMeanPValue), normality = all.compactMap(\.normalityPValue)
        #expect(zeroMean.count == all.count && normality.count == all.count)
        #expect(abs(Self.score(zeroMean.count { $0 < level }, of: all.count, probability: level)) < Self.bound)
        // The fit to tabulated p-values is right to a few parts in a hundred of them.
        let tolerance = 0.04 * level * Double(all.count) / (Double(all.count) * level * (1 - level)).squareRoot()
        let score = Self.score(normality.count { $0 < level }, of: all.count, probability: level)
        #expect(abs(score) < Self.bound + tolerance, "\(level) \(score)")
    }

    /// Holm's correction: of 24 reports at most so many reject anything as 24 draws at the level do; the number is at most 9 but for one
    /// seed in a million at 1/20.
    @Test func familiesAreRejectedAtTheLevel() {
        func families(_ pValue: (CoordinateStatistics) -> Double?) -> Int {
            Self.reports.count { Holm.rejected($0.coordinates.compactMap(pValue), level: 0.05).contains(true) }
        }
        #expect(families(\.zeroMeanPValue) <= 9 && families(\.normalityPValue) <= 9)
    }

    /// The autocorrelation's mean is -1/T, its variance 1/T to the first order: (T-2)/(T²-1)... to a few parts in T.
    @Test func autocorrelationIsThatOfNoise() {
        let values = Self.reports.flatMap { $0.coordinates.compactMap(\.lag1Autocorrelation) }
        let (n, t) = (Double(values.count), Double(Self.steps))
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        #expect(abs(mean + 1 / t) < Self.bound / (n * t).squareRoot())
        #expect(abs(variance * t - 1) < Self.bound * (2 / n).squareRoot() + 3 / t)
        let beyond = values.count { abs($0 + 1 / t) > 1.96 / t.squareRoot() }
        // The law is normal to the order 1/T.
        #expect(abs(Self.score(beyond, of: values.count, probability: 0.05)) < Self.bound + 1)
    }

    /// Var[ψ_t] across the coordinates against the exact law of what they were divided by, at every step, over all seeds, and its
    /// spread over the seeds.
    @Test func varianceIsTheExactOne() throws {
        let law = try SelfNormalizedLaw(beta2: 0.999, stepCount: Self.steps).moments(at: Self.sections)
        for (index, step) in Self.sections.enumerated() {
            let variances = Self.reports.map { $0.sections[index].variance! }
            let means = Self.reports.map { $0.sections[index].mean! }
            let average = variances.reduce(0, +) / Double(Self.seeds)
            let spread = (variances.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(Self.seeds - 1)).squareRoot()
            let standardError = spread / Double(Self.seeds).squareRoot()
            // Student's t with 23 degrees of freedom exceeds 6.6 as often; at t = 5 the variance has no finite variance.
            #expect(abs(average - law[index].variance) < (step < 10 ? 12 : 6.6) * standardError, "\(step) \(average) \(law[index].variance)")
            let meanError = (law[index].variance / Double(Self.seeds * Self.coordinates)).squareRoot()
            #expect(abs(means.reduce(0, +) / Double(Self.seeds) - law[index].mean) < Self.bound * meanError)
        }
        let unnormalized = try ExactLaw(beta2: 0.999, means: [0]).moments(at: [400])[0][0]
        #expect(unnormalized.variance / law[6].variance > 70)
    }

    /// The mean square of the update is that of its law, which no division changes.
    @Test func updatesAreOfTheExactSize() throws {
        let exact = try ExactLaw.updateSecondMoment(beta1: 0.9, beta2: 0.999, at: Self.sections)
        for (index, step) in Self.sections.enumerated() {
            let squares = Self.reports.map { $0.sections[index].updateSecondMoment! }
            let average = squares.reduce(0, +) / Double(Self.seeds)
            let spread = (squares.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(Self.seeds - 1)).squareRoot()
            #expect(abs(average - exact[index]) < 6.6 * spread / Double(Self.seeds).squareRoot(), "\(step)")
        }
    }

    /// The reference at the estimated |μ|/σ of zero-mean coordinates stays at the law of mean 0: the estimates' noise of 1/√T is in it.
    @Test func estimatedMeansChangeLittle() throws {
        let estimates = Self.reports[0].coordinates.compactMap(\.meanOverDeviation)
        let moments = try ExactReference(
            beta2: 0.999, epsilon: 0, meansOverDeviation: estimates, stepCount: Self.steps, steps: Self.sections).moments
        for one in moments {
            #expect(relativeError(one.variance, one.varianceAtZero) < 0.01 && relativeError(one.mixtureVariance, one.varianceAtZero) < 0.02)
        }
    }
}
