"""Writes exact_law_extended.csv: E[psi], E[psi^2], Var[psi] under the exponential average at the corners.

psi = 1/(sqrt(v_hat_t) + epsilon) with g ~ N(mu, 1). `inf` where the moment is infinite: at epsilon = 0, E[psi] at
t = 1 and E[psi^2] up to t = 2, for every mu; beta2 = 0 gives v_hat_t = g_t^2, which is t = 1 again.

Accuracy: 75-digit arithmetic; halving the spacing of the integration changes no variance by 1e-25 (asserted), so all 17
digits hold, also where the variance is 1e-12 of the squared mean. Asserted besides, each to 1e-25: every row with t = 1
and epsilon > 0 against the integral over g itself, and every row with mu = epsilon = 0 against another form of the
Laplace transform. And every third row of exact_law.csv and its last five against this route: the moments and the
variances up to t = 100 agree to the last printed digit; its variances from t = 1000 on are themselves only good to
3e-16 (mu = 0) and 6e-14 (mu = 10), the subtraction having been made with fewer digits there.

    python3 make_exact_law_extended.py
"""
import sys

from mpmath import exp, mpf, pi, quad, sqrt

from reference_arithmetic import double, exact_moments, exact_variance_by_series, read, relative_difference, write

CENTRED = {
    "0.5": [3, 4, 5, 20, 50], "0.9": [4, 6, 8, 20, 50, 200], "0.99": [4, 6, 8, 200], "0.999": [4, 6, 8, 20, 50, 200],
    "0.9999": [3, 5, 50, 1000], "0.999999": [3, 5, 20, 1000], "0.99999999": [3, 4, 5, 200, 1000],
}
SHIFTED = [
    ("0.5", 3, "100"), ("0.5", 5, "0.3"), ("0.5", 1000, "1000"), ("0.9", 3, "0.001"), ("0.9", 4, "1000"),
    ("0.9", 20, "3"), ("0.99", 4, "0.3"), ("0.99", 8, "10"), ("0.99", 200, "100"), ("0.999", 3, "0.001"),
    ("0.999", 5, "3"), ("0.999", 50, "0.3"), ("0.999", 200, "10"), ("0.999", 1000, "0.3"),
    ("0.9999", 5, "10"), ("0.9999", 5, "100"), ("0.9999", 5, "1000"), ("0.9999", 100, "10"), ("0.9999", 100, "100"),
    ("0.9999", 100, "1000"), ("0.9999", 1000, "10"), ("0.9999", 1000, "100"), ("0.9999", 1000, "1000"),
    ("0.999999", 4, "10"), ("0.999999", 200, "100"), ("0.99999999", 3, "3"), ("0.99999999", 50, "1000"),
    ("0.99999999", 1000, "0.001"),
]
WITH_EPSILON = [
    # One square: nothing but epsilon keeps the moments finite.
    ("0.999", 1, "0", "1e-8"), ("0.999", 1, "0", "1e-6"), ("0.999", 1, "0", "0.001"), ("0.999", 1, "0", "1"),
    ("0.999", 1, "0", "10"), ("0.999", 1, "0", "1000"), ("0.5", 1, "0.001", "1e-8"), ("0.9", 1, "0.3", "1e-8"),
    ("0.99", 1, "3", "1e-8"), ("0.9999", 1, "10", "1e-8"), ("0.9999", 1, "1000", "1e-8"), ("0.9999", 1, "3", "1"),
    ("0.9999", 1, "1000", "1000"),
    # beta2 = 0: one square at every t.
    ("0", 1, "0", "1e-8"), ("0", 2, "0", "1e-6"), ("0", 3, "0", "0.001"), ("0", 5, "0.3", "1"), ("0", 200, "0", "1e-8"),
    ("0", 1000, "3", "0.001"), ("0", 1000, "0", "1000"),
    # Two squares: the logarithmic case of E[psi^2].
    ("0.999", 2, "0", "1e-8"), ("0.999", 2, "0", "1e-6"), ("0.999", 2, "0", "0.001"), ("0.9999", 2, "0", "1"),
    ("0.999", 2, "0", "1000"), ("0.5", 2, "0.3", "1e-8"), ("0.9", 2, "3", "1e-8"), ("0.99999999", 2, "0", "1e-8"),
    ("0.999999", 2, "10", "1e-6"), ("0.999", 2, "1000", "1"),
    # Three and more.
    ("0.999", 3, "0", "1e-8"), ("0.999", 3, "0", "1e-6"), ("0.5", 3, "0", "1"), ("0.9999", 3, "0", "0.001"),
    ("0.999", 4, "0", "1e-8"), ("0.9", 4, "3", "10"), ("0.99", 5, "0", "1e-8"), ("0.999999", 5, "100", "1e-8"),
    ("0.9999", 5, "10", "1000"), ("0.999", 6, "0.001", "1e-6"), ("0.999", 8, "0", "10"), ("0.9", 20, "0", "1e-8"),
    ("0.5", 20, "10", "1"), ("0.999", 50, "0", "1000"), ("0.99", 50, "0.3", "0.001"), ("0.9999", 100, "1000", "1e-6"),
    ("0.9999", 100, "10", "1"), ("0.999", 200, "0", "1e-8"), ("0.99999999", 200, "0.3", "1"),
    ("0.9999", 1000, "10", "1e-8"), ("0.9999", 1000, "1000", "1000"), ("0.999", 1000, "0", "1e-8"),
    ("0.999", 1000, "0", "1"),
]
INFINITE = [("0.999", 1, "0"), ("0.999", 1, "10"), ("0.999", 2, "0"), ("0.9", 2, "3"), ("0.9999", 2, "1000"),
            ("0", 1, "0"), ("0", 2, "0.3"), ("0", 5, "0"), ("0", 1000, "3")]


def one_square_directly(mu, epsilon):
    """E[psi] and Var[psi] at t = 1 as integrals over |g|, by tanh-sinh on panels: no Laplace transform."""
    density = lambda r: (exp(-(r - mu) ** 2 / 2) + exp(-(r + mu) ** 2 / 2)) / sqrt(2 * pi)
    edges = {mpf(0), mpf(1), epsilon}
    edges |= {epsilon * mpf(10) ** k for k in range(0, 14, 2) if epsilon * mpf(10) ** k < 1}
    edges |= {abs(mu + k) for k in range(-20, 21, 2)}
    edges = sorted(e for e in edges if e <= mu + 20) + [mpf("inf")]
    if mu > 20:
        # Between 1 and mu - 20 the density is below exp(-200); panels as everywhere else.
        edges = sorted(set(edges) | {mu / 2, mu - 30})
    mean = quad(lambda r: density(r) / (r + epsilon), edges)
    return mean, quad(lambda r: density(r) * (1 / (r + epsilon) - mean) ** 2, edges)


def check_existing_file():
    rows = read("exact_law.csv")
    for row in rows[:-5:3] + rows[-5:]:
        moments = exact_moments(double(row["beta2"]), int(row["t"]), double(row["mu"]), double(row["epsilon"]))
        for name, value in zip(("mean_psi", "mean_psi_squared", "var_psi"), moments):
            # 17 digits round by up to 5e-17 of the value.
            coarse = name == "var_psi" and int(row["t"]) >= 1000
            assert relative_difference(mpf(row[name]), value) < (mpf("1e-13") if coarse else mpf("6e-17")), (row, name)


def main():
    cases = [(b, t, "0", "0") for b, steps in CENTRED.items() for t in steps]
    cases += [(b, t, mu, "0") for b, t, mu in SHIFTED + INFINITE] + WITH_EPSILON
    assert len(cases) == len(set(cases))
    known = {(r["beta2"], int(r["t"]), r["mu"], r["epsilon"]) for r in read("exact_law.csv")}
    rows = []
    for b, t, mu, epsilon in sorted(cases, key=lambda c: (float(c[0]), c[1], float(c[2]), float(c[3]))):
        assert (b, t, mu, epsilon) not in known, (b, t, mu, epsilon)
        moments = exact_moments(double(b), t, double(mu), double(epsilon))
        if t == 1 and epsilon != "0":
            mean, variance = one_square_directly(double(mu), double(epsilon))
            assert relative_difference(mean, moments[0]) < mpf(10) ** -25, (mu, epsilon)
            assert relative_difference(variance, moments[2]) < mpf(10) ** -25, (mu, epsilon)
        if mu == "0" and epsilon == "0" and moments[2] != mpf("inf"):
            again = exact_variance_by_series(double(b), t)
            assert relative_difference(again, moments[2]) < mpf(10) ** -25, (b, t)
        rows.append((b, str(t), mu, epsilon) + moments)
        print(rows[-1][:4], file=sys.stderr, flush=True)
    write("exact_law_extended.csv", "beta2,t,mu,epsilon,mean_psi,mean_psi_squared,var_psi", rows)
    check_existing_file()


main()
