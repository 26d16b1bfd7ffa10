"""Writes second_moment_oracle.csv: the distribution function of v̂_t by gx2, which knows nothing of Laplace transforms.

Columns beta2, mu, t, v, distribution, accuracy. v̂_t is handed to gx2 (`pip install gx2 numpy`; made by version 1.5) as what it
is, a sum of noncentral chi-square variables of one degree of freedom with weights w_k and noncentralities mu². Two methods of
that package are used:

- Ruben's series of central chi-square distributions. Its coefficients are nonnegative and sum to 1, and gx2 returns what is left
  of them as a bound on the error; its thousands of terms are rounded to 1e-12 together. Stated accuracy: the sum of both.
- Where that has not converged, Imhof's integral of the characteristic function by QUADPACK, asked for an absolute error of 1e-10,
  which must be reached without a warning. Stated accuracy: 1e-9.

Where t > 10 and both give a value they agree to the sum of their accuracies (asserted); at small t Imhof's integrand decays too
slowly for QUADPACK.

    python3 make_second_moment_oracle.py > second_moment_oracle.csv
"""
import sys
import warnings

import gx2
import numpy as np

CASES = [(beta2, mu, t) for beta2 in (0.9, 0.99, 0.999) for mu in (0, 0.1, 1, 10) for t in (1, 2, 5, 10, 50)]
CASES += [(0.9999, 0, 100), (0.9999, 1, 100), (0.9999, 10, 50)]
POSITIONS = [-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3]
ROUNDING, IMHOF = 1e-12, 1e-9


def imhof(points, weights, ones, noncentrality):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return np.array([np.ravel(gx2.imhof(v, weights, ones, noncentrality * ones, 0, 0, AbsTol=IMHOF / 10, RelTol=0))[0]
                         for v in points])


def values(beta2, mu, t, points):
    weights = beta2 ** np.arange(t) * (1 - beta2) / (1 - beta2 ** t)
    ones = np.ones(t)
    series, rest = gx2.ruben(points, weights, ones, mu * mu * ones, 0, n_ruben=4000)
    if not np.all(np.isfinite(series) & np.isfinite(rest)):
        return imhof(points, weights, ones, mu * mu), np.full(len(points), IMHOF)
    if t > 10:
        assert np.max(np.abs(series - imhof(points, weights, ones, mu * mu)) - rest) <= ROUNDING + IMHOF, (beta2, mu, t)
    return series, np.abs(rest) + ROUNDING


def main():
    print("beta2,mu,t,v,distribution,accuracy")
    for beta2, mu, t in CASES:
        weights = beta2 ** np.arange(t) * (1 - beta2) / (1 - beta2 ** t)
        mean = 1 + mu * mu
        deviation = np.sqrt(2 * (1 + 2 * mu * mu) * np.sum(weights ** 2))
        points = np.array([mean * np.exp(p * deviation / mean) if p < 0 else mean + p * deviation for p in POSITIONS])
        result, accuracy = values(beta2, mu, t, points)
        print(beta2, mu, t, accuracy.max(), file=sys.stderr)
        for v, p, error in zip(points.tolist(), result.tolist(), accuracy.tolist()):
            print(f"{beta2!r},{mu!r},{t},{v!r},{p!r},{error:.2g}")


if __name__ == "__main__":
    main()
