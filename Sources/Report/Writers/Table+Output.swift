import Files
import Foundation

extension OutputContent {
    init(_ table: Table, format: OutputFormat, threads: Int) {
        self.init { (sink) throws(OutputError) in try format.writer.write(table, threads: threads, to: sink) }
    }
}

extension OutputFile {
    /// Writes a table: in that format, or the one the path's ending stands for, or as CSV.
    public func write(
        _ table: Table, format: OutputFormat? = nil,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(OutputError) {
        let format = format ?? OutputFormat(pathEnding: path) ?? .csv
        try write(OutputContent(table, format: format, threads: threads))
    }

    /// Writes a table while it is made. A file appears whole or not at all; what goes to standard output or a device is there at
    /// once, also where making the table fails later.
    /// - Parameter progress: called with the number of rows that are written.
    /// - Throws: `OutputError`, what making the table throws, and a `ParameterError` for a column that it does not have.
    public func write(
        _ pieces: TablePieces, format: OutputFormat, style: TableStyle = TableStyle(),
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, progress: @escaping (_ rows: Int) -> Void = { _ in }
    ) throws {
        // Content throws errors of output alone: another one is kept here, and stops the writing by one that nobody sees.
        var failure: (any Error)?
        let content = OutputContent { (sink) throws(OutputError) in
            var rows = 0
            let chosen = pieces.map { piece in
                rows += piece.rowCount
                progress(rows)
                return try style.selection(of: piece)
            }
            do {
                try format.writer(style: style).write(chosen, threads: threads) { try sink($0) }
            } catch let error as OutputError {
                throw error
            } catch {
                failure = error
                throw OutputError(path: path, reason: .closedPipe)
            }
        }
        do throws(OutputError) {
            try write(content)
        } catch {
            throw failure ?? error
        }
    }
}

extension OutputFolder {
    /// Writes a table that ``commit()`` will put in place, in the format of the name's ending, or as CSV.
    public func write(
        _ table: Table, as name: String, threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(OutputError) {
        let format = OutputFormat(pathEnding: name) ?? .csv
        try write(OutputContent(table, format: format, threads: threads), as: name)
    }
}
