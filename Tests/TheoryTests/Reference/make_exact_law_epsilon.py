"""Writes exact_law_epsilon.csv: E[psi], E[psi^2], Var[psi] under the exponential average for every size of epsilon.

psi = 1/(x + epsilon) with x = sqrt(v_hat_t), g ~ N(mu, 1), epsilon from the smallest double to the largest. A value beyond
the range of doubles is `inf` or 0.0, as it is in double precision.

No Laplace transform where the density of x is known: one square is |g|, and two centred ones have the density of two weighted
exponentials (a Bessel function). The moments are integrals over x of (c - x)/(x + epsilon), for which
psi = (1 + (c - x)/(x + epsilon))/(c + epsilon) with any c: nothing cancels. mu = 0: trapezoid rule in ln x; else tanh-sinh on
panels. The other rows, and some of these again (asserted, to 1e-18), are by the Laplace transform of reference_arithmetic.py,
with as many more digits as the difference E[psi^2] - E[psi]^2 loses.

Accuracy: 40-digit arithmetic; the sum of double the spacing differs by less than 1e-18 (asserted), its own error is the square of that.

    python3 make_exact_law_epsilon.py
"""
import sys

from mpmath import besseli, exp, log, mp, mpf, pi, quad, sqrt

import reference_arithmetic as arithmetic
from reference_arithmetic import double, weights, write

mp.dps = 40
TINY = ["5e-324", "1e-320", "2.2250738585072014e-308", "1e-200", "1e-100", "1e-60", "1e-30", "1e-18", "1e-13", "1e-10", "3e-9"]
HUGE = ["40", "100", "10000", "1e8", "1e15", "1e30", "1e60", "1e80", "1e200", "1.7976931348623157e308"]
CASES = [("0.999", t, "0", e) for t in (1, 2) for e in TINY + HUGE]
CASES += [("0", 7, "0", e) for e in ("5e-324", "1e-30", "1e15")] + [("0.5", 2, "0", e) for e in ("1e-310", "1e-25", "1e12")]
CASES += [("1e-50", t, "0", e) for t in (1, 2) for e in ("1e-300", "1e-30", "1e20")]
CASES += [("0.99", 1, "1", e) for e in ("1e-310", "1e-40", "1e-12", "50", "1e12", "1e70")]
CASES += [("0.99", 1, "10", e) for e in ("5e-324", "1e-30", "400", "1e10")]
CASES += [("0.999", 1, "38", e) for e in ("5e-324", "1e-310", "1e-300")]
CASES += [("0.999", 1, "1000", e) for e in ("1e-20", "1e5", "1e50")]
BY_TRANSFORM = [("0.999", t, "0", e) for t in (3, 5) for e in ("5e-324", "1e-13", "40", "1e8")]
BY_TRANSFORM += [("0.999", 20, "0", "1e8"), ("0.9", 2, "10", "1e-15"), ("0.9", 2, "10", "400"), ("0.9", 4, "3", "1e7"), ("0.9", 2, "1", "1e-12")]
AGAIN = [("0.999", 1, "0", "1e-13"), ("0.999", 2, "0", "1e-13"), ("0.99", 1, "1", "1e-12"), ("0.999", 2, "0", "100")]


def density(beta2, t, mu):
    """Of x = sqrt(v_hat_t)."""
    if t == 1 or not beta2:
        return lambda x: (exp(-(x - mu) ** 2 / 2) + exp(-(x + mu) ** 2 / 2)) / sqrt(2 * pi)
    assert t == 2 and mu == 0
    large, small = weights(beta2, 2)
    def two(x):
        v = x * x
        difference = v * (1 / small - 1 / large) / 4
        # e^{-v(1/w0 + 1/w1)/4} I_0: for large arguments by the asymptotic series, scaled.
        if difference > 400:
            term = total = mpf(1)
            for k in range(1, 60):
                term *= mpf((2 * k - 1) ** 2) / (8 * k * difference)
                total += term
            scaled = total / sqrt(2 * pi * difference)
        else:
            scaled = exp(-difference) * besseli(0, difference)
        return x / sqrt(large * small) * exp(-v / (2 * large)) * scaled
    return two


def over_x(beta2, t, mu, epsilon):
    """E[psi], E[psi^2], Var[psi] from the density."""
    p, centre = density(beta2, t, mu), sqrt(1 + mu * mu)
    # Of order 1 for a large epsilon: quad's tolerance is absolute.
    scale = centre + epsilon
    ratio = lambda x: (centre - x) / (x + epsilon) * scale
    first = second = mpf(0)
    if mu == 0:
        spacing, smallest = mpf(1) / 24, weights(beta2, t)[-1] if beta2 else mpf(1)
        low = min(log(epsilon), log(smallest) / 2, mpf(0)) - 45
        count = int((4 - low) / spacing)
        coarse = mpf(0)
        for k in range(count):
            x = exp(low + k * spacing)
            y = ratio(x)
            term = x * p(x)
            first += term * y
            second += term * y * y
            if k % 2 == 0:
                coarse += 2 * term * y * y
        assert abs(coarse / second - 1) < mpf(10) ** -18, (beta2, t, epsilon, coarse / second - 1)
        first, second = first * spacing, second * spacing
    else:
        with mp.workdps(25):
            edges = {mpf(0), mpf(1)} | {epsilon * mpf(10) ** k for k in range(-1, 340, 4) if epsilon * mpf(10) ** k < 1}
            edges |= {abs(mu + k) for k in range(-14, 15, 2)}
            edges = sorted(e for e in edges if e <= mu + 14)
            for low, high in zip(edges, edges[1:]):
                first += quad(lambda x: p(x) * ratio(x), [low, high])
                second += quad(lambda x: p(x) * ratio(x) ** 2, [low, high])
    mean = (1 + first / scale) / scale
    variance = (second - first ** 2) / scale ** 4
    return mean, variance + mean ** 2, variance


def by_transform(beta2, t, mu, epsilon):
    lost = int(max(0, 2 * log(epsilon / sqrt(1 + mu * mu), 10)))
    with mp.workdps(60 + lost):
        arithmetic.STEP, arithmetic.NEGLIGIBLE = mpf(1) / (16 if lost < 4 else 32), mpf(10) ** -(45 + lost)
        return arithmetic.exact_moments(beta2, t, mu, epsilon)


def in_range(value):
    """The value, or what becomes of it in double precision."""
    if value < mpf(2) ** -1075:
        return "0.0"
    return "inf" if value >= mpf(2) ** 1024 else value


def main():
    cases = CASES + BY_TRANSFORM
    assert len(cases) == len(set(cases))
    rows = []
    for case in sorted(cases, key=lambda c: (float(c[0]), c[1], float(c[2]), float(c[3]))):
        beta2, t, mu, epsilon = double(case[0]), case[1], double(case[2]), double(case[3])
        values = by_transform(beta2, t, mu, epsilon) if case in BY_TRANSFORM else over_x(beta2, t, mu, epsilon)
        if case in AGAIN:
            for a, b in zip(values, by_transform(beta2, t, mu, epsilon)):
                assert abs(a / b - 1) < mpf(10) ** -18, (case, a, b)
        rows.append((case[0], str(t), case[2], case[3]) + tuple(in_range(v) for v in values))
        print(rows[-1][:4], file=sys.stderr, flush=True)
    write("exact_law_epsilon.csv", "beta2,t,mu,epsilon,mean_psi,mean_psi_squared,var_psi", rows)


main()
