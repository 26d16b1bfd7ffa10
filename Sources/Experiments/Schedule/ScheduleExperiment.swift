import Concurrency
import Errors
import Optimizers
import Report
import Theory

/// The multiplier (α_t/α) r_t of named optimizers over the steps, for each implementation and β2.
public struct ScheduleExperiment: Sendable {
    public let optimizers: [MethodSpecification]
    public let implementations: [Implementation]
    public let beta2: [Double]
    public let steps: [Int]
    public let precision: MultiplierSchedule.Precision
    private let schedules: [MultiplierSchedule]

    /// Those of the figure: RAdam in every implementation.
    public static let defaultBeta2 = [0.9, 0.99, 0.999]
    public static let defaultSteps = Array(1...2000)

    /// What is named twice counts once.
    ///
    /// - Parameter steps: ascending, from 1 on.
    /// - Throws: `ParameterError` for a β2 outside an optimizer's domain, and for an optimizer without adaptive rate.
    public init(
        optimizers: [MethodSpecification] = [.radam()], implementations: [Implementation] = Implementation.allCases,
        beta2: [Double] = Self.defaultBeta2, steps: [Int] = Self.defaultSteps, precision: MultiplierSchedule.Precision = .float64
    ) throws(ParameterError) {
        self.optimizers = optimizers.withoutRepetition
        self.implementations = implementations.withoutRepetition
        self.beta2 = beta2.withoutRepetition
        self.steps = steps
        self.precision = precision
        var schedules: [MultiplierSchedule] = []
        for optimizer in self.optimizers {
            for implementation in self.implementations {
                for beta2 in self.beta2 {
                    var settings = MethodSettings()
                    settings.beta2 = beta2
                    schedules.append(
                        try MultiplierSchedule(optimizer, settings: settings, like: implementation, precision: precision))
                }
            }
        }
        self.schedules = schedules
    }

    /// All that there is to write.
    public func run(threads: Int) throws -> ScheduleOutcome {
        ScheduleOutcome(experiment: self, curves: try concurrentMap(schedules, threads: threads) { schedule in
            ScheduleCurve(
                schedule: schedule, multipliers: schedule.multipliers(at: steps),
                firstRectifiedStep: schedule.firstRectifiedStep, equivalentWarmupLength: schedule.equivalentWarmupLength)
        })
    }
}

/// One optimizer in one implementation at one β2.
public struct ScheduleCurve: Sendable {
    public let schedule: MultiplierSchedule
    /// At the experiment's steps.
    public let multipliers: [Multiplier]
    public let firstRectifiedStep: Int?
    public let equivalentWarmupLength: Double?
}

extension Array where Element: Hashable {
    /// The first of each, in order.
    fileprivate var withoutRepetition: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
