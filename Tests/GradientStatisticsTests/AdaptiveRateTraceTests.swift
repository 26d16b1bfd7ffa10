import GradientStatistics
import Testing
import Theory

@Suite struct AdaptiveRateTraceTests {
    /// v̂ is the sum of positive terms, with 100 roundings at most: 100 · 1.1e-16 in each ψ, four times that in the variance, and
    /// in the reference 1 - β2^t loses another 1e-14 at t = 1.
    static let tolerance = 1e-13

    @Test(arguments: ReducedTrace.names, [1, 7, 100])
    func agreesWithNumPy(name: String, chunk: Int) throws {
        let trace = try ReducedTrace(name)
        let deviations = (0..<ReducedTrace.coordinateCount).map { coordinate in
            let moments = SeriesMomentsTests.moments(trace.column(coordinate), chunk: 100)
            return moments.isDead ? nil : moments.standardDeviation
        }
        let rows = try trace.expected("psi")
        var rates = AdaptiveRateTrace(
            average: try ExponentialAverage(beta2: 0.99), epsilon: 1e-3, deviations: deviations, steps: rows.map { Int($0["t"]!) })
        // In blocks of steps, and those in two blocks of coordinates, as a reader may pass them.
        for start in stride(from: 0, to: 100, by: chunk) {
            let steps = start..<min(start + chunk, 100)
            for coordinates in [0..<5, 5..<16] {
                steps.flatMap { trace.rows[$0][coordinates] }.withUnsafeBufferPointer {
                    rates.add(steps: steps, coordinates: coordinates, values: $0)
                }
            }
        }
        for (section, row) in zip(rates.sections, rows) {
            #expect(section.count == 15 && section.infinite == 0)
            #expect(error(section.mean, row["mean_psi"]) < Self.tolerance)
            #expect(error(section.variance, row["var_psi"]) < Self.tolerance)
        }
    }

    @Test func zerosAreInfiniteWithoutEpsilon() throws {
        var rates = AdaptiveRateTrace(
            average: try ExponentialAverage(beta2: 0.5), epsilon: 0, deviations: [1, 2, nil], steps: [1, 2])
        [0, 2, 9, 3, 0, 9].withUnsafeBufferPointer { rates.add(steps: 0..<2, coordinates: 0..<3, values: $0) }
        let (one, two) = (rates.sections[0], rates.sections[1])
        #expect(one.count == 1 && one.infinite == 1 && one.mean == 1 && one.variance == nil)
        // v̂ = (0.5 · 9)/0.75 = 6 and 0.25/0.75 = 1/3.
        #expect(two.count == 2 && two.infinite == 0)
        #expect(error(two.mean, (1 / 6.0.squareRoot() + 3.0.squareRoot()) / 2) < 1e-15)
    }

    /// Without groups the reference is the plain average over coordinates; with them it is near it.
    @Test func referenceIsTheAverageOverCoordinates() throws {
        let steps = [1, 2, 3, 50, 500]
        let few = [0.1, 0.5, 2]
        let law = try ExactLaw(beta2: 0.99, means: few).moments(at: steps)
        let reference = try ExactReference(beta2: 0.99, epsilon: 0, meansOverDeviation: few, steps: steps).moments
        #expect(reference[0].variance == .infinity && reference[0].mean == .infinity)
        #expect(reference[1].variance == .infinity && reference[1].mean.isFinite)
        for step in 2..<steps.count {
            let mean = law.map { $0[step].mean }.reduce(0, +) / 3
            let variance = law.map { $0[step].variance }.reduce(0, +) / 3
            let between = law.map { ($0[step].mean - mean) * ($0[step].mean - mean) }.reduce(0, +) / 3
            #expect(error(reference[step].mean, mean) < 1e-14)
            #expect(error(reference[step].variance, variance, scale: variance) < 1e-13)
            #expect(error(reference[step].mixtureVariance, variance + between, scale: variance) < 1e-13)
        }
        // 1000 values in [0, 1): groups are 1/64 wide, and the law's curvature there is of order 1, so (1/64)²/24 ≈ 1e-5.
        let many = (0..<1000).map { Double($0) / 1000 }
        let all = try ExactLaw(beta2: 0.99, means: many).moments(at: [50])
        let grouped = try ExactReference(beta2: 0.99, epsilon: 0, meansOverDeviation: many, steps: [50]).moments[0]
        let variance = all.map { $0[0].variance }.reduce(0, +) / 1000
        #expect(error(grouped.variance, variance, scale: variance) < 1e-4)
        #expect(grouped.variance != variance)
        let zero = try ExactReference(beta2: 0.99, epsilon: 0, meansOverDeviation: [], steps: [50]).moments[0]
        #expect(zero.variance == zero.zeroMean.variance)
    }
}
