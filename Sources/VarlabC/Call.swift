import CVarlab
import Distributions
import Errors

/// A call from outside: what it was told beside its arguments, and how it ends.
///
/// Everything that reaches the library comes through here, so that whatever a caller gets wrong is a status and a message, never a trap.
struct Call: @unchecked Sendable {
    /// At most so many threads work.
    let threads: Int
    // Read by an atomic load, while the caller keeps it alive.
    private let cancelled: UnsafePointer<Int32>?

    /// The most threads that are of any use.
    private static let mostThreads = 1024

    /// Runs `body` for a caller and tells it how that ended.
    static func run(_ call: UnsafePointer<varlab_call>?, _ body: (Call) throws -> Void) -> varlab_status {
        do {
            try body(Call(call))
            return VARLAB_OK
        } catch let error as ParameterError {
            return report("\(error.parameter)\t\(error.value)\t\(error.rule)", VARLAB_PARAMETER, to: call)
        } catch let error as ComputationError {
            return report(error.description, VARLAB_COMPUTATION, to: call)
        } catch is Cancelled {
            return report("cancelled", VARLAB_CANCELLED, to: call)
        } catch let error as Misuse {
            return report(error.description, VARLAB_MISUSE, to: call)
        } catch {
            return report("\(error)", VARLAB_COMPUTATION, to: call)
        }
    }

    private init(_ call: UnsafePointer<varlab_call>?) throws {
        guard let call = call?.pointee else {
            (threads, cancelled) = (1, nil)
            return
        }
        guard call.threads >= 1, call.threads <= Self.mostThreads else {
            throw ParameterError(parameter: .threads, value: call.threads, rule: "must be from 1 to \(Self.mostThreads)")
        }
        (threads, cancelled) = (Int(call.threads), call.cancelled)
    }

    /// Ends the call here if its caller wants it to end; long work asks between its pieces.
    func checkCancellation() throws(Cancelled) {
        if let cancelled, varlab_load_flag(cancelled) != 0 { throw Cancelled() }
    }

    /// Writes text into the caller's buffer, cut where it is full, between characters.
    static func report(_ text: String, _ status: varlab_status, to call: UnsafePointer<varlab_call>?) -> varlab_status {
        guard let call = call?.pointee, let message = call.message, call.message_capacity > 0 else { return status }
        var length = 0
        for character in text.unicodeScalars {
            let bytes = UTF8.encode(character)!
            guard length + bytes.count < Int(call.message_capacity) else { break }
            for byte in bytes {
                message[length] = CChar(bitPattern: byte)
                length += 1
            }
        }
        message[length] = 0
        return status
    }
}

/// The caller has asked for the end of its call.
struct Cancelled: Error {}

/// An argument that no caller has a reason to pass.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
