import Files
import Report

/// A trajectory as `.npy`, row by row as it grows: θ after each step.
struct TrajectoryFile: ~Copyable {
    private let file: StagedFile
    /// Nil once it is written.
    private var header: [UInt8]?
    /// Rows that wait to be written together.
    private let pending: UnsafeMutableBufferPointer<Double>
    private var count = 0

    /// - Parameter shape: [steps, …].
    init(_ file: StagedFile, shape: [Int], rowLength: Int) {
        self.file = file
        header = NpyWriter.header(shape: shape)
        pending = .allocate(capacity: max(rowLength, 1 << 15))
    }

    deinit { pending.deallocate() }

    mutating func append(_ row: UnsafeMutableBufferPointer<Double>) throws(OutputError) {
        if count + row.count > pending.count { try flush() }
        (pending.baseAddress! + count).update(from: row.baseAddress!, count: row.count)
        count += row.count
    }

    mutating func close() throws(OutputError) {
        try flush()
        try file.close()
    }

    private mutating func flush() throws(OutputError) {
        if let header { try file.write(header) }
        header = nil
        try NpyWriter.write(UnsafeBufferPointer(rebasing: pending[..<count])) { (bytes) throws(OutputError) in
            try file.write(bytes)
        }
        count = 0
    }
}
