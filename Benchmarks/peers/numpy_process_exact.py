"""Peer of the exact curves of gradients that are not i.i.d. normal: Var[psi_t] for t = 1..T at epsilon = 0, mu = 0.

The grid is that of numpy_exact.py: in a = s c_t a step multiplies E exp(-s v_t) by one factor, so that a curve is a
cumulative sum of logarithms. The factor of a step is
  laplace  the closed form with SciPy's `erfcx`;
  trace    the mean of exp(-a g^2) over the recorded values, at the nodes of a cubic spline of its logarithm over ln a;
  ar1:R    a pivot of the tridiagonal matrix of the AR(1) process: a recurrence over the steps, all nodes at once.
"""
import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import erfcx

import peer

BLOCK = 64
SPACING = 0.25


def laplace(s):
    """ln E exp(-s g^2) of the Laplace law of variance 1."""
    root = np.sqrt(2 * s)
    return np.log(np.sqrt(np.pi) / root * erfcx(1 / root))


def recorded(values, low, high):
    """ln of the mean of exp(-s g^2), as a function of s, by a spline over ln s."""
    squares = np.unique(values * values, return_counts=True)
    nodes = np.arange(low, high, 0.1)
    mean = np.zeros(len(nodes))
    for start in range(0, len(squares[0]), 1 << 14):
        part, counts = squares[0][start:start + (1 << 14)], squares[1][start:start + (1 << 14)]
        mean += np.exp(-np.multiply.outer(np.exp(nodes), part)) @ counts
    spline = CubicSpline(nodes, np.log(np.maximum(mean / len(values), 1e-300)))
    return lambda s: spline(np.log(s))


def independent(factor, a, beta2, iterations):
    """ln E exp(-s v_t) at the nodes, a block of steps at a time."""
    total = np.zeros(len(a))
    for start in range(0, iterations, BLOCK):
        powers = beta2 ** np.arange(start, min(start + BLOCK, iterations))
        # Far below 1 the logarithm is minus its argument, whatever the law: the mean of g^2 is 1.
        terms = np.multiply.outer(powers, a)
        small = terms < 1e-12
        logarithms = -terms
        logarithms[~small] = factor(terms[~small])
        logarithms[0] += total
        np.cumsum(logarithms, axis=0, out=logarithms)
        total = logarithms[-1].copy()
        yield logarithms


def correlated(r, a, beta2, iterations):
    """The same for the stationary normal AR(1): -1/2 ln det(I + 2 S W), by the pivots of the precision matrix + 2 W."""
    inner, outer, coupling = (1 + r * r) / (1 - r * r), 1 / (1 - r * r), r / (1 - r * r)
    logarithm, pivot = np.zeros(len(a)), None
    for start in range(0, iterations, BLOCK):
        block = np.empty((min(BLOCK, iterations - start), len(a)))
        for k in range(len(block)):
            weight = 2 * a * beta2 ** (start + k)
            step = start + k
            if step == 0:
                block[k], pivot = -0.5 * np.log1p(weight), outer + weight
            else:
                last = outer + weight - coupling * coupling / pivot
                block[k] = -0.5 * (logarithm + np.log(pivot) + np.log(last) + step * np.log1p(-r * r))
                logarithm = logarithm + np.log(pivot)
                pivot = inner + weight - coupling * coupling / pivot
        yield block


def exact_curve(law, beta2, iterations, values=None):
    """E[psi_t] and Var[psi_t], t = 1..iterations; infinite, or not a number, where they do not exist."""
    low, high = np.log(1 - beta2) - 2 * 17 * np.log(10), 2 * 17 * np.log(10)
    a = np.exp(np.arange(low, high, SPACING))
    columns = np.column_stack([np.sqrt(a), a])
    if law.startswith("ar1:"):
        blocks = correlated(float(law[4:]), a, beta2, iterations)
    else:
        factor = laplace if law == "laplace" else recorded(values, -28, high)
        blocks = independent(factor, a, beta2, iterations)
    moments = np.concatenate([np.exp(block) @ columns for block in blocks])
    t = np.arange(1, iterations + 1)
    scale = (1 - beta2) / -np.expm1(t * np.log(beta2))
    mean = SPACING * moments[:, 0] / np.sqrt(np.pi * scale)
    variance = SPACING * moments[:, 1] / scale - mean * mean
    variance[:2] = np.inf
    return mean, variance


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--law", default="laplace", help="laplace, trace or ar1:R")
    parser.add_argument("--iterations", type=int, default=6000)
    options = parser.parse_args()
    # The trace is what `varlab-benchmark` makes: a million quantiles of the Laplace law, none of them twice.
    count = 1_000_000
    levels = (np.arange(count) + 0.5) / count
    values = np.where(levels < 0.5, np.log(2 * levels), -np.log(2 * (1 - levels))) / np.sqrt(2)
    seconds, (means, variances) = peer.timed(
        lambda: exact_curve(options.law, options.beta2, options.iterations, values), options.repeat)
    peer.report("numpy_process_exact", vars(options), seconds, peer.curves_at_steps([0.0], [means], [variances]), ("numpy", "scipy"))


if __name__ == "__main__":
    main()
