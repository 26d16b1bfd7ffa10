import Errors
import Files
import Foundation
import Optimizers
import TestSupport
import Testing

@testable import Experiments
@testable import Training

/// What a training experiment refuses at once, what decides its numbers, and what is kept of a run.
@Suite struct TrainExperimentTests {
    private func experiment(
        task: TrainingTask = .digits, steps: Int = 4, histogramSteps: [Int] = [], recordedCoordinates: Int = 0,
        change: (inout TrainingSettings, inout TrainingGrid) -> Void = { _, _ in }
    ) throws -> TrainExperiment {
        let defaults = TrainingDefaults(task, .small)
        var settings = TrainingSettings(task: task, preset: .small)
        var grid = TrainingGrid(
            methods: [StretchedMethod(.radam())], learningRates: [defaults.learningRate], seeds: [0], steps: steps,
            settings: defaults.methodSettings(steps: max(1, steps)), implementation: .paper)
        change(&settings, &grid)
        return try TrainExperiment(
            settings: settings, grid: grid, histogramSteps: histogramSteps, recordedCoordinates: recordedCoordinates)
    }

    @Test func whatNeedsNoDataIsRefusedAtOnce() {
        func parameter(_ body: () throws -> TrainExperiment) -> Parameter? {
            do {
                _ = try body()
                return nil
            } catch {
                return (error as? ParameterError)?.parameter
            }
        }
        // For text, whose vocabulary takes a second to learn.
        let start = ContinuousClock.now
        #expect(parameter { try experiment(task: .deEn, histogramSteps: [5]) } == .histogramSteps)
        #expect(parameter { try experiment(task: .deEn, recordedCoordinates: -1) } == .recordGradients)
        #expect(parameter { try experiment(task: .deEn) { settings, _ in settings.dropout = 1 } } == .dropout)
        #expect(parameter { try experiment(task: .deEn) { settings, _ in settings.dropout = .nan } } == .dropout)
        #expect(parameter { try experiment(task: .mlm) { settings, _ in settings.labelSmoothing = -1 } } == .labelSmoothing)
        #expect(parameter { try experiment(task: .digits) { settings, _ in settings.dropout = 0.1 } } == .dropout)
        #expect(parameter { try experiment(task: .digits) { settings, _ in settings.labelSmoothing = 1 } } == .labelSmoothing)
        #expect(parameter { try experiment(task: .deEn) { settings, _ in settings.flips = false } } == .flip)
        #expect(parameter { try experiment(task: .mlm) { settings, _ in settings.largestShift = 0 } } == .shift)
        #expect(parameter { try experiment(task: .fashion) { settings, _ in settings.largestShift = 14 } } == .shift)
        #expect(parameter { try experiment(task: .digits) { settings, _ in settings.largestShift = 8 } } == .shift)
        #expect(parameter { try experiment(task: .fashion) { settings, _ in settings.dropout = 0.1 } } == .dropout)
        #expect(parameter { try experiment(task: .images) } == .images)
        #expect(parameter { try experiment(task: .digits) { settings, _ in settings.preset = .paper } } == .preset)
        #expect(parameter { try experiment(task: .deEn) { settings, _ in settings.preset = .paper } } == .preset)
        #expect(parameter { try experiment(task: .fashion) { settings, _ in settings.preset = .paper } } == nil)
        #expect(parameter { try experiment(task: .deEn, steps: .max) } == .steps)
        #expect(parameter { try experiment(task: .digits, steps: .min) } == .steps)
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(parameter { try experiment(recordedCoordinates: 1 << 40) } == nil)
    }

    @Test func moreCoordinatesThanParametersAreRefusedOnceTheNetworkIsMade() throws {
        #expect(throws: ParameterError.self) { try experiment(recordedCoordinates: 1 << 40).prepare(threads: 1) }
    }

    /// Everything that changes the numbers changes the options, and nothing else does.
    @Test func theOptionsTellExperimentsApart() throws {
        let changes: [(inout TrainingSettings, inout TrainingGrid) -> Void] = [
            { _, _ in }, { settings, _ in settings.preset = .main }, { settings, _ in settings.labelSmoothing = 0.2 },
            { _, grid in grid.seeds = [1] }, { _, grid in grid.learningRates = [0.5] }, { _, grid in grid.steps = 5 },
            { _, grid in grid.implementation = .torch }, { _, grid in grid.betas[0].beta1 = 0.8 }, { _, grid in grid.betas[0].beta2 = 0.8 },
            { _, grid in grid.settings.epsilon = 1e-7 }, { _, grid in grid.settings.weightDecay = 1 }, { _, grid in grid.settings.isDecoupled = false },
            { _, grid in grid.settings.clippingNorm = 1 }, { _, grid in grid.settings.rmspropDecay = 0.5 },
            { _, grid in grid.settings.stepDecay = .linear(steps: 9) }, { _, grid in grid.settings.restartsMomentumCorrection = true },
            { _, grid in grid.freezesParameters = true }, { _, grid in grid.methods = [StretchedMethod(.adam)] },
            { _, grid in grid.methods = [StretchedMethod(name: "s", parts: [.init(firstStep: 1, method: .adam), .init(firstStep: 2, method: .adam)])] },
        ]
        var seen: Set<[String: String]> = []
        for change in changes { #expect(seen.insert(try experiment(change: change).options).inserted) }
        #expect(seen.insert(try experiment(histogramSteps: [1]).options).inserted)
        #expect(seen.insert(try experiment(recordedCoordinates: 3).options).inserted)
        #expect(seen.insert(try experiment(task: .deEn).options).inserted)
        #expect(seen.insert(try experiment(task: .mlm).options).inserted)
        #expect(seen.insert(try experiment(task: .fashion).options).inserted)
        #expect(seen.insert(try experiment(task: .fashion) { settings, _ in settings.flips = false }.options).inserted)
        #expect(seen.insert(try experiment(task: .fashion) { settings, _ in settings.largestShift = 0 }.options).inserted)
        #expect(seen.insert(try experiment { settings, _ in settings.flips = true }.options).inserted)
        #expect(seen.insert(try experiment { settings, _ in settings.largestShift = 1 }.options).inserted)
        #expect(seen.insert(try experiment { _, grid in grid.betas.append(DecayRates(beta1: 0.9, beta2: 0.99)) }.options).inserted)
        // What is the task's own is no other one.
        #expect(
            try experiment(task: .fashion) { settings, _ in (settings.flips, settings.largestShift) = (true, 1) }.options
                == experiment(task: .fashion).options)
        #expect(try experiment(histogramSteps: [2, 1, 2]).options == experiment(histogramSteps: [1, 2]).options)
        // A label smoothing that is the task's own is no other one.
        #expect(try experiment { settings, _ in settings.labelSmoothing = 0 }.options == experiment().options)
    }

    /// On images as they are, and on images that are mirrored and moved.
    @Test(arguments: [TrainingTask.digits, .fashion])
    func runsDoNotDependOnThreadsAndCarryOnAfterAnInterrupt(task: TrainingTask) throws {
        let experiment = try experiment(task: task, steps: 6, recordedCoordinates: 5) { _, grid in grid.seeds = [1, 2] }
        let whole = try experiment.run(threads: 1)
        let scratch = try Scratch()
        let checkpoints = Checkpoints(folder: try WorkFolder(in: scratch.path))
        let prepared = try experiment.prepare(threads: 2)
        // Interrupted after every iteration: each call goes one further.
        var calls = 0
        while true {
            let asked = Counter()
            let part = try prepared.run(checkpoints: checkpoints, isInterrupted: { asked.next() > 2 })
            calls += 1
            if part.unfinished == 0 || calls > 40 { break }
        }
        let resumed = try prepared.run(checkpoints: checkpoints)
        #expect(calls > 3 && resumed.unfinished == 0)
        #expect(try Data(resumed.record.encoded()) == Data(whole.record.encoded()))
        for (a, b) in zip(resumed.runs, whole.runs) {
            #expect(a.result.steps == b.result.steps && a.result.recorded == b.result.recorded)
        }
    }

    @Test func theFinalLossIsOfTheLastFiftySteps() {
        func result(_ losses: [(Int, Double)], divergedAt: Int? = nil) -> RunResult {
            var result = RunResult()
            result.steps = losses.map { .init(index: $0.0, loss: $0.1, gradientNorm: 1) }
            result.divergedAt = divergedAt
            return result
        }
        #expect(result([(1, 4), (2, 2)]).finalLoss == 3)
        // A freeze of three iterations.
        #expect(result([(-2, 100), (-1, 100), (0, 100), (1, 4), (2, 2)]).finalLoss == 3)
        #expect(result((1...60).map { ($0, $0 > 10 ? 1 : 100) }).finalLoss == 1)
        #expect(result((-49...10).map { ($0, $0 > 0 ? 1 : 100) }).finalLoss == 1)
        #expect(result([(1, 4)], divergedAt: 1).finalLoss == .infinity)
    }

    /// Tenths at half and three quarters of any number of steps.
    @Test(arguments: [1, 2, 3, 4, 60, 61, 62, 63, 460, 10_000_000, 1 << 50])
    func digitsDecayAtHalfAndThreeQuarters(steps: Int) {
        let exact = Double(steps) * 0.75
        guard case .steps(let milestones, let factor) = TrainingDefaults(.digits, .small).decay(steps) else {
            Issue.record("no milestones")
            return
        }
        #expect(factor == 0.1 && milestones.count == 2 && milestones[0] == max(1, steps / 2))
        #expect(Double(milestones[1]) <= max(1, exact) && Double(milestones[1]) > exact - 1)
    }

    /// 64,124 steps, and the rate divided by ten behind epochs 81 and 122 of 391 steps each; in proportion for any other number.
    @Test func theScheduleOfThePaper() {
        let defaults = TrainingDefaults(.images, .paper)
        #expect(defaults.steps == 64_124)
        #expect(defaults.methodSettings.stepDecay == .steps(milestones: [81 * 391, 122 * 391], factor: 0.1))
        #expect(defaults.decay(164) == .steps(milestones: [81, 122], factor: 0.1))
        #expect(defaults.decay(1) == .steps(milestones: [1, 1], factor: 0.1))
        guard case .steps(let milestones, _) = defaults.decay(1 << 60) else {
            Issue.record("no milestones")
            return
        }
        #expect(abs(Double(milestones[0]) / 0x1p60 - 81.0 / 164) < 1e-9)
    }

    @Test func summaryLinesSayHowRunsEnded() throws {
        let outcome = try experiment(steps: 8) { _, grid in
            grid.methods = [StretchedMethod(.sgd(momentum: 0.9))]
            grid.learningRates = [0.01, 1e30]
            grid.seeds = [1, 2]
        }.run(threads: 1)
        let lines = outcome.summaryLines
        #expect(lines.count == 2, "\(lines)")
        #expect(lines[0].hasPrefix("sgd:0.9, learning rate 0.01, 2 seeds: final loss ") && lines[0].contains("validation accuracy"), "\(lines)")
        #expect(lines[1].hasPrefix("sgd:0.9, learning rate 1e+30, 2 seeds: ") && lines[1].contains("2 diverged"), "\(lines)")
        #expect(SweepOutcome(outcome).summaryLines == outcome.summaryLines)
    }
}

extension TrainOutcome.Record {
    fileprivate func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(self)
    }
}

/// How often something was asked.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
        lock.lock()
        defer { lock.unlock() }
        count += 1
        return count
    }
}
