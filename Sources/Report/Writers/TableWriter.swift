import Foundation

/// Turns a table into the bytes of a file.
public protocol TableWriter: Sendable {
    /// The whole document, UTF-8, with line feeds as line ends and one at the end.
    ///
    /// - Parameter threads: how many threads may format at once; the bytes do not depend on it.
    func bytes(of table: Table, threads: Int) -> [UInt8]
}

extension TableWriter {
    /// The whole document, formatted by as many threads as there are active cores.
    public func bytes(of table: Table) -> [UInt8] {
        bytes(of: table, threads: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// The whole document as text.
    public func text(of table: Table) -> String { String(decoding: bytes(of: table), as: UTF8.self) }
}

/// The bytes that `body` appends.
func document(_ body: (inout ByteBuffer) -> Void) -> [UInt8] {
    var buffer = ByteBuffer()
    body(&buffer)
    let count = buffer.count
    return [UInt8](unsafeUninitializedCapacity: count) { destination, initialized in
        destination.baseAddress?.update(from: buffer.start, count: count)
        initialized = count
    }
}
