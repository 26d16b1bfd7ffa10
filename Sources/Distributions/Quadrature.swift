import CGSL

/// A numerical integral and GSL's bound on its absolute error.
package struct Quadrature: Equatable, Sendable {
    package let value: Double
    package let absoluteError: Double

    package init(value: Double, absoluteError: Double) {
        self.value = value
        self.absoluteError = absoluteError
    }
}

/// ∫ `integrand` over [`lower`, `upper`] by adaptive Gauss-Kronrod quadrature with 61 points (`gsl_integration_qag`).
///
/// - Parameters:
///   - breakpoints: interior points at which the interval is split first, so that a narrow peak is not missed.
///   - relativeTolerance: the error aimed at, relative to the integral of each part. Where rounding keeps the routine
///     from it the result is returned all the same, with the error that was reached.
/// - Throws: `GSLError` if the integral does not converge.
package func integrate(
    from lower: Double, to upper: Double, breakpoints: [Double] = [], relativeTolerance: Double = 1e-13,
    _ integrand: (Double) -> Double
) throws(GSLError) -> Quadrature {
    GSL.prepare()
    let intervalLimit = 1000
    let workspace = gsl_integration_workspace_alloc(intervalLimit)
    defer { gsl_integration_workspace_free(workspace) }
    let ends = [lower] + breakpoints.filter { $0 > lower && $0 < upper }.sorted() + [upper]
    var total = 0.0
    var error = 0.0
    for (start, end) in zip(ends, ends.dropFirst()) {
        var part = 0.0
        var partError = 0.0
        let status = withGSLFunction(integrand) { function in
            gsl_integration_qag(
                function, start, end, 0, relativeTolerance, intervalLimit, Int32(GSL_INTEG_GAUSS61), workspace, &part,
                &partError)
        }
        if status != Int32(GSL_EROUND) { try GSL.check(status, in: "gsl_integration_qag") }
        total += part
        error += partError
    }
    return Quadrature(value: total, absoluteError: error)
}
