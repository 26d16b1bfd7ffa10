import Errors
import Experiments
import Foundation
import Optimizers
import Report
import Testing
import Theory

/// `ScheduleExperiment`: tables, arrays, record and figure of a small run.
struct ScheduleExperimentTests {
    static func outcome(
        optimizers: [MethodSpecification] = [.radam(), .adamWarmup(.linear(steps: 4)), .radam()],
        implementations: [Implementation] = [.torch, .paper], beta2: [Double] = [0.9, 0.99, 0.9], steps: [Int] = Array(1...8)
    ) throws -> ScheduleOutcome {
        try ScheduleExperiment(optimizers: optimizers, implementations: implementations, beta2: beta2, steps: steps)
            .run(threads: 2)
    }

    private func text(_ table: Table) -> [String] {
        String(decoding: CSVWriter().bytes(of: table), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func tables() throws {
        let outcome = try Self.outcome()
        let lines = text(outcome.table())
        // What is named twice counts once.
        #expect(lines.count == 1 + 2 * 2 * 2 * 8)
        #expect(lines[0] == "optimizer,like,beta2,t,rho,rule,multiplier,adaptive_multiplier")
        #expect(lines[1] == "radam,torch,0.9,1,1,momentum,1,0")
        #expect(lines.contains("adam-warmup:4,paper,0.99,1,1,adaptive,0.25,0.25"))
        let summary = text(outcome.summaryTable())
        #expect(summary.count == 9)
        #expect(summary[0] == "optimizer,like,beta2,first_rectified_step,warmup_length_rule_of_thumb,warmup_length_equivalent")
        #expect(summary[1].hasPrefix("radam,torch,0.9,6,20.000000000000004,29.09919281996"))
        #expect(summary[8].hasPrefix("adam-warmup:4,paper,0.99,,"))
    }

    @Test func arraysAreTheAdaptiveMultipliers() throws {
        let outcome = try Self.outcome()
        let arrays = outcome.arrays()
        #expect(arrays.map(\.name).contains("multiplier-adam-warmup-4-paper-0.99.npy"))
        #expect(Set(arrays.map(\.name)).count == 8)
        for (array, curve) in zip(arrays, outcome.curves) {
            let values = array.bytes.suffix(64).withUnsafeBytes { bytes in
                (0..<8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
            }
            #expect(values == curve.multipliers.map(\.adaptiveValue) && array.bytes.count % 64 == 0)
        }
    }

    @Test(arguments: [
        ([1, 2, 3, 4], "1-4"), ([1], "1"), ([1, 2], "1,2"), ([1, 2, 3, 10, 20, 30, 31], "1-3,10-30:10,31"), ([], ""),
        ([1, 3, 4, 5], "1,3-5"),
    ])
    func recordNamesTheSteps(steps: [Int], expected: String) throws {
        let record = try Self.outcome(steps: steps).runRecord(version: "1")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(record)) as? [String: Any])
        let command = try #require(object["command"] as? String)
        #expect(
            command == "varlab schedule --optimizer radam,adam-warmup:4 --like torch,paper --beta2 0.9,0.99 --steps \(expected) "
                + "--precision float64")
    }

    /// Two optimizers in two implementations at two β2: four panels of two curves; one implementation: panels of all optimizers.
    @Test func panelsOfTheFigure() throws {
        func panels(_ figure: GnuplotFigure) -> Int { figure.body.components(separatedBy: "# Panel ").count - 1 }
        let both = try Self.outcome().figure()
        #expect(panels(both) == 4 && both.data.map(\.name) == ["curves", "marks"])
        #expect(both.body.contains("'torch, from 6'") && both.body.contains("'paper, from 5'"))
        let one = try Self.outcome(implementations: [.authors]).figure()
        #expect(panels(one) == 2 && one.body.contains("'radam, from 6'") && one.body.contains("'adam-warmup:4'"))
        // More than there is room for, in both directions, and nothing to draw.
        let many = try Self.outcome(beta2: (1...20).map { 1 - 1 / Double(10 * $0) }).figure()
        #expect(panels(many) == 12)
        _ = try Self.outcome(optimizers: (1...9).map { .adamFreeze(steps: $0) }, implementations: [.paper], steps: [1]).figure()
        _ = try Self.outcome(optimizers: [.adam], beta2: [0.5], steps: [7]).figure()
    }

    @Test func domains() {
        #expect(throws: ParameterError.self) { try Self.outcome(beta2: [1]) }
        #expect(throws: ParameterError.self) { try Self.outcome(beta2: [.nan]) }
        #expect(throws: ParameterError.self) { try Self.outcome(optimizers: [.sgd()]) }
    }
}
