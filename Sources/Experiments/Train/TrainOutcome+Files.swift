import Files
import Report

extension TrainOutcome {
    /// Writes the tables, and data and scripts of the figures, which are returned to be rendered.
    public func write(to folder: OutputFolder, threads: Int) throws -> [GnuplotFigure] {
        try folder.write(lossTable(), as: "loss.csv")
        try folder.write(summaryTable(), as: "summary.csv")
        var figures: [GnuplotFigure] = []
        if let figure = lossCurvesFigure() { figures.append(figure) }
        if let figure = gradientHistogramsFigure() {
            try folder.write(histogramTable(), as: "histogram.csv")
            try folder.write(distortionTable(), as: "distortion.csv")
            figures.append(figure)
        }
        if let figure = try writeRecordedGradients(to: folder, threads: threads) { figures.append(figure) }
        for figure in figures { try figure.write(to: folder) }
        return figures
    }
}
