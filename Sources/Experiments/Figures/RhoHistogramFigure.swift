import Report

/// The histograms of ρ̂_t over batches, with ρ_t, ν_t and the ρ of the exact variance marked.
struct RhoHistogramFigure {
    let outcome: SimulateOutcome

    func figure() throws -> GnuplotFigure {
        let name = "rho_histogram"
        let file = GnuplotFigure.dataFile(figure: name)
        let steps = outcome.experiment.parameters.sampleSteps
        let table = try outcome.rhoHistogramTable(meanIndices: [0])
        let layout = HistogramPanels(table: table, steps: steps, heights: ["count"])
        var body = layout.grid.begin
        for (index, step) in steps.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "t", equals: Double(step)) }
            body += layout.grid.panel(
                index, title: "{/:Italic t} = \(step)", xLabel: "{/:Italic ρ̂_t}", yLabel: "batches")
            body += """
                set xrange [*:*]
                set yrange [*:*]
                stats '\(file)' using \(value("rho_t")) name 'centre' nooutput
                stats '\(file)' using \(value("nu_t")) name 'satterthwaite' nooutput
                \(layout.axes(step))
                plot '\(file)' using (0.5*(column('bin_low')+column('bin_high'))):\(value("count")):(column('bin_high')-column('bin_low')) \\
                        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \\
                     '+' using (centre_max):(0):(0):(\(ShortestDigits.text(of: layout.height(step)))) every ::0::0 with vectors nohead linetype 3 linewidth 1.4, \\
                     '+' using (satterthwaite_max):(0):(0):(\(ShortestDigits.text(of: layout.height(step)))) every ::0::0 with vectors nohead linetype 1 linewidth 1.4

                """
        }
        body += layout.grid.legend([
            ("batches of \(outcome.experiment.parameters.trajectories / outcome.experiment.batchCount) trajectories", "with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder"),
            ("{/:Italic ρ_t} of the paper", "with lines linetype 3 linewidth 1.4"),
            ("{/:Italic ν_t}", "with lines linetype 1 linewidth 1.4"),
        ])
        return GnuplotFigure(
            name: name, caption: "The rho that the variance of a batch implies, beside rho_t and nu_t",
            size: layout.size, table: table, body: body + layout.grid.end)
    }
}
