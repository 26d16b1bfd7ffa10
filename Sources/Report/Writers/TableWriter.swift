import Foundation

/// Turns a table into the bytes of a file.
public protocol TableWriter: Sendable {
    /// Passes the document on in pieces: UTF-8, with line feeds as line ends and one at the end.
    ///
    /// - Parameters:
    ///   - threads: how many threads may format at once; the bytes do not depend on it.
    ///   - sink: receives each piece, in order; the memory is valid during the call. What it throws ends the writing.
    func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure)
}

extension TableWriter {
    /// The whole document, formatted by as many threads as there are active cores where nothing else is said.
    public func bytes(of table: Table, threads: Int = ProcessInfo.processInfo.activeProcessorCount) -> [UInt8] {
        var bytes: [UInt8] = []
        write(table, threads: threads) { (piece) throws(Never) in bytes.append(contentsOf: piece) }
        return bytes
    }

    /// The whole document as text.
    public func text(of table: Table) -> String { String(decoding: bytes(of: table), as: UTF8.self) }
}
