import Report

/// The histograms of ψ_t at μ = the first mean, with the densities that Scale-inv-χ² predicts over them.
struct PsiHistogramFigure {
    let outcome: SimulateOutcome

    func figure() throws -> GnuplotFigure {
        let name = "psi_histogram"
        let file = GnuplotFigure.dataFile(figure: name)
        let steps = outcome.experiment.parameters.sampleSteps
        let table = try outcome.histogramTable(meanIndices: [0])
        let layout = HistogramPanels(
            table: table, steps: steps, heights: ["density", "density_rho_t", "density_nu_t"])
        var body = layout.grid.begin
        for (index, step) in steps.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "t", equals: Double(step)) }
            body += layout.grid.panel(
                index, title: "{/:Italic t} = \(step)", xLabel: "{/:Italic ψ_t}", yLabel: "density")
            body += """
                \(layout.axes(step))
                plot '\(file)' using (0.5*(column('bin_low')+column('bin_high'))):\(value("density")):(column('bin_high')-column('bin_low')) \\
                        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \\
                     '' using (0.5*(column('bin_low')+column('bin_high'))):\(value("density_rho_t")) with lines linetype 3 linewidth 1.2, \\
                     '' using (0.5*(column('bin_low')+column('bin_high'))):\(value("density_nu_t")) with lines linetype 1 linewidth 1.2

                """
        }
        body += layout.grid.legend([
            ("simulated", "with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder"),
            ("Scale-inv-χ^2 at {/:Italic ρ_t}", "with lines linetype 3 linewidth 1.2"),
            ("Scale-inv-χ^2 at {/:Italic ν_t}", "with lines linetype 1 linewidth 1.2"),
        ])
        return GnuplotFigure(
            name: name, caption: "Histograms of psi_t and the densities that Scale-inv-chi-square predicts",
            size: layout.size, table: table, body: body + layout.grid.end)
    }
}
