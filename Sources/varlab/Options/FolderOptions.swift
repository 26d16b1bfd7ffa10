import ArgumentParser
import Experiments
import Files
import Foundation
import Report
import Synchronization

/// The folder that a command fills, and how: shared by every command that writes more than one table.
struct FolderOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The folder to write; created if it is missing.")
    var output: String?

    @Flag(help: "Write into a folder that is not empty, replacing files of the same names.")
    var force = false

    @Flag(help: "Each figure as PDF too (by rsvg-convert).")
    var pdf = false

    @OptionGroup var figures: FigureOptions

    /// Refuses to go on without `--output`, before there is work.
    func require() throws {
        if output == nil { throw ValidationError("Missing expected argument '--output <output>'") }
    }

    /// The folder, ready to be written to.
    /// - Parameters:
    ///   - standard: where it is without `--output`; not looked at after ``require()``.
    ///   - resuming: whether what an interrupted command left there is taken up.
    func folder(standard: String = ".", resuming: Bool = false) throws -> OutputFolder {
        try OutputFolder(path: output ?? standard, force: force || resuming)
    }

    /// Writes what an experiment has found, draws its figures, puts everything in place, and says on standard error what came out
    /// and which files.
    /// - Parameters:
    ///   - folder: from ``folder(standard:resuming:)``, made before the work.
    ///   - provenance: which program and command made the result.
    ///   - quiet: say nothing.
    func write(
        _ outcome: some Outcome, to folder: OutputFolder, provenance: Provenance = Varlab.provenance, quiet: Bool = false
    ) throws {
        try Self.write(outcome, to: folder, pdf: pdf, style: try figures.style(), provenance: provenance, quiet: quiet)
    }

    /// The same for a command with options of its own.
    static func write(
        _ outcome: some Outcome, to folder: OutputFolder, pdf: Bool, style: FigureStyle, provenance: Provenance = Varlab.provenance,
        quiet: Bool = false
    ) throws {
        let drawing = FigureDrawing(pdf: pdf, style: style, folder: folder)
        do {
            try outcome.write(to: folder, provenance: provenance, draw: drawing.start)
        } catch {
            drawing.wait()
            throw error
        }
        let failure = drawing.wait()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.stagingPath).filter { !$0.hasPrefix(".") }
        try folder.commit()
        if !quiet { EndOfRun.say(outcome.summaryLines, files: names, folder: folder.path) }
        // Where drawing failed, as without gnuplot, the data and the scripts are worth having and are in place.
        if let failure { throw failure }
    }
}

/// Draws figures while their command goes on to write tables.
private final class FigureDrawing: Sendable {
    private let pdf: Bool
    private let style: FigureStyle
    private let folder: OutputFolder
    private let group = DispatchGroup()
    private let failure = Mutex<(any Error)?>(nil)

    init(pdf: Bool, style: FigureStyle, folder: OutputFolder) {
        self.pdf = pdf
        self.style = style
        self.folder = folder
    }

    /// Begins; the data and scripts of the figures must be in the folder.
    func start(_ figures: [GnuplotFigure]) {
        DispatchQueue.global().async(group: group) { [self] in
            do {
                try GnuplotRenderer(pdf: pdf).render(folder.styled(figures, style), in: folder)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
    }

    /// Returns when all is drawn, with the first failure.
    @discardableResult
    func wait() -> (any Error)? {
        group.wait()
        return failure.withLock { $0 }
    }
}
