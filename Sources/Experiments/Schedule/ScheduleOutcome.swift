import Files
import Optimizers
import Report

/// The multipliers as tables, arrays and a figure.
public struct ScheduleOutcome: Outcome {
    let experiment: ScheduleExperiment
    let drawnSteps: [Int]
    /// `schedule_summary.csv`: one row per curve.
    public let summary: Table
    let curves: [ScheduleCurve]

    /// Writes the table and the arrays as they come.
    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        let figure = figure()
        try figure.write(to: folder)
        try folder.write(summary, as: "schedule_summary.csv")
        try folder.write(record(provenance).bytes(), as: "run.json")
        let table = try folder.stage("schedule.csv")
        var isFirst = true
        for schedule in experiment.schedules {
            let array = try folder.stage(Self.arrayName(of: schedule))
            try array.write(NpyWriter.header(shape: [experiment.steps.count]))
            try experiment.forEachPiece(of: schedule) { multipliers in
                let bytes = CSVWriter().bytes(of: ScheduleExperiment.table(of: multipliers, schedule))
                // The names of the columns stand at the top alone.
                let start = isFirst ? 0 : bytes.firstIndex(of: UInt8(ascii: "\n"))! + 1
                try bytes.withUnsafeBytes { try table.write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
                isFirst = false
                try multipliers.map(\.adaptiveValue).withUnsafeBytes { try array.write($0) }
            }
            try array.close()
        }
        try table.close()
        return [figure]
    }

    /// The array of a curve's adaptive multipliers, [steps].
    static func arrayName(of schedule: MultiplierSchedule) -> String {
        // Colons are not for file names.
        let optimizer = String(schedule.specification.description.map { $0 == ":" ? "-" : $0 })
        return "multiplier-\(optimizer)-\(schedule.implementation.rawValue)-\(ShortestDigits.text(of: schedule.beta2)).npy"
    }

    /// To be written and rendered.
    public func figure() -> GnuplotFigure { ScheduleFigure(outcome: self).figure() }

    /// `run.json`: all that decides the results.
    func record(_ provenance: Provenance) throws -> RunRecord<Parameters> {
        RunRecord(
            provenance,
            parameters: Parameters(
                optimizers: experiment.optimizers, like: experiment.implementations, beta2: experiment.beta2,
                steps: Self.ranges(experiment.steps), precision: experiment.precision),
            inputs: experiment.inputs)
    }

    struct Parameters: Encodable, Sendable {
        let optimizers: [MethodSpecification]
        let like: [Implementation]
        let beta2: [Double]
        let steps: String
        let precision: MultiplierSchedule.Precision
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
}
