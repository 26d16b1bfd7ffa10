"""Writes first_order_excess.csv: Eq. 5 minus Eq. 2 and that divided by Eq. 2, and Eq. 2 itself, by mpmath.

Columns rho, excess, relative_excess, var_psi. Both equations as the paper writes them, with as many digits as the difference loses
(2 log10 rho) and 40 more; 20 more digits change nothing (asserted to 1e-30).

    python3 make_first_order_excess.py > first_order_excess.csv
"""
from mpmath import exp, log, loggamma, mp, mpf, nstr, pi

RHO = ["4.0000000001", "4.001", "4.5", "5", "6", "7", "7.999", "8", "8.5", "9", "10", "12.25", "15", "17.9", "18", "19.999", "20", "25",
       "33", "50", "100", "129", "130", "131", "500", "1999", "1e4", "123456.789", "1e6", "1e8", "1e10", "1e12", "1e15", "1e16", "1e17",
       "1e20", "1e30", "1e50"]


def values(rho, digits):
    mp.dps = digits
    rho = mpf(rho)
    # Eq. 2, with B(a, a) = Gamma(a)^2/Gamma(2a).
    a = (rho - 1) / 2
    beta = 2 * loggamma(a) - loggamma(2 * a)
    closed = rho / (rho - 2) - rho / pi * exp((2 * rho - 5) * log(mpf(2)) + 2 * beta)
    first = rho / (2 * (rho - 2) * (rho - 4))
    return first - closed, (first - closed) / closed, closed


print("rho,excess,relative_excess,var_psi")
for text in RHO:
    rho = float(text)
    # loggamma is about rho log rho: its whole part costs digits too.
    digits = 60 + int(3 * max(0, len(str(int(rho)))))
    coarse, fine = values(rho, digits), values(rho, digits + 20)
    assert all(abs(x - y) <= mpf(10) ** -30 * abs(y) for x, y in zip(coarse, fine)), text
    print(",".join([repr(rho)] + [nstr(x, 17) for x in fine]))
