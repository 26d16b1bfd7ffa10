import Optimizers
import Report

/// The multipliers as tables, arrays and a figure.
public struct ScheduleOutcome: Sendable {
    let experiment: ScheduleExperiment
    public let curves: [ScheduleCurve]

    /// `schedule.csv`: one row per curve and step.
    public func table() -> Table {
        curves.map { curve in
            let rows = curve.multipliers
            return Table(Self.names(of: curve, count: rows.count) + [
                Column("t", latex: "$t$", rows.map(\.step)),
                Column("rho", latex: #"$\rho_t$"#, rows.map(\.rho)),
                Column("rule", rows.map(\.rule.rawValue)),
                Column("multiplier", latex: #"$\alpha_t r_t/\alpha$"#, rows.map(\.value)),
                Column("adaptive_multiplier", latex: "adaptive", rows.map(\.adaptiveValue)),
            ])
        }.joined()
    }

    /// `schedule_summary.csv`: one row per curve.
    public func summaryTable() -> Table {
        curves.map { curve in
            Table(Self.names(of: curve, count: 1) + [
                Column("first_rectified_step", latex: "first rectified step", [curve.firstRectifiedStep]),
                Column(
                    "warmup_length_rule_of_thumb", latex: #"$2/(1-\beta_2)$"#, [curve.schedule.warmupLengthRuleOfThumb]),
                Column("warmup_length_equivalent", latex: "$T_w$", [curve.equivalentWarmupLength]),
            ])
        }.joined()
    }

    private static func names(of curve: ScheduleCurve, count: Int) -> [Column] {
        [
            Column("optimizer", repeating: curve.schedule.specification.description, count: count),
            Column("like", repeating: curve.schedule.implementation.rawValue, count: count),
            Column("beta2", latex: #"$\beta_2$"#, repeating: curve.schedule.beta2, count: count),
        ]
    }

    /// The adaptive multipliers of each curve, [steps], as a `.npy` file and its name.
    public func arrays() -> [(name: String, bytes: [UInt8])] {
        curves.map { curve in
            let schedule = curve.schedule
            // Colons are not for file names.
            let optimizer = String(schedule.specification.description.map { $0 == ":" ? "-" : $0 })
            let beta2 = ShortestDigits.text(of: schedule.beta2)
            let values = curve.multipliers.map(\.adaptiveValue)
            return (
                "multiplier-\(optimizer)-\(schedule.implementation.rawValue)-\(beta2).npy",
                NpyWriter.bytes(of: values, shape: [values.count])
            )
        }
    }

    /// To be written and rendered.
    public func figure() -> GnuplotFigure { ScheduleFigure(outcome: self).figure() }

    /// `run.json`: all that decides the results.
    public func runRecord(version: String) -> [UInt8] {
        let optimizers = experiment.optimizers.map(\.description)
        let implementations = experiment.implementations.map(\.rawValue)
        let command = [
            "varlab schedule",
            "--optimizer \(optimizers.joined(separator: ","))",
            "--like \(implementations.joined(separator: ","))",
            "--beta2 \(experiment.beta2.map(ShortestDigits.text).joined(separator: ","))",
            "--steps \(Self.ranges(experiment.steps))",
            "--precision \(experiment.precision.rawValue)",
        ].joined(separator: " ")
        return runRecordBytes(Record(
            program: "varlab", version: version, command: command,
            parameters: .init(
                optimizers: optimizers, like: implementations, beta2: experiment.beta2, steps: Self.ranges(experiment.steps),
                precision: experiment.precision.rawValue)))
    }

    /// `1-10,50,100-1000:100` for ascending steps.
    static func ranges(_ steps: [Int]) -> String {
        var parts: [String] = []
        var start = 0
        while start < steps.count {
            var end = start
            let stride = start + 1 < steps.count ? steps[start + 1] - steps[start] : 0
            while end + 1 < steps.count, steps[end + 1] - steps[end] == stride { end += 1 }
            if end - start < 2 {
                parts.append("\(steps[start])")
                start += 1
            } else {
                parts.append("\(steps[start])-\(steps[end])" + (stride == 1 ? "" : ":\(stride)"))
                start = end + 1
            }
        }
        return parts.joined(separator: ",")
    }

    private struct Record: Encodable {
        let program: String
        let version: String
        let command: String
        let parameters: Parameters

        struct Parameters: Encodable {
            let optimizers: [String]
            let like: [String]
            let beta2: [Double]
            let steps: String
            let precision: String
        }
    }
}
