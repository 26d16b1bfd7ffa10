import CGSL
import Errors

/// A GSL routine that did not reach its result: which one, and what it says.
public struct GSLError: ReportedError, Equatable {
    /// The routine's C name, such as `gsl_integration_qag`.
    public let routine: String
    /// GSL's status code (`GSL_EMAXITER`, …).
    public let status: Int32

    public var exitClass: ExitClass { .software }

    public var description: String { "\(routine): \(String(cString: gsl_strerror(status)))" }
}

/// The door to GSL: every call of the library goes through here, so that its abort-on-error handler is off before.
public enum GSL {
    /// The version of the library this process runs with.
    public static let version: String = String(cString: varlab_gsl_version())

    private static let handlerIsOff: Void = { _ = gsl_set_error_handler_off() }()

    @inline(__always)
    static func prepare() { handlerIsOff }

    static func check(_ status: Int32, in routine: String) throws(GSLError) {
        if status != 0 { throw GSLError(routine: routine, status: status) }
    }
}

/// Lends a Swift closure to a C routine that takes a `gsl_function`.
func withGSLFunction<Result>(
    _ function: (Double) -> Double, _ body: (UnsafeMutablePointer<gsl_function>) -> Result
) -> Result {
    withoutActuallyEscaping(function) { escapable in
        var box = escapable
        return withUnsafeMutablePointer(to: &box) { pointer in
            var wrapped = gsl_function(
                function: { x, parameters in
                    parameters!.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x)
                },
                params: UnsafeMutableRawPointer(pointer))
            return body(&wrapped)
        }
    }
}
