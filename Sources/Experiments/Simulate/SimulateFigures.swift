import Concurrency
import Report
import SpecialFunctions
import Theory

extension SimulateOutcome {
    /// The histograms of ψ_t at the first mean with the exact density through them, and those that Scale-inv-χ² predicts; nil
    /// where no ψ was collected.
    /// - Parameters:
    ///   - bins: ``histogramTable()``.
    ///   - binsFile: the file in the figure's folder that holds it; nil to leave the first mean's rows in a file of the figure's own.
    func psiHistogramFigure(bins: Table, binsFile: String? = nil) throws -> GnuplotFigure? {
        let parameters = experiment.parameters
        let steps = parameters.sampleSteps
        guard !steps.isEmpty, experiment.comparedMeans > 0 else { return nil }
        // Blocks of equal length, means within steps.
        let block = bins.rowCount / experiment.compared.count
        let starts = steps.indices.map { $0 * experiment.comparedMeans * block }
        // What the black curve is: of other laws the Gaussian reference where one has no density.
        let isExact = (0..<steps.count).allSatisfy { laws[$0 * experiment.comparedMeans].exact != nil }
        let reference = isExact ? "" : parameters.sequence == .independent ? " of Gaussian gradients" : " of independent Gaussian gradients"
        var lines: [HistogramFigure.Line] = []
        if isExact || hasOneMean {
            lines.append(.init(
                column: isExact ? "density_exact" : "density_normal", title: isExact ? "exact" : "exact, Gaussian",
                label: isExact ? "exact" : "Gaussian", style: .black, width: 1.6))
        }
        if hasOneMean {
            lines += [
                .init(
                    column: "density_rho_t", title: "Scale-inv-χ^2 at {/:Italic ρ_t}", label: "{/:Italic ρ_t}",
                    style: .vermillion, width: 0.9),
                .init(
                    column: "density_nu_t", title: "at {/:Italic ν_t}", label: "{/:Italic ν_t}", style: .blue, width: 0.9),
            ]
        }
        return HistogramFigure(
            name: "psi_histogram",
            caption: "Histograms of psi_t, \(gradientsCaption())"
                + (lines.isEmpty ? "" : ", and the exact density\(reference)")
                + (hasOneMean ? " beside those that Scale-inv-chi-square predicts" : ""),
            steps: steps, bins: bins.selecting(rows: starts.flatMap { $0..<$0 + block }),
            sharedBins: binsFile.map { .init(file: $0, firstRows: Dictionary(uniqueKeysWithValues: zip(steps, starts))) },
            bars: ("density", parameters.isStandard ? "simulated" : sourceTitle),
            xLabel: "{/:Italic ψ_t}", yLabel: "density", curves: lines.isEmpty ? nil : try psiCurves(), curveLines: lines
        ).figure
    }

    /// What the gradients are, for a caption; with the first mean, or without.
    func gradientsCaption(ofMean: Bool = true) -> String {
        let parameters = experiment.parameters, sequence = parameters.sequence
        let parts = [
            hasOneMean ? (ofMean ? "mu = \(ShortestDigits.text(of: parameters.means[0]))" : nil) : "means of each step", "gradients \(parameters.gradients)",
            sequence.autocorrelation == 0 ? nil : "autocorrelation \(ShortestDigits.text(of: sequence.autocorrelation))",
            sequence.scales == nil ? nil : "scales of each step",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// The same as a title in enhanced text.
    var gradientsTitle: String {
        let parameters = experiment.parameters, sequence = parameters.sequence
        let parts = [
            parameters.gradients == .normal ? nil : GnuplotScript.escaped(parameters.gradients.specification),
            sequence.autocorrelation == 0 ? nil : "autocorrelation \(ShortestDigits.text(of: sequence.autocorrelation))",
            sequence.scales == nil ? nil : "{/:Italic σ_t} of each step", sequence.means == nil ? nil : "{/:Italic μ_t} of each step",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// What the bars are called in the legend, where four names must fit in a line; no specification of a law has a character
    /// that gnuplot's enhanced text takes for a sign.
    var sourceTitle: String {
        let gradients = experiment.parameters.gradients
        if experiment.parameters.sequence != .independent { return "simulated" }
        if gradients.law == .recorded { return "recorded gradients" }
        return gradients.specification.count <= 20 ? gradients.specification : "simulated"
    }

    /// The three densities at points across each of the first mean's histograms, closely enough for the narrowest.
    private func psiCurves() throws -> Table {
        let steps = experiment.parameters.sampleSteps
        return concurrentMap(Array(steps.indices), threads: threads) { index in
            let range = histograms[stepIndex: index, meanIndex: 0].range
            let laws = laws[index * experiment.comparedMeans]
            let psi = (0...Self.curvePoints).map {
                range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(Self.curvePoints)
            }
            func column(_ name: String, latex: String, _ density: ((Double) -> Double)?) -> Column {
                Column(name, latex: latex, psi.map { place in density.map { $0(place).roundedToTenDigits } })
            }
            return Table([
                Column("t", latex: "$t$", repeating: steps[index], count: psi.count),
                Column("psi", latex: #"$\psi$"#, psi.map(\.roundedToTenDigits)),
                column("density_exact", latex: "exact", laws.exact?.density),
                column("density_rho_t", latex: #"at $\rho_t$"#, laws.reference?.rho.density),
                column("density_nu_t", latex: #"at $\nu_t$"#, laws.reference?.nu.density),
            ] + (experiment.parameters.isStandard ? [] : [column("density_normal", latex: "normal", laws.reference?.normal.density)]))
        }.joined()
    }

    private static let curvePoints = 240

    /// The histograms of ρ̂_t over batches at the first mean, with ρ_t, ν_t and the ρ of the exact variance marked.
    func rhoHistogramFigure() throws -> GnuplotFigure {
        let parameters = experiment.parameters
        return HistogramFigure(
            name: "rho_histogram", caption: "The rho that the variance of a batch implies, beside rho_t, nu_t and the exact one",
            steps: parameters.sampleSteps, bins: try rhoHistogramTable(meanCount: 1),
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
