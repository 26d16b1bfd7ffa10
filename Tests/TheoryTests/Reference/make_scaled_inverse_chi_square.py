"""Writes scaled_inverse_chi_square_law.csv and scaled_inverse_chi_square_quantile.csv: Scale-inv-chi-square(rho, tau^2)
as a law of its own, x = rho tau^2 / chi^2_rho, and the density of its square root psi.

The law: density f(x) = (rho tau^2/2)^(rho/2) / Gamma(rho/2) * x^(-1-rho/2) exp(-rho tau^2/(2x)), the distribution
function Q(rho/2, rho tau^2/(2x)), the upper tail P of the same arguments, and psi_density = 2 psi f(psi^2); psi has the
distribution value of x. Every psi is a number of at most 20 bits, so x = psi^2 is exactly a double too and both cells
read back exactly. The points run from a lower tail of about 1e-290 to an upper tail of about 1e-290, or to where a
cell would leave the range of normal doubles. tau is the double nearest to its decimal, as is the probability of a quantile.

Accuracy: 75-digit arithmetic. P comes from its series, and Q from 1 - P while Q is above about 1e-20 and from its
continued fraction below: all 17 digits hold, in the tails as well. A double evaluation cannot do so well: its condition
is a relative error of about 1e-16 * |d ln value/d ln x| from rounding the arguments, z up to 1e6 times 1e-16 in the
tails (z = rho tau^2/(2x)), and as much again from ln Gamma.
Asserted: every quantile put back into the distribution function gives its probability to 1e-40; at one point in each
tail for each rho the tail agrees to 1e-20 with the density integrated numerically; and, where SciPy is installed, its
gammaincc, gammainc and gammainccinv agree to their own accuracy (SciPy 1.17.1 is off by up to 1e-7 of the tail at
rho = 1e6).

    python3 make_scaled_inverse_chi_square.py
"""
from mpmath import exp, frexp, ldexp, log, loggamma, mp, mpf, nint, quad, sqrt

from reference_arithmetic import double, relative_difference, write

RHO = ["0.5", "1", "2.5", "5", "50", "1999", "1e6"]
TAU = ["1", "0.3"]
PROBABILITIES = ["1e-12", "1e-9", "1e-6", "0.001", "0.025", "0.1", "0.25", "0.5", "0.75", "0.9", "0.975", "0.999",
                 "0.999999", "0.999999999"]
# Chosen tails: the points are the quantiles of these, rounded to 20 bits.
LOWER_TAILS = ["1e-290", "1e-200", "1e-100", "1e-50", "1e-20", "1e-10", "1e-5", "0.001", "0.05", "0.3"]
UPPER_TAILS = ["0.5", "0.2", "0.03", "0.001", "1e-6", "1e-12", "1e-25", "1e-60", "1e-120", "1e-220", "1e-290"]


def gamma_density(a, z):
    return exp((a - 1) * log(z) - z - loggamma(a))


def incomplete_gamma(a, z):
    """P(a, z) and Q(a, z), each with full relative accuracy."""
    front = exp(a * log(z) - z - loggamma(a))

    def lower():
        term = total = 1 / a
        n = 1
        while term > mp.eps * total:
            term *= z / (a + n)
            total += term
            n += 1
        return front * total

    def upper():
        # Legendre's continued fraction by Lentz's recurrence.
        b = z + 1 - a
        c, d = mpf(10) ** 400, 1 / b
        total, n = d, 1
        while True:
            numerator = n * (a - n)
            b += 2
            d = 1 / (b + numerator * d)
            c = b + numerator / c
            change = c * d
            total *= change
            n += 1
            if abs(change - 1) < mp.eps:
                return front * total

    if z < a + 1:
        p = lower()
        # Just below a + 1, Q is about a half or less but never small; far below, P is tiny and 1 - P exact.
        return p, 1 - p
    if gamma_density(a, z) * sqrt(a) > mpf(10) ** -20:
        # Not far above the mean the continued fraction is slow and Q still large: the series, then 1 - P.
        with mp.workdps(mp.dps + 30):
            front = exp(a * log(z) - z - loggamma(a))
            p = lower()
            return p, 1 - p
    q = upper()
    return 1 - q, q


def solve(a, target, of_lower):
    """z with P(a, z) = target, or Q(a, z) = target: Newton on the logarithm in ln z, which is concave there."""
    # A bracket by doubling, then safeguarded Newton in u = ln z.
    def residual(u):
        z = exp(u)
        p, q = incomplete_gamma(a, z)
        value = p if of_lower else q
        slope = gamma_density(a, z) * z / value
        return log(value / target), slope if of_lower else -slope

    with mp.workdps(20):
        u = log(a)
        low = high = None
        step = mpf(1) / 4 / sqrt(a + 1)
        for _ in range(2000):
            difference, _ = residual(u)
            if (difference > 0) == of_lower:
                high = u
                if low is not None:
                    break
                u -= step
            else:
                low = u
                if high is not None:
                    break
                u += step
            step *= 2
        for _ in range(8):
            u = (low + high) / 2
            if (residual(u)[0] > 0) == of_lower:
                high = u
            else:
                low = u
        u = (low + high) / 2
    for _ in range(60):
        difference, slope = residual(u)
        change = difference / slope
        u -= change
        if not low <= u <= high:
            u = (low + high) / 2
        elif abs(change) < mpf(10) ** -45:
            return exp(u)
    raise ArithmeticError("Newton's iteration did not settle")


def round_to_bits(value, bits):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), int(exponent) - bits)


def law_rows(rho_text, tau_text):
    rho, tau = double(rho_text), double(tau_text)
    a, scale = rho / 2, rho * tau * tau / 2
    points = [solve(a, mpf(tail), False) for tail in LOWER_TAILS] + [solve(a, mpf(tail), True) for tail in UPPER_TAILS]
    seen = set()
    for point in points:
        psi = round_to_bits(sqrt(scale / point), 20)
        x = psi * psi
        if not mpf(10) ** -290 < x < mpf(10) ** 290 or x in seen:
            continue
        seen.add(x)
        assert mpf(float(x)) == x and mpf(float(psi)) == psi
        z = scale / x
        upper, distribution = incomplete_gamma(a, z)
        density = gamma_density(a, z) * z / x
        values = (density, distribution, upper, 2 * psi * density)
        # Where a cell would be denormal or zero as a double the point says nothing.
        if any(value < mpf(10) ** -307 for value in values):
            continue
        yield (rho_text, tau_text, x, density, distribution, upper, psi, 2 * psi * density)


def check_by_quadrature(rho_text):
    """The tails at ln z = ln a -+ 4/sqrt(a), as incomplete gamma functions and as integrals of the density."""
    a = double(rho_text) / 2
    density = lambda u: exp(a * u - exp(u) - loggamma(a))
    width = 1 / sqrt(a)
    with mp.workdps(40):
        left, right = log(a) - 4 * width, log(a) + min(4 * width, mpf(4))
        below = quad(density, [left - 80 * width / min(a, 1)] + [left - k * width for k in (40, 20, 10, 5, 2, 0)])
        above = quad(density, [right + k * min(width, mpf(1) / 2) for k in (0, 1, 2, 4, 6, 8, 12, 16, 24, 40)])
    for integral, value in ((below, incomplete_gamma(a, exp(left))[0]), (above, incomplete_gamma(a, exp(right))[1])):
        assert relative_difference(integral, value) < mpf(10) ** -20, (rho_text, integral, value)


def check_against_scipy(rows, quantiles):
    try:
        from scipy import special
    except ImportError:
        return
    for rho_text, tau_text, x, _, distribution, upper, _, _ in rows:
        rho, tau = float(rho_text), float(tau_text)
        z = float(double(rho_text) * double(tau_text) ** 2 / (2 * x))
        # The condition of the tails in z and rho; for large rho SciPy's uniform asymptotic series, which is accurate
        # as a part of 1 but not of the tail.
        tolerance = 1e-7 if rho > 1e5 else 1e-13 + 1e-15 * (z + rho)
        if rho > 1e5 and min(distribution, upper) < mpf(10) ** -12:
            continue
        for value, theirs in ((distribution, special.gammaincc(rho / 2, z)), (upper, special.gammainc(rho / 2, z))):
            if theirs > 1e-280:
                assert relative_difference(mpf(float(theirs)), value) < tolerance, (rho, tau, z, theirs, value)
    for rho_text, tau_text, probability, quantile in quantiles:
        rho, tau = float(rho_text), float(tau_text)
        theirs = rho * tau * tau / 2 / special.gammainccinv(rho / 2, float(probability))
        assert relative_difference(mpf(float(theirs)), quantile) < 1e-10, (rho, tau, probability, theirs, quantile)


def main():
    rows, quantiles = [], []
    for rho_text in RHO:
        check_by_quadrature(rho_text)
        for tau_text in TAU:
            rows += sorted(law_rows(rho_text, tau_text), key=lambda row: row[2])
            rho, tau = double(rho_text), double(tau_text)
            for probability_text in PROBABILITIES:
                probability = double(probability_text)
                lower = probability > mpf(1) / 2
                z = solve(rho / 2, 1 - probability if lower else probability, lower)
                p, q = incomplete_gamma(rho / 2, z)
                assert abs(q - probability) < mpf(10) ** -40
                quantiles.append((rho_text, tau_text, probability_text, rho * tau * tau / (2 * z)))
    check_against_scipy(rows, quantiles)
    write("scaled_inverse_chi_square_law.csv", "rho,tau,x,density,distribution,upper_tail,psi,psi_density", rows)
    write("scaled_inverse_chi_square_quantile.csv", "rho,tau,probability,quantile", quantiles)


main()
