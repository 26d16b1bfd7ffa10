"""Peer of the law of the update u_t = m_hat/sqrt(v_hat) at mu = 0, epsilon = 0.

rms        the root of E[u_t^2] for t = 1..T: the integral of M_t(s) sum_k a_k^2/(1 + 2 s w_k) on the grid of numpy_exact.py, where
           product and sum both gain one term a step.
quantiles  P(|u_t| <= x) = P(sum of (a a' - x^2 W) g g' <= 0) by NumPy's eigenvalues and Imhof's integral with SciPy's `quad`, and its
           quantiles by `brentq`: what one would write for a single step.
"""
import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

import peer

BLOCK = 64
SPACING = 0.25


def root_mean_squares(beta1, beta2, iterations):
    low, high = np.log(2 * (1 - beta2)) - 42, 2 * 17 * np.log(10)
    a = np.exp(np.arange(low, high, SPACING))
    product, total = np.ones(len(a)), np.zeros(len(a))
    integrals = []
    with np.errstate(over="ignore"):
        for start in range(0, iterations, BLOCK):
            k = np.arange(start, min(start + BLOCK, iterations))
            factors = 1 + np.multiply.outer(beta2 ** k, a)
            terms = (beta1 ** (2 * k))[:, None] / factors
            factors[0] *= product
            terms[0] += total
            np.cumprod(factors, axis=0, out=factors)
            np.cumsum(terms, axis=0, out=terms)
            product, total = factors[-1].copy(), terms[-1].copy()
            integrals.append((terms / np.sqrt(factors)) @ a)
    t = np.arange(1, iterations + 1)
    scale = (1 - beta2) / -np.expm1(t * np.log(beta2))
    weight = (1 - beta1) / -np.expm1(t * np.log(beta1))
    squares = SPACING * np.concatenate(integrals) / (2 * scale) * weight ** 2
    # At t = 1 the update is +1 or -1, and the integral decays too slowly for the grid.
    squares[0] = 1
    return np.sqrt(squares)


def quantiles(beta1, beta2, step, probabilities):
    k = np.arange(step)
    a = beta1 ** k * (1 - beta1) / (1 - beta1 ** step)
    w = beta2 ** k * (1 - beta2) / (1 - beta2 ** step)

    def probability(x):
        eigenvalues = np.linalg.eigvalsh(np.outer(a, a) - x * x * np.diag(w))
        scaled = eigenvalues / np.abs(eigenvalues).max()

        def integrand(s):
            angle = 0.5 * np.arctan(scaled * s).sum()
            return np.sin(angle) / s * np.exp(-0.25 * np.log1p((scaled * s) ** 2).sum())

        integral, _ = quad(integrand, 0, np.inf, epsabs=1e-10, epsrel=0, limit=500)
        return 0.5 - integral / np.pi

    largest = np.sqrt((a * a / w).sum())
    return [brentq(lambda x: probability(x) - p, 1e-6, largest * (1 - 1e-9), xtol=1e-10) for p in probabilities]


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--beta1", type=float, default=0.9)
    parser.add_argument("--what", choices=["rms", "quantiles"], default="rms")
    parser.add_argument("--iterations", type=int, default=6000, help="the last step of rms, the step of quantiles")
    options = parser.parse_args()
    if options.what == "rms":
        seconds, values = peer.timed(lambda: root_mean_squares(options.beta1, options.beta2, options.iterations), options.repeat)
        result = {str(t): float(values[t - 1]) for t in (1, 10, 100, options.iterations)}
    else:
        seconds, values = peer.timed(
            lambda: quantiles(options.beta1, options.beta2, options.iterations, [0.5, 0.9, 0.99]), options.repeat)
        result = dict(zip(["0.5", "0.9", "0.99"], values))
    peer.report("numpy_update", vars(options), seconds, result, ("numpy", "scipy"))


if __name__ == "__main__":
    main()
