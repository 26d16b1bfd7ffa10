import Dispatch
import Errors
import Files
import Foundation
import Synchronization

/// Draws figures by running their scripts with gnuplot, and makes PDF of the pictures with `rsvg-convert`.
///
/// The programs see nothing of the caller's environment that could change a byte: no locale, no gnuplot settings; dates are
/// fixed. They are the same bytes each time with the same versions of the programs and the fonts.
public struct GnuplotRenderer: Sendable {
    private let searchPath: String
    private let isPDFWanted: Bool

    /// - Parameters:
    ///   - pdf: whether each figure is made a PDF too.
    ///   - searchPath: the folders in which the programs are looked for; those of `PATH` by default.
    public init(pdf: Bool = false, searchPath: String? = nil) {
        isPDFWanted = pdf
        self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// Draws figures that were written to the folder, several at once, beside their scripts; `OutputFolder.commit()` puts
    /// the pictures in place with the rest.
    ///
    /// A figure that fails does not stop the others. The error is that of the first in order which failed; tables and
    /// scripts stay in the folder, and may be committed.
    public func render(_ figures: [GnuplotFigure], in folder: OutputFolder) throws(FigureError) {
        guard let first = figures.first else { return }
        let gnuplot = try program("gnuplot", package: "gnuplot-nox", for: first)
        let converter = isPDFWanted ? try? program("rsvg-convert", package: "librsvg2-bin", for: first) : nil
        let failures = Mutex<[Int: FigureError]>([:])
        DispatchQueue.concurrentPerform(iterations: figures.count) { index in
            do throws(FigureError) {
                try draw(figures[index], with: gnuplot, in: folder.stagingPath)
                if let converter { try convert(figures[index], with: converter, in: folder.stagingPath) }
            } catch {
                failures.withLock { $0[index] = error }
            }
        }
        if let failure = failures.withLock({ $0.min { $0.key < $1.key } }) { throw failure.value }
        if isPDFWanted, converter == nil { _ = try program("rsvg-convert", package: "librsvg2-bin", for: first) }
    }

    private func program(_ name: String, package: String, for figure: GnuplotFigure) throws(FigureError) -> ChildProgram {
        guard let path = ChildProgram.find(name, in: searchPath) else {
            throw .programMissing(program: name, package: package, figure: figure.name)
        }
        var environment = ["PATH": searchPath, "LC_ALL": "C", "SOURCE_DATE_EPOCH": "0"]
        // Where fonts and their cache are.
        for name in ["HOME", "XDG_CACHE_HOME", "TMPDIR", "FONTCONFIG_FILE", "FONTCONFIG_PATH"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return ChildProgram(executable: path, environment: environment)
    }

    private func draw(_ figure: GnuplotFigure, with gnuplot: ChildProgram, in folder: String) throws(FigureError) {
        let result = gnuplot.run(["--default-settings", figure.scriptFile], in: folder)
        let picture = FileManager.default.contents(atPath: folder + "/" + figure.svgFile) ?? Data()
        // gnuplot does not notice when what it writes to fails, as on a full disk.
        let isWhole = picture.suffix(16).contains(Data("</svg>".utf8))
        guard result.succeeded, isWhole else {
            unlink(folder + "/" + figure.svgFile)
            let message = Self.reason(in: result.errors) ?? (result.succeeded ? "the picture is incomplete" : "no reason given")
            throw .programFailed(program: "gnuplot", figure: figure.name, message: message)
        }
    }

    private func convert(_ figure: GnuplotFigure, with converter: ChildProgram, in folder: String) throws(FigureError) {
        let result = converter.run(["-f", "pdf", "-o", figure.pdfFile, figure.svgFile], in: folder)
        guard result.succeeded else {
            unlink(folder + "/" + figure.pdfFile)
            let message = Self.reason(in: result.errors) ?? "no reason given"
            throw .programFailed(program: "rsvg-convert", figure: figure.name, message: message)
        }
    }

    /// The line that says what went wrong: gnuplot quotes the command first, then names file and line.
    private static func reason(in errors: String) -> String? {
        let lines = errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return lines.last { $0.contains(" line ") && $0.hasPrefix("\"") && !$0.contains("warning:") } ?? lines.last
    }
}

extension Data {
    fileprivate func contains(_ other: Data) -> Bool { range(of: other) != nil }
}

/// Why a figure was not drawn; its table and its script are there.
public enum FigureError: ReportedError, Equatable {
    /// A program is not in the search path.
    case programMissing(program: String, package: String, figure: String)
    /// A program failed on a figure, with the line it said why.
    case programFailed(program: String, figure: String, message: String)

    public var exitClass: ExitClass { .unavailable }

    public var description: String {
        switch self {
        case .programMissing(let program, let package, let figure):
            "\(figure) was not drawn: \(program) is not installed (package \(package)); its CSV and its script are written"
        case .programFailed(let program, let figure, let message):
            "\(figure) was not drawn: \(program) failed: \(message.onOneLine)"
        }
    }
}

/// A program that is run to its end, with an environment of our choosing; an interrupt kills it.
struct ChildProgram {
    let executable: String
    let environment: [String: String]

    /// The first executable file of that name in the folders of a search path, or `nil`.
    static func find(_ name: String, in searchPath: String) -> String? {
        for folder in searchPath.split(separator: ":") {
            let path = folder + "/" + name
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: String(path), isDirectory: &isFolder), !isFolder.boolValue,
                access(String(path), X_OK) == 0
            {
                return String(path)
            }
        }
        return nil
    }

    /// Runs it in a folder. Returns whether it succeeded, and what it wrote to standard error.
    func run(_ arguments: [String], in folder: String) -> (succeeded: Bool, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do {
            // An interrupt between the start and the entry in the registry would miss the child.
            try TemporaryPaths.registry.withLock { registry in
                try process.run()
                registry.children.insert(process.processIdentifier)
            }
        } catch {
            return (false, "cannot be started: \(error.localizedDescription)")
        }
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        _ = TemporaryPaths.registry.withLock { $0.children.remove(process.processIdentifier) }
        let succeeded = process.terminationReason == .exit && process.terminationStatus == 0
        return (succeeded, String(decoding: text, as: UTF8.self))
    }
}
