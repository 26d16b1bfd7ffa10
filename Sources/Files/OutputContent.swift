/// What a file is filled with: something that passes its bytes on in pieces, so that a large table is never in memory as
/// text.
package struct OutputContent {
    let write: (_ sink: (UnsafeRawBufferPointer) throws(OutputError) -> Void) throws(OutputError) -> Void

    init(_ bytes: [UInt8]) {
        write = { (sink) throws(OutputError) in
            // `withUnsafeBytes` does not pass a typed error on.
            let result = bytes.withUnsafeBytes { buffer in
                Result<Void, OutputError> { () throws(OutputError) in try sink(buffer) }
            }
            try result.get()
        }
    }

    package init(
        write: @escaping (_ sink: (UnsafeRawBufferPointer) throws(OutputError) -> Void) throws(OutputError) -> Void
    ) {
        self.write = write
    }

    /// Writes everything to an open file and closes it, whether or not that succeeds.
    func fill(_ descriptor: Int32, reportedAs shown: String, closing: Bool = true) throws(OutputError) {
        do throws(OutputError) {
            try write { (piece) throws(OutputError) in
                try FileSystem.write(piece, to: descriptor, reportedAs: shown)
            }
        } catch {
            if closing { try? FileSystem.close(descriptor, reportedAs: shown) }
            throw error
        }
        if closing { try FileSystem.close(descriptor, reportedAs: shown) }
    }
}
