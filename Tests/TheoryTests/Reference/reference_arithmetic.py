"""What the make_*.py scripts share: high-precision parameters, number format, and the integrals of the exact law.

Working precision is 75 digits. A parameter is the double nearest to the decimal in the file, taken exactly. Results
are printed to 17 significant digits, which name one double. Needs mpmath (gmpy2 makes it faster, not different).
"""
import os

from mpmath import erfc, exp, loggamma, mp, mpf, nstr, pi, sqrt

mp.dps = 75

FOLDER = os.path.dirname(os.path.abspath(__file__))


def double(text):
    """The double nearest to a decimal, as an exact high-precision number."""
    return mpf(float(text))


def digits(value):
    """17 significant digits; an empty cell for None; `inf` for infinity."""
    if value is None:
        return ""
    if mp.isinf(value):
        return "inf"
    return nstr(value, 17)


def write(name, header, rows):
    with open(os.path.join(FOLDER, name), "w") as file:
        file.write(header + "\n")
        for row in rows:
            file.write(",".join(cell if isinstance(cell, str) else digits(cell) for cell in row) + "\n")


def read(name):
    """The rows of a CSV file in this folder as dictionaries of text."""
    with open(os.path.join(FOLDER, name)) as file:
        lines = file.read().split("\n")
    header = lines[0].split(",")
    return [dict(zip(header, line.split(","))) for line in lines[1:] if line]


def relative_difference(a, b):
    return abs(a - b) / abs(b)


# The lengths of the equivalent simple average.

def power(beta2, t):
    return beta2 ** t if beta2 else mpf(0)


def rho_infinity(beta2):
    return 2 / (1 - beta2) - 1


def rho(beta2, t):
    """Eq. 4, centre of mass. Evaluated with twice the digits: the textbook form cancels for beta2 near 1."""
    with mp.workdps(2 * mp.dps):
        decayed = power(beta2, t)
        return rho_infinity(beta2) - 2 * t * decayed / (1 - decayed)


def nu(beta2, t):
    """Satterthwaite's number of degrees of freedom."""
    with mp.workdps(2 * mp.dps):
        decayed = power(beta2, t)
        return (1 + beta2) * (1 - decayed) / ((1 - beta2) * (1 + decayed))


# Scale-inv-chi-square at tau = 1.

def closed_form_mean(rho):
    """E[psi], rho > 1."""
    return sqrt(rho / 2) * exp(loggamma((rho - 1) / 2) - loggamma(rho / 2))


def closed_form_variance(rho):
    """Eq. 2, rho > 2, as E[psi^2] - E[psi]^2."""
    return rho / (rho - 2) - closed_form_mean(rho) ** 2


# The exact law: integrals over s from 0 to infinity of the Laplace transform of the second-moment estimate.

def weights(decay, t):
    """The weights of the bias-corrected exponential average, newest first."""
    if not decay:
        return [mpf(1)] + [mpf(0)] * (t - 1)
    scale = (1 - decay) / (1 - decay ** t)
    values = []
    for _ in range(t):
        values.append(scale)
        scale *= decay
    return values


def tricomi(z):
    """U(1, 1/2, z^2) and U(3/2, 1/2, z^2), from erfc up to z = 14 and from the asymptotic series beyond.

    The series' smallest term at z = 14 is about exp(-196) = 1e-85; the closed form loses less than six digits there.
    """
    if z < 14:
        with mp.workdps(mp.dps + 10):
            scaled = sqrt(pi) * exp(z * z) * erfc(z)
            return 2 * (1 - z * scaled), (1 + 2 * z * z) * scaled - 2 * z
    x = z * z
    results = []
    for a in (mpf(1), mpf(3) / 2):
        term = total = x ** -a
        n = 0
        while abs(term) > mp.eps * abs(total):
            term *= -(a + n) * (a + n + mpf(1) / 2) / ((n + 1) * x)
            total += term
            n += 1
        results.append(total)
    return results[0], results[1]


# Spacing and truncation; a script may set others.
STEP = mpf(1) / 32
NEGLIGIBLE = mpf(10) ** -72


def integrate(integrands, scale):
    """Integrals of several functions of s over (0, inf), each by two trapezoid sums, the finer with half the spacing.

    The variable is x with s = scale * exp(x - exp(-x)): towards s = 0 every integrand decays doubly exponentially, for
    large s like exp(-x/2) or faster, so the trapezoid rule converges geometrically. `integrands(s)` returns s times
    each integrand (the measure is ds/s). Returns a list of (coarse, fine).
    """
    coarse, fine = None, None
    k = int(-6 / STEP)
    while True:
        x = k * STEP
        decay = exp(-x)
        values = [v * (1 + decay) for v in integrands(scale * exp(x - decay))]
        if fine is None:
            coarse, fine = [mpf(0)] * len(values), [mpf(0)] * len(values)
        for i, v in enumerate(values):
            fine[i] += v
            if k % 2 == 0:
                coarse[i] += v
        if x > 4 and all(v <= NEGLIGIBLE * total for v, total in zip(values, fine)):
            return [(2 * STEP * c, STEP * f) for c, f in zip(coarse, fine)]
        k += 1


def exact_moments(beta2, t, mu, epsilon):
    """E[psi], E[psi^2], Var[psi] for psi = 1/(sqrt(v_hat) + epsilon), g ~ N(mu, 1); infinite where infinite.

    Asserts that halving the spacing changes the variance (or, where that is infinite, the mean) by less than 1e-25.
    """
    chi_squares = t if beta2 else 1
    infinity = mpf("inf")
    if not epsilon and chi_squares == 1:
        return infinity, infinity, infinity
    second_is_finite = epsilon > 0 or chi_squares > 2
    doubled = [2 * w for w in weights(beta2, t) if w]

    def integrands(s):
        product, ratios = mpf(1), mpf(0)
        for w in doubled:
            factor = 1 + s * w
            product *= factor
            if mu:
                ratios += 1 / factor
        transform = 1 / sqrt(product)
        if mu:
            transform *= exp(-mu * mu * (len(doubled) - ratios) / 2)
        first, second = transform * sqrt(s / pi), transform * s
        if epsilon:
            u1, u2 = tricomi(epsilon * sqrt(s))
            first, second = first * u1 / 2, second * u2 / sqrt(pi)
        return [first, second] if second_is_finite else [first]

    results = integrate(integrands, 1 / (1 + mu * mu + epsilon * epsilon))
    if not second_is_finite:
        coarse, fine = results[0]
        assert relative_difference(coarse, fine) < mpf(10) ** -25
        return fine, infinity, infinity
    (mean_coarse, mean), (square_coarse, square) = results
    variance = square - mean * mean
    change = relative_difference(square_coarse - mean_coarse ** 2, variance)
    assert change < mpf(10) ** -25, (beta2, t, mu, epsilon, nstr(change, 3))
    return mean, square, variance


def exact_variance_by_series(beta2, t=None):
    """Var[psi_t] at mu = 0, epsilon = 0 by another route to the Laplace transform; t = None is the limit t -> infinity.

    ln prod_k (1 + a beta2^k) by its factors while a beta2^k > 1/4 and then by the series
    sum_j (-1)^(j+1) a^j (1 - beta2^(j n)) / (j (1 - beta2^j)) over the n factors that are left.
    """
    scale = 1 - beta2 if t is None else (1 - beta2) / (1 - beta2 ** t)

    def integrands(s):
        a, product, left = 2 * s * scale, mpf(1), t
        while a > mpf(1) / 4 and left != 0:
            product *= 1 + a
            a *= beta2
            left = None if left is None else left - 1
        total, j, a_power, beta_power = mpf(0), 1, a, beta2
        while left != 0 and a_power > mp.eps:
            term = a_power / (j * (1 - beta_power))
            if left is not None:
                term *= 1 - beta_power ** left
            total += term if j % 2 else -term
            j += 1
            a_power *= a
            beta_power *= beta2
        transform = exp(-total / 2) / sqrt(product)
        return [transform * sqrt(s / pi), transform * s]

    (mean_coarse, mean), (square_coarse, square) = integrate(integrands, mpf(1))
    variance = square - mean * mean
    assert relative_difference(square_coarse - mean_coarse ** 2, variance) < mpf(10) ** -25
    return variance
