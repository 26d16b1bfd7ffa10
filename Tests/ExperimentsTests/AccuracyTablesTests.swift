import Errors
import Optimizers
import Report
import Testing

@testable import Experiments
@testable import Training

/// Accuracies for print: means, spreads, and differences seed by seed.
@Suite struct AccuracyTablesTests {
    /// Runs that ended with given accuracies, method by method, rate by rate, seed by seed.
    private func outcome(_ methods: [String], rates: [Double], seeds: [UInt64], _ accuracies: [Double?]) throws -> TrainOutcome {
        let defaults = TrainingDefaults(.digits, .small)
        let grid = TrainingGrid(
            methods: try methods.map { StretchedMethod(name: $0, parts: [.init(firstStep: 1, method: try MethodSpecification(parsing: "adam"))]) },
            learningRates: rates, seeds: seeds, steps: 4, settings: defaults.methodSettings, implementation: .paper)
        let training = try TrainExperiment(settings: TrainingSettings(task: .digits, preset: .small), grid: grid).prepare(threads: 1)
        let results = accuracies.map { accuracy in
            var result = RunResult()
            if let accuracy {
                result.evaluations = [.init(step: 4, evaluation: Evaluation(loss: 1, negativeLogLikelihood: 1, accuracy: accuracy))]
            } else {
                result.divergedAt = 2
            }
            return result
        }
        return TrainOutcome(training: training, results: results)
    }

    @Test func aCellHasMeanAndDeviation() throws {
        let table = AccuracyTables(
            try outcome(["adam", "radam"], rates: [0.1, 0.01], seeds: [0, 1], [0.8, 0.82, 0.9, nil, nil, nil, 0.875, 0.885])).rates()
        #expect(table.columns.map(\.name) == ["method", "0.1", "0.01"])
        // The deviation of two numbers is their distance over √2; of one there is none.
        #expect(table.text(row: 0) == ["Adam", "81.0 ± 1.4", "90.0"])
        #expect(table.text(row: 1) == ["RAdam", "", "88.0 ± 0.7"])
    }

    /// Seed by seed: the spread of the differences is not that of the methods.
    @Test func differencesAreTakenSeedBySeed() throws {
        let tables = AccuracyTables(
            try outcome(["adam", "radam"], rates: [0.1], seeds: [0, 1, 2], [0.70, 0.80, 0.90, 0.71, 0.82, 0.93]))
        let table = tables.differences(of: "radam")
        #expect(table.text(row: 0) == ["RAdam", "Adam", "0.1", "3", "2", "1", "1", "3"])
    }

    @Test func theBestRateIsTakenAndComparedWithTheLastMethods() throws {
        let tables = AccuracyTables(
            try outcome(["adam", "radam"], rates: [0.1, 0.01], seeds: [0, 1], [0.7, 0.9, 0.82, 0.82, 0.9, 0.88, 0.8, 0.8]))
        let table = tables.best([("adam", 90.54), ("radam", 91.38)])
        #expect(table.text(row: 0) == ["Adam", "0.01", "2", "82.0 ± 0.0", "7.0 ± 1.4", "90.54"])
        #expect(table.text(row: 1) == ["RAdam", "0.1", "2", "89.0 ± 1.4", "", "91.38"])
    }

    @Test func stretchesAreComparedWithTheFirst() throws {
        let names = ["radam / radam / radam", "adam / radam / radam"]
        let tables = AccuracyTables(try outcome(names, rates: [0.1], seeds: [0], [0.9, 0.915]))
        let table = tables.stretches(names.map { ($0.split(separator: " / ").map(String.init), 90) })
        #expect(table.text(row: 0) == ["RAdam", "RAdam", "RAdam", "1", "90.0", "", "90"])
        #expect(table.text(row: 1) == ["Adam", "RAdam", "RAdam", "1", "91.5", "-1.5", "90"])
    }
}

extension Table {
    /// The cells of a row, none of which has a comma.
    fileprivate func text(row: Int) -> [String] {
        CSVWriter().text(of: self).split(separator: "\n")[row + 1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
