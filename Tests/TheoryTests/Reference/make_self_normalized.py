"""Writes self_normalized.csv: moments of R = S/sqrt(v_hat_t), S^2 the mean of g_1^2 ... g_T^2, for independent normal gradients of mean 0.

By Basu's theorem, E[R] = E[psi] / E[1/S] and E[R^2] = E[psi^2] / E[1/S^2], in 75-digit arithmetic: what the difference loses, at most
20 digits here, was never printed. Asserted at t = T = 3 by another route: R depends on the direction of the gradients alone, and its
moments are averages over the sphere, E[R^2] by Carlson's R_F, E[R] by the arithmetic-geometric mean.

    python3 make_self_normalized.py
"""
from mpmath import agm, elliprf, gamma, mpf, quad, sqrt

from reference_arithmetic import double, exact_moments, relative_difference, weights, write

CASES = [
    ("0.999", 400, [3, 10, 100, 399, 400]), ("0.999", 500, [2, 3, 5, 10, 50, 100, 250, 400, 500]), ("0.5", 3, [2, 3]),
    ("0.9", 20, [3, 10, 19, 20]), ("0.9", 100, [5, 50, 100]), ("0.01", 10, [3, 5, 10]), ("0.9999", 50, [3, 25, 50]),
    ("0.9999999", 6, [3, 5, 6]), ("0.9999999", 300, [10, 299, 300]), ("0.99", 1000, [3, 30,]),
]


def normalized(beta2, total, t):
    mean, square, _ = exact_moments(beta2, t, mpf(0), mpf(0))
    half = mpf(total) / 2
    mean /= sqrt(half) * gamma(half - mpf(1) / 2) / gamma(half)
    square *= (mpf(total) - 2) / total
    return mean, square, square - mean * mean if t > 2 else mpf("inf")


def over_the_sphere(beta2):
    """E[R^2] at t = T = 3: the mean of 1/(3 sum w x^2) over the unit sphere is R_F(w1 w2, w1 w3, w2 w3)/3, of 1/sqrt of it by quadrature."""
    a, b, c = weights(beta2, 3)

    def ring(z):
        # The mean of 1/sqrt(p cos^2 f + q sin^2 f) over f is 1/AGM(sqrt p, sqrt q).
        p, q = (3 * ((1 - z * z) * w + c * z * z) for w in (a, b))
        return 1 / agm(sqrt(p), sqrt(q))

    return quad(ring, [0, 1]), elliprf(a * b, a * c, b * c) / 3


rows = []
for beta2, total, steps in CASES:
    for t in steps:
        mean, square, variance = normalized(double(beta2), total, t)
        if (total, t) == (3, 3):
            first, second = over_the_sphere(double(beta2))
            assert relative_difference(mean, first) < mpf(10) ** -20 and relative_difference(square, second) < mpf(10) ** -25
        rows.append((beta2, str(total), str(t), mean, square, variance))
write("self_normalized.csv", "beta2,step_count,t,mean,mean_square,variance", rows)
