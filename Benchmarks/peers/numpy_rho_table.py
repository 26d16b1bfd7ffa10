"""Peer of `varlab rho-table`: the same columns by NumPy and SciPy, written as CSV with full digits.

Everything but the equivalent rho is an array operation; that one is `brentq` on Eq. 2 for each step. Eq. 2 is evaluated
as people write it, by the difference of two ln Gamma, which costs about 1e-8 of the variance at rho = 2000. The time
includes the exact curve and the file.
"""
import math
import os
import tempfile

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

import peer
from numpy_exact import exact_curves, limit_variance

NAMES = ("beta2,t,rho_infinity,rho_t,nu_t,rho_exact,var_first_order,var_closed_form,var_closed_form_nu,var_exact,r_t,"
         "r_closed_form,r_exact,warmup_linear,warmup_untuned_linear,warmup_untuned_exponential,rectified").split(",")


def closed_form(rho):
    """Eq. 2 at tau = 1; NaN where rho <= 2."""
    ratio = np.exp(2 * (gammaln((rho - 1) / 2) - gammaln(rho / 2)))
    return np.where(rho > 2, rho / (rho - 2) - rho / 2 * ratio, np.nan)


def difference_from_closed_form(rho, variance):
    return rho / (rho - 2) - rho / 2 * math.exp(2 * (math.lgamma((rho - 1) / 2) - math.lgamma(rho / 2))) - variance


def equivalent_rho(variance, guess):
    """The rho at which Eq. 2 gives the variance; the bracket around the guess grows until it holds."""
    if not math.isfinite(variance):
        return math.nan
    above, factor = guess - 2, 1.02
    while difference_from_closed_form(2 + above / factor, variance) < 0 or (
            difference_from_closed_form(2 + above * factor, variance) > 0):
        factor *= factor
    return brentq(difference_from_closed_form, 2 + above / factor, 2 + above * factor, args=(variance,), rtol=1e-12)


def rho_table(beta2, iterations, threshold, warmup_steps):
    t = np.arange(1, iterations + 1)
    decayed = beta2 ** t
    rho_infinity = 2 / (1 - beta2) - 1
    rho = rho_infinity - 2 * t * decayed / (1 - decayed)
    nu = (1 + beta2) * (1 - decayed) / ((1 - beta2) * (1 + decayed))
    variance = exact_curves([0.0], beta2, iterations)[2][0]
    rho_exact = np.array([equivalent_rho(v, guess) for v, guess in zip(variance.tolist(), nu.tolist())])
    var_closed_form, var_limit = closed_form(rho), closed_form(np.array(rho_infinity))
    with np.errstate(invalid="ignore"):
        r = np.where(rho > threshold, np.sqrt((rho - 4) * (rho - 2) * rho_infinity
                                              / ((rho_infinity - 4) * (rho_infinity - 2) * rho)), np.nan)
    return [np.full(iterations, beta2), t, np.full(iterations, rho_infinity), rho, nu, rho_exact,
            np.where(rho > 4, rho / (2 * (rho - 2) * (rho - 4)), np.nan), var_closed_form, closed_form(nu), variance, r,
            np.sqrt(var_limit / var_closed_form),
            np.where(np.isfinite(variance), np.sqrt(limit_variance(beta2) / variance), np.nan),
            np.minimum(t / warmup_steps, 1), np.minimum((1 - beta2) / 2 * t, 1), -np.expm1(-(1 - beta2) * t),
            (rho > threshold).astype(int)]


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--iterations", type=int, default=6000)
    parser.add_argument("--threshold", type=float, default=4)
    parser.add_argument("--warmup-steps", type=int, default=4000)
    parser.add_argument("--output", help="keep the CSV file under this name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.output or os.path.join(folder, "rho.csv")

        def run(iterations):
            columns = rho_table(options.beta2, iterations, options.threshold, options.warmup_steps)
            peer.write_table(path, NAMES, columns)
            return columns

        run(10)
        seconds, columns = peer.timed(lambda: run(options.iterations), options.repeat)
        size = os.path.getsize(path)
    last = options.iterations
    result = {str(t): {name: float(column[t - 1]) for name, column in zip(NAMES[2:], columns[2:])}
              for t in sorted({min(5, last), min(1000, last), last})}
    peer.report("numpy_rho_table", vars(options), seconds, result | {"bytes": size}, ("numpy", "scipy"))


if __name__ == "__main__":
    main()
