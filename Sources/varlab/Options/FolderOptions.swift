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
    ///   - resumed: files that may have been put there by a process that was killed over it.
    func folder(standard: String = ".", resumed: Set<String> = []) throws -> OutputFolder {
        try OutputFolder(path: output ?? standard, force: force, resumed: resumed)
    }

    /// Writes what an experiment has found, draws its figures, puts everything in place, and says on standard error what came out
    /// and which files.
    /// - Parameters:
    ///   - folder: from ``folder(standard:resumed:)``, made before the work.
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
        drawing.wait()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.stagingPath).filter { !$0.hasPrefix(".") }
        try drawing.commit { if !quiet { EndOfRun.say(outcome.summaryLines, files: names, folder: folder.path) } }
    }

    /// Draws figures that were written to the folder and puts everything in place.
    func commit(_ folder: OutputFolder, drawing figures: [GnuplotFigure]) throws {
        let drawing = FigureDrawing(pdf: pdf, style: try self.figures.style(), folder: folder)
        drawing.start(figures)
        try drawing.commit()
    }
}

/// Draws figures while their command goes on to write tables.
private final class FigureDrawing: Sendable {
    private let pdf: Bool
    private let style: FigureStyle
    private let folder: OutputFolder
    private let group = DispatchGroup()
    /// By the order in which drawing began, so that it is the same one every time that is reported.
    private let failures = Mutex<[Int: any Error]>([:])
    private let startedCount = Mutex(0)
    private let labelKeys = Mutex<Set<String>>([])

    init(pdf: Bool, style: FigureStyle, folder: OutputFolder) {
        self.pdf = pdf
        self.style = style
        self.folder = folder
    }

    /// Begins, beside what has begun before; the data and scripts of the figures must be in the folder.
    func start(_ figures: [GnuplotFigure]) {
        let order = startedCount.withLock { count in
            defer { count += 1 }
            return count
        }
        DispatchQueue.global().async(group: group) { [self] in
            do {
                try GnuplotRenderer(pdf: pdf).render(styled(figures), in: folder)
            } catch {
                failures.withLock { $0[order] = error }
            }
        }
    }

    /// The figures as the user wants them to look, with their scripts written anew where that changes them.
    private func styled(_ figures: [GnuplotFigure]) throws(OutputError) -> [GnuplotFigure] {
        if style == .standard { return figures }
        var styled: [GnuplotFigure] = []
        for figure in figures {
            labelKeys.withLock { $0.formUnion(figure.labelKeys) }
            let figure = figure.styled(style)
            try figure.writeScript(to: folder)
            styled.append(figure)
        }
        return styled
    }

    /// Returns when all is drawn.
    func wait() { group.wait() }

    /// Puts everything in place once all is drawn. Where drawing failed, as without gnuplot, the data and the scripts are worth having:
    /// they are in place before the failure is thrown.
    /// - Parameter report: what is to be said of the folder, before a failure.
    func commit(report: () -> Void = {}) throws {
        wait()
        try folder.commit()
        report()
        sayUnusedLabels()
        if let failure = failures.withLock({ $0.min { $0.key < $1.key } }) { throw failure.value }
    }

    /// A label that stands nowhere is a slip that nobody sees in a figure.
    private func sayUnusedLabels() {
        let keys = labelKeys.withLock { $0.sorted() }
        for label in style.labels.keys.sorted() where !keys.contains(label) {
            let known = keys.isEmpty ? "they have no names to replace" : "their names are \(keys.joined(separator: ", "))"
            StandardError.say("note: --label \(label): stands in none of the figures; \(known)".onOneLine)
        }
    }
}
