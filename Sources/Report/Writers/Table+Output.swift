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
