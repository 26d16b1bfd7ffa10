"""Peer of the exact law at given steps: SciPy's `quad` for the two integrals of each t on its own, mu = 0, epsilon = 0.

E[psi^2] is the integral of M_t(s) and E[psi] that of M_t(s)/sqrt(pi s), in u = ln s so that both ends decay. The limits
are where the integrand is below 1e-17 of its peak; `quad` is asked for 1e-13. Steps start at 3, where the variance is
finite.
"""
import numpy as np
from scipy.integrate import quad

import peer


def exact_variance(beta2, t):
    """E[psi_t] and Var[psi_t]."""
    if t < 3:
        raise ValueError(f"the variance is infinite at t = {t}; steps start at 3")
    doubled_weights = 2 * beta2 ** np.arange(t) * ((1 - beta2) / (1 - beta2 ** t))
    factors = np.empty(t)

    def transform(s):
        np.multiply(doubled_weights, s, out=factors)
        np.log1p(factors, out=factors)
        return np.exp(-0.5 * factors.sum())

    digits = 17 * np.log(10)
    high = min(digits / (t / 2 - 1), 2 * digits) + 5
    options = {"epsabs": 0, "epsrel": 1e-13, "limit": 200}
    square, _ = quad(lambda u: np.exp(u) * transform(np.exp(u)), -digits, high, **options)
    mean, _ = quad(lambda u: np.exp(u / 2) * transform(np.exp(u)), -2 * digits, high, **options)
    mean /= np.sqrt(np.pi)
    return mean, square - mean * mean


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--steps", type=peer.steps, default=peer.steps("5,10,100,1000,6000"), help="comma list")
    options = parser.parse_args()
    exact_variance(options.beta2, 5)
    seconds, pairs = peer.timed(lambda: [exact_variance(options.beta2, t) for t in options.steps], options.repeat)
    result = {"0.0": {str(t): {"mean_psi": float(mean), "var_psi": float(variance)}
                      for t, (mean, variance) in zip(options.steps, pairs)}}
    peer.report("scipy_exact", vars(options), seconds, result, ("numpy", "scipy"))


if __name__ == "__main__":
    main()
