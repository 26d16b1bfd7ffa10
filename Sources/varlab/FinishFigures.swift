import Dispatch
import Files
import Report
import Synchronization

extension OutputFolder {
    /// Draws the figures that were written to the folder and puts everything in place. Where drawing fails, as without
    /// gnuplot, the data and the scripts are worth having: they are put in place before the error is thrown on.
    /// - Parameter meanwhile: what else is to be written, while gnuplot runs. Its error leaves nothing.
    func commit(drawing figures: [GnuplotFigure], pdf: Bool, meanwhile: () throws -> Void = {}) throws {
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
