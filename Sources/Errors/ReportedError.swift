/// An error that a user can bring about: it describes itself in one line and says what kind of failure it is.
public protocol ReportedError: Error, CustomStringConvertible, Sendable {
    var exitClass: ExitClass { get }
}

/// The kinds of failure that a shell can tell apart, with the numbers of BSD's `sysexits.h`.
public enum ExitClass: Int32, Sendable {
    /// Nothing went wrong: the reader of a pipe has had enough.
    case success = 0
    /// An argument is wrong.
    case usage = 64
    /// An input file cannot be used.
    case data = 65
    /// A program such as gnuplot is missing.
    case unavailable = 69
    /// A computation does not reach its result.
    case software = 70
    /// Output cannot be written.
    case cannotCreate = 73
}
