import GradientStatistics
import Report

extension GradientsOutcome {
    /// Figures with their data and scripts, to be written and rendered.
    public func figures() throws -> [GnuplotFigure] {
        [
            histogramFigure().figure(table: histogramTable()), PsiTraceFigure(outcome: self).figure(table: try psiTable()),
            GradientLadderFigure(ladders: arrays.map { ($0.source.label, $0.ladder) }).figure(table: ladderTable()),
        ]
    }

    /// A panel for each file; in it a ridge for each step, or for each array of a file that has several, over all its chosen steps.
    private func histogramFigure() -> RidgelineFigure {
        var panels: [RidgelineFigure.Panel] = []
        var row = 0
        for file in inputs.indices {
            let members = arrays.filter { $0.source.file == file }
            var ridges: [RidgelineFigure.Ridge] = []
            for member in members {
                for (step, histogram) in self.ridges(member) {
                    if members.count == 1 || step == nil {
                        ridges.append(.init(label: step.map(String.init) ?? member.source.array.name, histogram: histogram, row: row))
                    }
                    row += histogram.counts.count + 2
                }
            }
            let path = members[0].source.path
            panels.append(
                members.count == 1
                    ? .init(title: members[0].source.array.name, axis: "step {/:Italic t}", ridges: ridges)
                    : .init(title: path.split(separator: "/").last.map(String.init) ?? path, axis: "", ridges: ridges))
        }
        return RidgelineFigure(name: "gradient_histogram", panels: panels)
    }
}

/// Var[ψ_t] across the coordinates of recorded traces, with the exact law at μ = 0 and at the estimated |μ|/σ.
struct PsiTraceFigure {
    let outcome: GradientsOutcome

    /// More arrays than this are in the table alone.
    private static let mostPanels = 12

    func figure(table: Table) -> GnuplotFigure {
        let name = "gradient_psi"
        let file = GnuplotFigure.dataFile(figure: name)
        let shown = outcome.arrays.prefix(Self.mostPanels)
        let columns = min(shown.count, 3)
        let rows = (shown.count + columns - 1) / columns
        let size: FigureSize = columns == 1 ? .oneColumn(height: 2.5) : .twoColumns(height: 1 + 1.75 * Double(rows))
        let grid = PanelGrid(
            rows: rows, columns: columns, count: shown.count, size: size, left: 42, right: 8, bottom: 28,
            top: columns == 1 ? 66 : 42, columnGap: 12, rowGap: 20)
        let last = max(10, shown.map(\.source.array.stepCount).max() ?? 10)
        let decades = decades(Array(shown))
        let (low, high) = (decades?.low ?? -4, decades?.high ?? 1)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [0.9:\(last)]
            set yrange [1e\(low):1e\(high)]
            set ytics 1e\(low),\(high - low > 6 ? 100 : 10)
            unset mytics

            """
        var start = 0
        for (index, result) in shown.enumerated() {
            let rows = "every ::\(start)::\(start + result.sections.count - 1)"
            start += result.sections.count
            func line(_ column: String, _ style: String) -> String {
                "using 't':\(GnuplotScript.value(column)) \(rows) with \(style)"
            }
            body += grid.panel(
                index, title: GnuplotScript.escaped(result.source.label), xLabel: "step {/:Italic t}",
                yLabel: "Var[{/:Italic ψ_t}]", xFormat: GnuplotScript.powersOfTen, yFormat: GnuplotScript.powersOfTen)
            body += """
                plot '\(file)' \(line("var_psi", "points linetype 2 pointtype 7 pointsize 0.3")), \\
                     '' \(line("var_exact_zero_mu", "lines linetype 1 linewidth 1.2")), \\
                     '' \(line("var_exact_estimated_mu", "lines linetype 3 linewidth 1.2")), \\
                     '' \(line("var_exact_mixture", "lines linetype 4 linewidth 1.2"))

                """
        }
        body += grid.legend([
            ("across coordinates", "with points linetype 2 pointtype 7 pointsize 0.5"),
            ("exact, {/:Italic μ} = 0", "with lines linetype 1 linewidth 1.2"),
            ("exact, estimated {/:Italic μ}", "with lines linetype 3 linewidth 1.2"),
            ("the same, with the spread of means", "with lines linetype 4 linewidth 1.2"),
        ], lines: columns == 1 ? 4 : 2)
        return GnuplotFigure(
            name: name, caption: "Var[psi_t] across the coordinates of recorded gradients, with the exact law for normal ones",
            size: size, table: table, body: body + grid.end)
    }

    /// Everything that is drawn.
    private func decades(_ shown: [ArrayResult]) -> Decades? {
        var values: [Double] = []
        for result in shown {
            values += result.sections.compactMap(\.variance)
            values += result.reference.flatMap { [$0.varianceAtZero, $0.variance, $0.mixtureVariance] }
        }
        return Decades(around: values)
    }
}
