import Errors
import Foundation
import Simulation
import Testing
import Theory

@Suite struct SampleHistogramTests {
    /// ψ = 1/|z|: its law is erfc(1/(ψ√2)).
    private func inverseNormals(_ count: Int) -> [Double] {
        NoiseStream.normals(seed: 4, trajectory: 0, count: count).map { 1 / abs($0) }
    }

    private func cdf(_ psi: Double) -> Double { erfc(1 / (psi * 2.0.squareRoot())) }

    @Test func countsEveryValueOnce() throws {
        var histogram = try SampleHistogram(range: 1..<3, bins: 4, inverseRange: 0..<5)
        histogram.add([0.5, 1, 1.49, 1.5, 2.9, 2.999, 3, 1e9])
        #expect(histogram.counts == [2, 1, 0, 2])
        #expect(histogram.underflow == 1)
        #expect(histogram.overflow == 2)
        #expect(histogram.count == 8)
    }

    /// Branch and bound against all edges, and against the sorted sample itself.
    @Test(arguments: [1.0, 1.02, 0.8])
    func distanceAgreesWithBruteForce(stretch: Double) throws {
        let values = inverseNormals(20_000)
        var histogram = try SampleHistogram(range: 0..<10, bins: 100, inverseRange: 0..<6)
        histogram.add(values)
        let law = { (psi: Double) in self.cdf(psi * stretch) }
        let distance = histogram.kolmogorovSmirnovDistance(to: law)

        let inverse = values.map { 1 / $0 }
        let width = 6.0 / Double(SampleHistogram.fineBinCount)
        var fine = [Int](repeating: 0, count: SampleHistogram.fineBinCount + 1)
        for x in inverse { fine[min(Int(x / width), SampleHistogram.fineBinCount)] += 1 }
        var atEdges = 0.0
        var above = values.count
        for edge in 0...SampleHistogram.fineBinCount {
            // The share of the sample with 1/ψ at or above the edge, that is ψ at or below its inverse.
            let law = edge == 0 ? 1 : law(1 / (Double(edge) * width))
            atEdges = max(atEdges, abs(Double(above) / Double(values.count) - law))
            above -= fine[edge]
        }
        #expect(abs(distance.value - atEdges) < 1e-12)

        let sorted = values.sorted()
        let n = Double(sorted.count)
        let exact = sorted.enumerated().reduce(0.0) { largest, item in
            let f = law(item.element)
            return max(largest, f - Double(item.offset) / n, Double(item.offset + 1) / n - f)
        }
        #expect(distance.value <= exact + 1e-12)
        #expect(distance.value >= exact - distance.resolution - 1e-12)
        #expect(distance.resolution < 1e-3)
        #expect(distance.evaluations < 2000)
    }

    /// P(√n D > 2.7) is 1e-6; the seed is fixed.
    @Test func acceptsTheTrueLawAndRejectsAnother() throws {
        var histogram = try SampleHistogram(range: 0..<10, bins: 100, inverseRange: 0..<6)
        histogram.add(inverseNormals(20_000))
        let root = 20_000.0.squareRoot()
        #expect(histogram.kolmogorovSmirnovDistance(to: cdf).value * root < 2.7)
        #expect(histogram.kolmogorovSmirnovDistance(to: { self.cdf($0 * 1.1) }).value * root > 2.7)
    }

    @Test func tailsCountAsUnresolved() throws {
        var histogram = try SampleHistogram(range: 0..<10, bins: 1, inverseRange: 1..<2)
        histogram.add(inverseNormals(1000))
        #expect(histogram.kolmogorovSmirnovDistance(to: cdf).resolution > 0.5)
    }

    @Test func theLawsErrorIsPassedOn() throws {
        struct Failure: Error {}
        var histogram = try SampleHistogram(range: 0..<10, bins: 1, inverseRange: 0..<2)
        histogram.add([1])
        #expect(throws: Failure.self) {
            try histogram.kolmogorovSmirnovDistance { (_: Double) throws(Failure) -> Double in throw Failure() }
        }
    }

    @Test func rejectsBadRanges() {
        #expect(throws: ParameterError.self) { try SampleHistogram(range: 1..<1, bins: 1, inverseRange: 0..<1) }
        #expect(throws: ParameterError.self) { try SampleHistogram(range: -1..<1, bins: 1, inverseRange: 0..<1) }
        #expect(throws: ParameterError.self) { try SampleHistogram(range: 0..<1, bins: 0, inverseRange: 0..<1) }
        #expect(throws: ParameterError.self) { try SampleHistogram(range: 0..<1, bins: 1, inverseRange: 0..<(.infinity)) }
    }

    /// Streamed through a run, on any number of threads, the histograms hold what the kernel's samples say.
    @Test func streamsThroughARun() throws {
        let parameters = try SimulationParameters(
            means: [0, 1], trajectories: 3000, iterations: 10, sampleSteps: [1, 10])
        func histograms(threads: Int) throws -> SampleHistograms {
            var histograms = try SampleHistograms(parameters) { _, _ throws(ParameterError) in
                try SampleHistogram(range: 0..<4, bins: 40, inverseRange: 0..<6)
            }
            _ = try MonteCarlo(parameters).run(threads: threads, samples: &histograms)
            return histograms
        }
        let one = try histograms(threads: 1)
        let three = try histograms(threads: 3)
        for step in 0..<2 {
            for mean in 0..<2 {
                #expect(one[stepIndex: step, meanIndex: mean] == three[stepIndex: step, meanIndex: mean])
                #expect(one[stepIndex: step, meanIndex: mean].count == 3000)
            }
        }
        // t = 1, μ = 0: ψ = 1/|z|.
        #expect(one[stepIndex: 0, meanIndex: 0].kolmogorovSmirnovDistance(to: cdf).value * 3000.0.squareRoot() < 2.7)
    }
}
