import CGSL
import Errors

/// A number that a numerical routine did not reach.
public struct ComputationError: ReportedError, Equatable {
    /// What was sought, with its parameters, such as `the quantile 0.5 of v̂_t at beta2 = 0.9, mu = 0, t = 5`.
    public let sought: String
    /// What the routine says.
    public let reason: String

    package init(sought: String, reason: String) {
        self.sought = sought
        self.reason = reason
    }

    public var exitClass: ExitClass { .software }

    public var description: String { "\(sought) was not reached (\(reason))" }

    /// The result of `body`; its failure becomes an error that names what was sought.
    package static func naming<Result>(
        _ sought: @autoclosure () -> String, _ body: () throws(GSLError) -> Result
    ) throws(ComputationError) -> Result {
        do { return try body() } catch { throw ComputationError(sought: sought(), reason: error.description) }
    }
}

/// A GSL routine that did not reach its result: which one, and what it says.
package struct GSLError: Error, Equatable, CustomStringConvertible {
    /// The routine's C name, such as `gsl_integration_qag`.
    package let routine: String
    /// GSL's status code (`GSL_EMAXITER`, …).
    package let status: Int32

    package init(routine: String, status: Int32) {
        self.routine = routine
        self.status = status
    }

    package var description: String { "\(routine): \(String(cString: gsl_strerror(status)))" }
}

/// The door to GSL: every call of the library goes through here, so that its abort-on-error handler is off before.
package enum GSL {
    /// The version of the library this process runs with.
    package static let version: String = String(cString: varlab_gsl_version())

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

/// Brent's method on a bracket (`gsl_root_fsolver_brent`). One finder serves many roots without allocating again.
package final class RootFinder {
    private let solver: UnsafeMutablePointer<gsl_root_fsolver>

    package init() {
        GSL.prepare()
        solver = gsl_root_fsolver_alloc(varlab_gsl_brent())
    }

    deinit { gsl_root_fsolver_free(solver) }

    /// The root of `function` in [`lower`, `upper`], at whose ends it has opposite signs (or is zero).
    ///
    /// Stops when the bracket is narrower than `relativeTolerance` times its ends, or as narrow as doubles allow.
    /// - Throws: `GSLError` if the ends do not bracket a root or 200 steps are not enough.
    package func root(
        in lower: Double, _ upper: Double, relativeTolerance: Double = 4 * Double.ulpOfOne,
        of function: (Double) -> Double
    ) throws(GSLError) -> Double {
        var status: Int32 = 0
        var routine = "gsl_root_fsolver_set"
        let root: Double = withGSLFunction(function) { wrapped in
            status = gsl_root_fsolver_set(solver, wrapped, lower, upper)
            guard status == 0 else { return .nan }
            for _ in 0..<200 {
                status = gsl_root_fsolver_iterate(solver)
                guard status == 0 else {
                    routine = "gsl_root_fsolver_iterate"
                    return .nan
                }
                let low = gsl_root_fsolver_x_lower(solver)
                let high = gsl_root_fsolver_x_upper(solver)
                status = gsl_root_test_interval(low, high, 0, relativeTolerance)
                if status == 0 { return gsl_root_fsolver_root(solver) }
            }
            routine = "gsl_root_test_interval"
            return .nan
        }
        try GSL.check(status, in: routine)
        return root
    }
}
