"""Writes Sources/CKernels/normal_tail_coefficients.h: the logarithms of the normal distribution's two tails.

H(a) = -ln Phi(-a) by a polynomial in a - k/4 within 1/8 of every k/4 from 0 to 8, and for larger a as a^2/2 + ln a + q(1/a^2);
K(a) = -ln Phi(a) likewise up to 4, beyond which it is computed from H(a). Every polynomial interpolates its function at Chebyshev nodes in 60-digit arithmetic; the error printed is the
largest relative one on a fine grid. The constant coefficients are in two parts, so that their rounding, which
would be the same for all values of an interval, is in no sum of many. Needs mpmath.

    python3 Scripts/normal_tail_coefficients.py > Sources/CKernels/normal_tail_coefficients.h
"""
from mpmath import cos, erfc, log, log1p, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60
FAR_LAST, FAR_DEGREE = 32, 9
NEAR_LAST, NEAR_DEGREE = 16, 10
CORRECTION_DEGREE = 14


def interpolate(f, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    system = matrix([[x ** j for j in range(degree + 1)] for x in nodes])
    return list(lu_solve(system, matrix([f(x) for x in nodes])))


def rounded(coefficients):
    """The constant in two parts, its smaller one first, then the others."""
    constant = float(coefficients[0])
    return [float(coefficients[0] - mpf(constant)), constant] + [float(c) for c in coefficients[1:]]


def value(parts, x):
    sum_ = mpf(0)
    for c in reversed(parts[2:]):
        sum_ = (sum_ + mpf(c)) * x
    return sum_ + mpf(parts[0]) + mpf(parts[1])


def table(name, doc, f, last, degree):
    rows, error = [], mpf(0)
    for k in range(last + 1):
        centre, half = mpf(k) / 4, mpf(1) / 8 * (1 + mpf(2) ** -40)
        parts = rounded(interpolate(lambda u: f(centre + u), -half, half, degree))
        for j in range(-50, 51):
            u = half * j / 50
            error = max(error, abs(value(parts, u) / f(centre + u) - 1))
        rows.append(parts)
    print(f"// {doc}; relative error {nstr(error, 2)}.")
    print(f"static const double {name}[{last + 1}][{degree + 2}] = {{")
    for parts in rows:
        print("    {" + ", ".join(c.hex() for c in parts) + "},")
    print("};\n")


far = lambda a: -log(erfc(a / sqrt(mpf(2))) / 2)
near = lambda a: -log1p(-erfc(a / sqrt(mpf(2))) / 2)

print("// Made by Scripts/normal_tail_coefficients.py; do not edit.")
print("#ifndef VARLAB_NORMAL_TAIL_COEFFICIENTS_H\n#define VARLAB_NORMAL_TAIL_COEFFICIENTS_H\n")
print(f"#define NORMAL_FAR_LAST {FAR_LAST}\n#define NORMAL_NEAR_LAST {NEAR_LAST}\n")
table("normal_far_tail", "-ln Phi(-a) in a - k/4", far, FAR_LAST, FAR_DEGREE)
table("normal_near_tail", "-ln Phi(a) in a - k/4", near, NEAR_LAST, NEAR_DEGREE)

high = 1 / mpf("8.12") ** 2
tiny = mpf(10) ** -8
q = lambda t: far(1 / sqrt(t)) - 1 / (2 * t) + log(t) / 2
coefficients = [float(c) for c in interpolate(q, tiny, high, CORRECTION_DEGREE)]
grid = [tiny + (high - tiny) * k / 500 for k in range(501)]
error = max(abs((sum(mpf(c) * t ** j for j, c in enumerate(coefficients)) - q(t)) / far(1 / sqrt(t))) for t in grid)
print(f"// -ln Phi(-a) - a^2/2 - ln a in 1/a^2, a >= 8.12; error relative to -ln Phi(-a) {nstr(error, 2)}.")
print("static const double normal_tail_correction[] = {")
for c in coefficients:
    print(f"    {c.hex()},")
print("};\n")
print("#endif")
