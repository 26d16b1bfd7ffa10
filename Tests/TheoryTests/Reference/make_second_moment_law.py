"""Writes second_moment_law.csv: density, distribution function and upper tail of v̂_t, by mpmath.

Columns beta2, mu, t, v, density, distribution, upper_tail. The Laplace transform of PAPER's exact law, multiplied out
term by term, is inverted by mpmath's fixed Talbot contour at 60 digits, with two degrees that agree to 20 digits (asserted);
the distribution function is the inverse of M(s)/s. t = 1 is checked against the noncentral chi-square density in closed
form, and some rows against the independent package gx2 (`pip install gx2`), whose Imhof integral is good to about 1e-9
absolute (asserted to 1e-7).

    python3 make_second_moment_law.py > second_moment_law.csv
"""
import sys

from mpmath import cosh, exp, invertlaplace, mp, mpf, nstr, pi, sqrt

mp.dps = 60
CASES = [
    (0.9, 0, 1), (0.9, 0, 2), (0.9, 0, 3), (0.9, 0, 10), (0.9, 0, 60), (0.9, 1, 1), (0.9, 1, 5), (0.9, 3, 10),
    (0.999, 0, 1), (0.999, 0, 5), (0.999, 0, 10), (0.999, 0, 100), (0.999, 1, 5), (0.999, 1, 100), (0.999, 10, 5),
    (0.99, 0.1, 150), (0.5, 0, 4), (0.5, 2, 20), (0.3, 0, 30), (0, 0, 7), (0, 2, 1), (0.999999, 0, 80),
]
POSITIONS = [-8, -6, -4, -2, -1, 0, 0.5, 1, 3, 6, 10]


def weights(beta2, t):
    b = mpf(beta2)
    c = (1 - b) / (1 - b ** t) if b else mpf(1)
    return [c * b ** k for k in range(t)] if b else [mpf(1)]


def transform(w, mu):
    m2 = mpf(mu) ** 2

    def f(s):
        product, exponent = mpf(1), mpf(0)
        for x in w:
            q = 1 + 2 * s * x
            product *= sqrt(q)
            exponent += s * x / q
        return exp(-m2 * exponent) / product
    return f


def inverted(f, v, scale):
    """f's inverse at v, with the abscissa scaled so that the contour has the law's own size."""
    low = invertlaplace(f, v, method="talbot", degree=110)
    high = invertlaplace(f, v, method="talbot", degree=130)
    assert abs(low - high) <= mpf(10) ** -20 * abs(high) + mpf(10) ** -26, (nstr(low, 25), nstr(high, 25))
    return high


def main():
    print("beta2,mu,t,v,density,distribution,upper_tail")
    for beta2, mu, t in CASES:
        w = weights(beta2, t)
        mean = 1 + mpf(mu) ** 2
        deviation = sqrt(2 * (1 + 2 * mpf(mu) ** 2) * sum(x * x for x in w))
        f = transform(w, mu)
        for position in POSITIONS:
            # Towards 0 on a logarithmic scale, upwards on a linear one; the double nearest to it.
            v = mpf(float(mean * exp(position * deviation / mean) if position < 0 else mean + position * deviation))
            try:
                density = inverted(f, v, deviation)
                distribution = inverted(lambda s: f(s) / s, v, deviation)
            except AssertionError as error:
                print(beta2, mu, t, position, error, file=sys.stderr)
                continue
            if t == 1:
                m = mpf(mu)
                closed = exp(-(v + m * m) / 2) * cosh(m * sqrt(v)) / sqrt(2 * pi * v)
                assert abs(density - closed) < mpf(10) ** -18 * closed
            if density < mpf(10) ** -20 or distribution < mpf(10) ** -18 or 1 - distribution < mpf(10) ** -18:
                continue
            print(",".join([repr(beta2), repr(mu), str(t), repr(float(v)), nstr(density, 17), nstr(distribution, 17),
                            nstr(1 - distribution, 17)]))


if __name__ == "__main__":
    main()
