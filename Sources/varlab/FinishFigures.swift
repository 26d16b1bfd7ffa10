import Report

extension OutputFolder {
    /// Draws the figures that were written to the folder and puts everything in place. Where drawing fails, as without
    /// gnuplot, the data and the scripts are worth having: they are put in place before the error is thrown on.
    func commit(drawing figures: [GnuplotFigure], pdf: Bool) throws {
        do {
            try GnuplotRenderer(pdf: pdf).render(figures, in: self)
        } catch {
            try commit()
            throw error
        }
        try commit()
    }
}
