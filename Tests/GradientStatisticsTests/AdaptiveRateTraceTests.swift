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
            average: try ExponentialAverage(beta2: 0.99), momentum: try ExponentialAverage(beta2: 0.9), epsilon: 1e-3, scales: deviations, steps: rows.map { Int($0["t"]!) })
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
            average: try ExponentialAverage(beta2: 0.5), momentum: try ExponentialAverage(beta2: 0.5), epsilon: 0, scales: [1, 2, nil], steps: [1, 2])
        [0, 2, 9, 3, 0, 9].withUnsafeBufferPointer { rates.add(steps: 0..<2, coordinates: 0..<3, values: $0) }
        let (one, two) = (rates.sections[0], rates.sections[1])
        #expect(one.count == 1 && one.infinite == 1 && one.mean == 1 && one.variance == nil)
        // m̂ = 0.5 · 3/0.75 and 0.25/0.75 of g/S = 3, 0 and 0, 1: the update's squares are 4/6 and 1/3.
        #expect(one.updateSecondMoment == 1 && error(two.updateSecondMoment, 0.5) < 1e-15)
        // v̂ = (0.5 · 9)/0.75 = 6 and 0.25/0.75 = 1/3.
        #expect(two.count == 2 && two.infinite == 0)
        #expect(error(two.mean, (1 / 6.0.squareRoot() + 3.0.squareRoot()) / 2) < 1e-15)
    }
}
