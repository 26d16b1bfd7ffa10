import Report

extension SimulateOutcome {
    /// The histograms of ρ̂_t over batches at the first mean, with ρ_t, ν_t and the ρ of the exact variance marked.
    func rhoHistogramFigure() throws -> GnuplotFigure {
        let parameters = experiment.parameters
        return HistogramFigure(
            name: "rho_histogram", caption: "The rho that the variance of a batch implies, beside rho_t, nu_t and the exact one",
            steps: parameters.sampleSteps, bins: try rhoHistogramTable(meanIndices: [0]),
            bars: ("count", "batches of \(parameters.trajectories / experiment.batchCount)"),
            xLabel: "{/:Italic ρ̂_t}", yLabel: "batches",
            marks: [
                .init(column: "rho_exact", title: "exact variance", label: "exact", style: .black, width: 1.6),
                .init(column: "rho_t", title: "{/:Italic ρ_t} of the paper", label: "ρ", style: .vermillion, width: 1.2),
                .init(column: "nu_t", title: "{/:Italic ν_t}", label: "ν", style: .blue, width: 0.9),
            ]
        ).figure
    }
}
