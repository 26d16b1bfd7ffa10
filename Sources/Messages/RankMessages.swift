import CMessages
import Synchronization

/// The messages of this process to the other processes of its run, by an MPI.
///
/// One call at a time reaches the library, from whatever thread it comes. Where a call cannot be done, the library ends all processes.
public final class RankMessages: MessagePassing {
    public let rank: Int
    public let count: Int
    /// The library's name and version, on one line: `Open MPI v4.1.4`.
    public let library: String
    private let functions: Mutex<Functions>

    /// Functions of C have no state of their own; the library behind them is guarded by the lock.
    private struct Functions: @unchecked Sendable {
        let table: varlab_messages
        var isFinished = false
    }

    /// - Parameter table: of a library that has been started.
    init(_ table: varlab_messages, rank: Int, count: Int) {
        self.rank = rank
        self.count = count
        let name = table.library().map { String(cString: $0) } ?? "MPI"
        library = name.prefix { !$0.isNewline && $0 != "," }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        functions = Mutex(Functions(table: table))
    }

    public func send(_ bytes: [UInt8], to other: Int) {
        call { table in bytes.withUnsafeBytes { table.send(Int32(other), $0.baseAddress, UInt64($0.count)) } }
    }

    public func receive(from other: Int) -> [UInt8] {
        call { table in
            let count = Int(table.await(Int32(other)))
            return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                table.receive(Int32(other), buffer.baseAddress, UInt64(count))
                initialized = count
            }
        }
    }

    public func barrier() { call { $0.barrier() } }

    /// Tells rank 0 how much this rank has finished; does not wait.
    public func report(finished: Int) { call { $0.report(Int64(finished), 0) } }

    /// The last report of this rank. Each rank makes it once.
    public func reportLast(finished: Int) { call { $0.report(Int64(finished), 1) } }

    /// What all ranks have reported, and how many have not yet sent their last report; at rank 0.
    public func reported() -> (finished: Int, unfinishedRanks: Int) {
        precondition(rank == 0)
        return call { table in
            var unfinished: Int32 = 0
            let finished = table.reported(&unfinished)
            return (Int(finished), Int(unfinished))
        }
    }

    /// Leaves the library. Nothing else may be called afterwards, but ``abort(status:)``.
    ///
    /// It must be called before the process starts programs or ends well, also where it is alone; rank 0 must have seen all reports.
    public func finish() {
        functions.withLock { functions in
            functions.table.finish()
            functions.isFinished = true
        }
    }

    /// Whether this process has left the library.
    public var isFinished: Bool { functions.withLock { $0.isFinished } }

    /// Ends all processes of the run, unless this one has left them.
    public func abort(status: Int32) {
        functions.withLock { functions in
            if !functions.isFinished { functions.table.abort(status) }
        }
    }

    private func call<Result>(_ body: (varlab_messages) -> Result) -> Result {
        functions.withLock { functions in
            precondition(!functions.isFinished, "the library is left")
            return body(functions.table)
        }
    }
}
