import Report

extension TrainOutcome {
    /// Writes the tables, and data and scripts of the figures, which are returned to be rendered.
    public func write(to folder: OutputFolder) throws -> [GnuplotFigure] {
        try folder.write(lossTable(), as: "loss.csv")
        try folder.write(histogramTable(), as: "histogram.csv")
        try folder.write(summaryTable(), as: "summary.csv")
        return []
    }
}
