"""Peer of the exact curve: Var[psi_t] for t = 1..T at epsilon = 0, by NumPy alone.

On a fixed grid in a = 2 s c_t the product prod_k (1 + a beta2^k) grows by one factor per step, and in ln a the plain
trapezoid rule converges geometrically, so a whole curve is a cumulative product and a matrix product per block of
steps. The product does not depend on mu, so that one pass serves every mu; each mu > 0 adds an exponential.

The variance is E[psi^2] - E[psi]^2 in double: about 1e-12 relative at mu = 0 and 1e-10 at mu = 10.
"""
import numpy as np

import peer

BLOCK = 64
SPACING = 0.25
NEGLIGIBLE = 1e-20


def exact_curves(mus, beta2, iterations):
    """E[psi_t], E[psi_t^2] and Var[psi_t], t = 1..iterations, as arrays [mu, t]; infinite where infinite."""
    # Below the low end the integrand of E[psi], sqrt(a) times 1, is under 1e-17 of its peak, which is at
    # s = 1/(1 + mu^2), a = 2 s c_t; at the high end, for t = 3, so is a^(-1/2).
    smallest = 2 * (1 - beta2) / (1 + max(mu * mu for mu in mus))
    low, high = np.log(smallest) - 2 * 17 * np.log(10), 2 * 17 * np.log(10)
    a = np.exp(np.arange(low, high, SPACING))
    columns = np.column_stack([np.sqrt(a), a])
    moments = np.empty((len(mus), iterations, 2))
    # prod (1 + a beta2^k), and half the sum of a beta2^k/(1 + a beta2^k): the exponent of the noncentral part.
    product, exponent = np.ones(len(a)), np.zeros(len(a))
    shifted = any(mu != 0 for mu in mus)
    with np.errstate(over="ignore"):
        for start in range(0, iterations, BLOCK):
            count = min(BLOCK, iterations - start)
            terms = np.multiply.outer(beta2 ** np.arange(start, start + count), a)
            factors = terms + 1
            if shifted:
                np.divide(terms, factors, out=terms)
                terms *= 0.5
                terms[0] += exponent
                exponents = np.cumsum(terms, axis=0)
                exponent = exponents[-1]
            factors[0] *= product
            np.cumprod(factors, axis=0, out=factors)
            product = factors[-1].copy()
            np.sqrt(factors, out=factors)
            transform = np.divide(1, factors, out=factors)
            for k, mu in enumerate(mus):
                if mu:
                    np.multiply(exponents, -mu * mu, out=terms)
                    np.exp(terms, out=terms)
                    terms *= transform
                moments[k, start:start + count] = (terms if mu else transform) @ columns
            # What decays with a decays faster at every later step: nodes that no longer count are dropped for good.
            # At a node of a > 1 the integrands are below a * transform, against moments of about s^-1 and c_t^-1.
            kept = (a <= 1) | (a * transform[-1] > NEGLIGIBLE * smallest)
            a, columns, product, exponent = a[kept], columns[kept], product[kept], exponent[kept]
    t = np.arange(1, iterations + 1)
    scale = (1 - beta2) / (-np.expm1(t * np.log(beta2)) if beta2 > 0 else np.ones_like(t))
    mean = SPACING * moments[:, :, 0] / np.sqrt(2 * np.pi * scale)
    square = SPACING * moments[:, :, 1] / (2 * scale)
    finite = t if beta2 > 0 else np.ones_like(t)
    mean[:, finite < 2] = np.inf
    square[:, finite < 3] = np.inf
    variance = np.full_like(mean, np.inf)
    variance[:, finite >= 3] = square[:, finite >= 3] - mean[:, finite >= 3] ** 2
    return mean, square, variance


def limit_variance(beta2):
    """The limit of Var[psi_t] for t -> infinity at mu = 0; 0 < beta2 < 1."""
    a = np.exp(np.arange(np.log(2 * (1 - beta2)) - 2 * 17 * np.log(10), 2 * 17 * np.log(10), SPACING))
    factor_count = int(np.ceil(20 / -np.log(beta2)))
    product = np.ones(len(a))
    with np.errstate(over="ignore"):
        for start in range(0, factor_count, BLOCK):
            powers = beta2 ** np.arange(start, min(start + BLOCK, factor_count))
            product *= np.prod(1 + np.multiply.outer(powers, a), axis=0)
            kept = (a <= 1) | (product < 1 / (NEGLIGIBLE * (1 - beta2)) ** 2 * a * a)
            a, product = a[kept], product[kept]
    # The factors left out, to first order; the second is below 1e-17.
    transform = np.exp(-a * beta2 ** factor_count / (2 * (1 - beta2))) / np.sqrt(product)
    mean = SPACING * (np.sqrt(a) @ transform) / np.sqrt(2 * np.pi * (1 - beta2))
    return SPACING * (a @ transform) / (2 * (1 - beta2)) - mean * mean


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--mu", type=peer.numbers, default=[0.0], help="comma list")
    parser.add_argument("--iterations", type=int, default=6000)
    options = parser.parse_args()
    exact_curves(options.mu, options.beta2, 10)
    seconds, (means, _, variances) = peer.timed(
        lambda: exact_curves(options.mu, options.beta2, options.iterations), options.repeat)
    peer.report("numpy_exact", vars(options), seconds, peer.curves_at_steps(options.mu, means, variances))


if __name__ == "__main__":
    main()
