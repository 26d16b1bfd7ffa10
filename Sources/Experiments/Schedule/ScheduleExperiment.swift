import Concurrency
import Errors
import Optimizers
import Report
import Theory
import Traces

/// The multiplier (α_t/α) r_t of named optimizers over the steps, for each implementation and β2.
///
/// Its table, one row per curve and step, comes in pieces: neither it nor a curve is ever in memory.
public struct ScheduleExperiment: PiecewiseTable {
    public let optimizers: [MethodSpecification]
    public let implementations: [Implementation]
    public let beta2: [Double]
    public let steps: [Int]
    public let precision: MultiplierSchedule.Precision
    /// The recorded gradients whose law an r_t is of.
    let inputs: [InputFile]
    let schedules: [MultiplierSchedule]

    /// Those of the figure: RAdam in every implementation.
    public static let defaultBeta2 = [0.9, 0.99, 0.999]
    public static let defaultSteps = Array(1...2000)

    /// What is named twice counts once.
    ///
    /// - Parameters:
    ///   - steps: ascending, from 1 on.
    ///   - inputs: files that an optimizer's law of r_t was read from, for the record.
    /// - Throws: `ParameterError` for a β2 outside an optimizer's domain, for an optimizer without adaptive rate, and for a step beyond
    ///   the longest schedule.
    public init(
        optimizers: [MethodSpecification] = [.radam()], implementations: [Implementation] = Implementation.allCases,
        beta2: [Double] = Self.defaultBeta2, steps: [Int] = Self.defaultSteps, precision: MultiplierSchedule.Precision = .float64,
        inputs: [InputFile] = []
    ) throws(ParameterError) {
        if let last = steps.last, last > OptimizationMethod.longestSchedule {
            throw ParameterError(
                parameter: .steps, value: last, rule: "must not exceed \(OptimizationMethod.longestSchedule)")
        }
        self.optimizers = optimizers.withoutRepetition
        self.implementations = implementations.withoutRepetition
        self.beta2 = beta2.withoutRepetition
        self.steps = steps
        self.precision = precision
        self.inputs = inputs
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

    public var rowCount: Int { product(schedules.count, steps.count) }

    /// `schedule.csv`: one row per curve and step.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for schedule in schedules {
            try forEachPiece(of: schedule) { try body(Self.table(of: $0, schedule)) }
        }
    }

    /// The multipliers of a curve at all steps, a few thousand at a time.
    func forEachPiece(of schedule: MultiplierSchedule, _ body: ([Multiplier]) throws -> Void) rethrows {
        var sequence = schedule.sequence()
        for piece in (0..<steps.count).chunks(of: Self.piece) { try body(sequence.multipliers(at: steps[piece])) }
    }

    /// The exact law is computed in one pass for each.
    private static let piece = 1 << 14

    static func table(of rows: [Multiplier], _ schedule: MultiplierSchedule) -> Table {
        Table(names(of: schedule, count: rows.count) + [
            Column("t", latex: "$t$", rows.map(\.step)),
            Column("rho", latex: #"$\rho_t$"#, rows.map(\.rho)),
            Column("rule", rows.map(\.rule.rawValue)),
            Column("multiplier", latex: #"$\alpha_t r_t/\alpha$"#, rows.map(\.value)),
            Column("adaptive_multiplier", latex: "adaptive", rows.map(\.adaptiveValue)),
        ])
    }

    /// `schedule_summary.csv`: one row per curve.
    public func summaryTable(threads: Int = 1) throws -> Table {
        concurrentMap(schedules, threads: threads) { schedule in
            Table(Self.names(of: schedule, count: 1) + [
                Column("first_rectified_step", latex: "first rectified step", [schedule.firstRectifiedStep]),
                Column("warmup_length_rule_of_thumb", latex: #"$2/(1-\beta_2)$"#, [schedule.warmupLengthRuleOfThumb]),
                Column("warmup_length_equivalent", latex: "$T_w$", [schedule.equivalentWarmupLength]),
            ])
        }.joined()
    }

    private static func names(of schedule: MultiplierSchedule, count: Int) -> [Column] {
        [
            Column("optimizer", repeating: schedule.specification.description, count: count),
            Column("like", repeating: schedule.implementation.rawValue, count: count),
            Column("beta2", latex: #"$\beta_2$"#, repeating: schedule.beta2, count: count),
        ]
    }

    /// All that there is to write, but for what is as long as the steps.
    public func run(threads: Int) throws -> ScheduleOutcome {
        let drawn = drawnSteps
        return ScheduleOutcome(
            experiment: self, drawnSteps: drawn, summary: try summaryTable(threads: threads),
            curves: concurrentMap(schedules, threads: threads) { ScheduleCurve(of: $0, experiment: self, drawing: drawn) })
    }

    /// As many as a logarithmic axis can show.
    private var drawnSteps: [Int] {
        var drawn: [Int] = []
        for step in steps where step >= drawn.last.map({ max($0 + 1, $0 + $0 * 23 / 900) }) ?? 1 { drawn.append(step) }
        if let last = steps.last, drawn.last != last { drawn.append(last) }
        return drawn
    }
}

/// What a figure shows of one optimizer in one implementation at one β2.
struct ScheduleCurve: Sendable {
    let schedule: MultiplierSchedule
    /// At the drawn steps.
    private(set) var multipliers: [Multiplier] = []
    let firstRectifiedStep: Int?
    /// That step's, where it is among the steps.
    private(set) var firstRectified: Multiplier?
    let equivalentWarmupLength: Double?
    /// Whether one of the steps is a momentum step.
    private(set) var hasMomentumSteps = false
    /// The least positive adaptive multiplier.
    private(set) var leastAdaptiveValue = Double.infinity

    init(of schedule: MultiplierSchedule, experiment: ScheduleExperiment, drawing drawn: [Int]) {
        self.schedule = schedule
        firstRectifiedStep = schedule.firstRectifiedStep
        equivalentWarmupLength = schedule.equivalentWarmupLength
        var rest = drawn[...]
        experiment.forEachPiece(of: schedule) { piece in
            for multiplier in piece {
                if multiplier.step == rest.first {
                    multipliers.append(multiplier)
                    rest.removeFirst()
                }
                if multiplier.step == firstRectifiedStep { firstRectified = multiplier }
                if multiplier.rule == .momentum, multiplier.value > 0 { hasMomentumSteps = true }
                if multiplier.adaptiveValue > 0 { leastAdaptiveValue = min(leastAdaptiveValue, multiplier.adaptiveValue) }
            }
        }
    }
}

extension Array where Element: Hashable {
    /// The first of each, in order.
    fileprivate var withoutRepetition: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
