import Optimizers
import Report

/// The multipliers over the steps: one panel per β2, and per optimizer where several meet several implementations; one curve per
/// implementation, or per optimizer where there is one implementation.
struct ScheduleFigure {
    let outcome: ScheduleOutcome

    /// Panels and curves beyond these are in the table alone.
    private static let mostPanels = 12
    private static let mostCurves = 7
    private static let name = "schedule"

    private var experiment: ScheduleExperiment { outcome.experiment }
    private var comparesImplementations: Bool { experiment.implementations.count > 1 || experiment.optimizers.count == 1 }
    private var panelOptimizers: [MethodSpecification?] {
        comparesImplementations ? experiment.optimizers.map { $0 } : [nil]
    }

    private struct Panel {
        let optimizer: MethodSpecification?
        let curves: [ScheduleCurve]

        /// T_w of the first curve that has one: implementations differ little.
        var warmupLength: Double? { curves.lazy.compactMap(\.equivalentWarmupLength).first }

        var warmupTitle: String? {
            warmupLength.map { length in
                let rounded = ShortestDigits.text(of: (length * 10).rounded() / 10)
                let owner = curves.first { $0.equivalentWarmupLength != nil }!.schedule.specification.description
                return "{/:Italic T}_w = \(rounded)" + (optimizer == nil ? " (\(ScheduleFigure.escaped(owner)))" : "")
            }
        }

        /// A narrow panel has its T_w in the key.
        func title(isWide: Bool) -> String {
            [
                optimizer.map { ScheduleFigure.escaped($0.description) },
                "{/:Italic β}_2 = \(ShortestDigits.text(of: curves[0].schedule.beta2))", isWide ? warmupTitle : nil,
            ].compactMap { $0 }.joined(separator: ", ")
        }
    }

    func figure() -> GnuplotFigure {
        let panels = panels
        // Stacked in one column while they are few and alike.
        let columns = panelOptimizers.count > 1 ? min(panelOptimizers.count, 3) : panels.count > 4 ? 3 : 1
        let rows = (panels.count + columns - 1) / columns
        let size: FigureSize = columns == 1
            ? .oneColumn(height: 0.75 + 1.5 * Double(rows)) : .twoColumns(height: 0.75 + 1.6 * Double(rows))
        let grid = PanelGrid(
            rows: rows, columns: columns, count: panels.count, size: size, left: 38, right: 8, bottom: 28, top: columns == 1 ? 42 : 30,
            columnGap: 10, rowGap: 18)
        let steps = outcome.drawnSteps
        let first = steps.first ?? 1
        let low = lowestPower(panels)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [\(first):\(max(first + 1, steps.last ?? 1))]
            set yrange [1e\(low):1.8]
            set key bottom right Left reverse samplen 1.6 spacing 0.95 width -2 font ',7' opaque

            """
        for (index, panel) in panels.enumerated() {
            body += grid.panel(
                index, title: panel.title(isWide: columns == 1), xLabel: "step {/:Italic t}", yLabel: "multiplier",
                xFormat: GnuplotScript.powersOfTen, yFormat: GnuplotScript.powersOfTen)
            body += plot(panel, index: index, isWide: columns == 1)
        }
        body += grid.legend([
            ("first rectified step", "with points linetype 1 pointtype 7 pointsize 0.5"),
            ("momentum step", "with points linetype 1 pointtype 6 pointsize 0.5"),
            ("linear warmup, {/:Italic T}_w steps", "with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid"),
        ], lines: columns == 1 ? 2 : 1)
        return GnuplotFigure(
            name: Self.name, caption: "The factor on the step size of each method (\(experiment.precision.rawValue))", size: size,
            data: [.init(name: "curves", table: curveTable(panels)), .init(name: "marks", table: markTable(panels))],
            body: body + grid.end)
    }

    private var panels: [Panel] {
        let all = experiment.beta2.flatMap { beta2 in
            panelOptimizers.map { optimizer in
                let curves = outcome.curves.filter {
                    $0.schedule.beta2 == beta2 && (optimizer == nil || $0.schedule.specification == optimizer)
                }
                return Panel(optimizer: optimizer, curves: Array(curves.prefix(Self.mostCurves)))
            }
        }
        return Array(all.prefix(Self.mostPanels))
    }

    private static func escaped(_ text: String) -> String { methodLabel(text) }

    /// What tells the curves of a panel apart.
    private func key(of curve: ScheduleCurve) -> String {
        comparesImplementations ? curve.schedule.implementation.rawValue : curve.schedule.specification.description
    }

    /// The plot command of a panel: the widest lines first, so that of curves that coincide all are seen.
    private func plot(_ panel: Panel, index: Int, isWide: Bool) -> String {
        let curves = GnuplotFigure.dataFile(figure: Self.name, part: "curves")
        let marks = GnuplotFigure.dataFile(figure: Self.name, part: "marks")
        func value(_ column: String) -> String { GnuplotScript.value(column, where: "panel", equals: Double(index + 1)) }
        var parts: [String] = []
        if let title = panel.warmupTitle {
            parts.append(
                "'\(curves)' using 't':\(value("linear_warmup")) with lines linecolor rgb '#777777' linewidth 0.7 dashtype solid"
                    + (isWide ? "" : " title \(PanelGrid.quoted(title))"))
        }
        for (number, curve) in panel.curves.enumerated() {
            let style = style(number, of: panel.curves.count)
            let suffix = curve.firstRectifiedStep.map { ", from \($0)" } ?? ""
            let title = PanelGrid.quoted(Self.escaped(key(of: curve)) + suffix)
            parts.append("'\(curves)' using 't':\(value(key(of: curve))) with lines \(style.line) title \(title)")
        }
        for (number, curve) in panel.curves.enumerated() {
            let style = style(number, of: panel.curves.count)
            let ring = "pointtype 6 linewidth 0.8 linecolor rgb '\(style.colour)' pointsize \(style.pointSize)"
            if curve.hasMomentumSteps {
                parts.append("'\(curves)' using 't':\(value("\(key(of: curve)) momentum")) with points \(ring)")
            }
            if let multiplier = curve.firstRectified, multiplier.adaptiveValue > 0 {
                parts.append(
                    "'\(marks)' using 't':\(value("mark \(key(of: curve))")) with points pointtype 7 linecolor rgb '\(style.colour)' "
                        + "pointsize \(style.pointSize)")
            }
        }
        return "plot " + parts.joined(separator: ", \\\n     ") + "\n"
    }

    /// Nested lines, light and dark in turn, for implementations, whose curves mostly coincide; dashes for optimizers.
    private func style(_ number: Int, of count: Int) -> (line: String, colour: String, pointSize: String) {
        if !comparesImplementations {
            let palette = Palette(rawValue: number + 1)!
            return ("linetype \(palette.lineType) linewidth 1.2", palette.colour, "0.5")
        }
        let nested: [(Palette, String, String)] = [
            (.orange, "4.6", "0.85"), (.blue, "3", "0.62"), (.sky, "1.7", "0.42"), (.black, "0.6", "0.22"),
        ]
        let (palette, width, point) = count == 1 ? (.black, "1.2", "0.5") : nested[number + nested.count - count]
        return ("linecolor rgb '\(palette.colour)' linewidth \(width) dashtype solid", palette.colour, point)
    }

    private func lowestPower(_ panels: [Panel]) -> Int {
        guard var least = panels.flatMap(\.curves).map(\.leastAdaptiveValue).min(), least.isFinite else { return -1 }
        var power = 0
        while least < 1, power > -6 { (least, power) = (least * 10, power - 1) }
        return min(power, -1)
    }

    /// `schedule-curves.csv`: adaptive multipliers of each curve, its momentum steps, and the linear warmup of the first curve.
    private func curveTable(_ panels: [Panel]) -> Table {
        let steps = outcome.drawnSteps
        return panels.enumerated().map { index, panel in
            var columns = [
                Column("panel", repeating: index + 1, count: steps.count),
                Column("beta2", repeating: panel.curves[0].schedule.beta2, count: steps.count), Column("t", steps),
            ]
            let length = panel.warmupLength
            columns.append(Column("linear_warmup", steps.map { step -> Double? in length.map { min(1, Double(step) / $0) } }))
            for curve in panel.curves {
                let drawn = curve.multipliers
                columns.append(Column(key(of: curve), drawn.map { $0.adaptiveValue > 0 ? $0.adaptiveValue : nil }))
                columns.append(Column("\(key(of: curve)) momentum", drawn.map { $0.rule == .momentum ? $0.value : nil }))
            }
            return Table(columns)
        }.joined()
    }

    /// `schedule-marks.csv`: the first rectified steps.
    private func markTable(_ panels: [Panel]) -> Table {
        panels.enumerated().map { index, panel in
            let steps = Set(panel.curves.compactMap(\.firstRectifiedStep)).sorted()
            return Table([
                Column("panel", repeating: index + 1, count: steps.count), Column("t", steps),
            ] + panel.curves.map { curve in
                Column("mark \(key(of: curve))", steps.map { step -> Double? in
                    guard let first = curve.firstRectified, step == first.step, first.adaptiveValue > 0 else { return nil }
                    return first.adaptiveValue
                })
            })
        }.joined()
    }
}
