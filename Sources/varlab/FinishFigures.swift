import Dispatch
import Files
import Report
import Synchronization

extension OutputFolder {
    /// The figures as the user wants them to look, with their scripts written anew where that changes them.
    func styled(_ figures: [GnuplotFigure], _ style: FigureStyle) throws(OutputError) -> [GnuplotFigure] {
        if style == .standard { return figures }
        var styled: [GnuplotFigure] = []
        for figure in figures {
            let figure = figure.styled(style)
            try figure.writeScript(to: self)
            styled.append(figure)
        }
        return styled
    }

    /// Draws the figures that were written to the folder and puts everything in place. Where drawing fails, as without
    /// gnuplot, the data and the scripts are worth having: they are put in place before the error is thrown on.
    /// - Parameter meanwhile: what else is to be written, while gnuplot runs. Its error leaves nothing.
    func commit(
        drawing figures: [GnuplotFigure], pdf: Bool, style: FigureStyle = .standard, meanwhile: () throws -> Void = {}
    ) throws {
        let figures = try styled(figures, style)
        let failure = Mutex<FigureError?>(nil)
        let drawing = DispatchGroup()
        DispatchQueue.global().async(group: drawing) {
            do throws(FigureError) {
                try GnuplotRenderer(pdf: pdf).render(figures, in: self)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        do {
            try meanwhile()
        } catch {
            drawing.wait()
            throw error
        }
        drawing.wait()
        try commit()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
