import CGSL

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
