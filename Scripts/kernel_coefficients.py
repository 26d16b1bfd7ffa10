"""Writes Sources/CKernels/coefficients.h: near-minimax polynomials for the kernels' elementary functions.

Each polynomial interpolates its function at Chebyshev nodes in 60-digit arithmetic; the error printed beside it is
the largest one on a fine grid, relative to the whole function. Needs mpmath.

    python3 Scripts/kernel_coefficients.py > Sources/CKernels/coefficients.h
"""
from mpmath import mp, mpf, cos, sin, exp, log, atanh, sqrt, pi, matrix, lu_solve

mp.dps = 60


def interpolate(f, low, high, degree):
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    system = matrix([[x ** j for j in range(degree + 1)] for x in nodes])
    return [float(c) for c in lu_solve(system, matrix([f(x) for x in nodes]))]


def horner(coefficients, x):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * x + mpf(c)
    return value


def emit(name, doc, coefficients, whole, low, high):
    grid = [low + (high - low) * k / 2000 for k in range(1, 2001)]
    error = max(abs(whole(x, horner(coefficients, x))) for x in grid)
    print(f"// {doc}; relative error {mp.nstr(error, 2)}.")
    print(f"static const double {name}[] = {{")
    for c in coefficients:
        print(f"    {c.hex()},")
    print("};\n")


print("// Made by Scripts/kernel_coefficients.py; do not edit.")
print("#ifndef VARLAB_COEFFICIENTS_H\n#define VARLAB_COEFFICIENTS_H\n")

z_log = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.001")
f = lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z
tiny = mpf(10) ** -12
emit("log_polynomial", "log((1+s)/(1-s)) = 2s + s z p(z), z = s^2, |s| <= (sqrt 2 - 1)/(sqrt 2 + 1)",
     interpolate(f, tiny, z_log, 7), lambda z, p: (2 + z * p) / (2 * atanh(sqrt(z)) / sqrt(z)) - 1, tiny, z_log)

r_exp = log(mpf(2)) / 2 * mpf("1.001")
g = lambda r: (exp(r) - 1 - r) / r ** 2 if abs(r) > tiny else mpf(1) / 2 + r / 6
emit("expm1_polynomial", "expm1(r) = r + r^2 p(r), |r| <= ln(2)/2",
     interpolate(g, -r_exp, r_exp, 10), lambda r, p: (r + r * r * p) / (exp(r) - 1) - 1 if abs(r) > tiny else mpf(0),
     -r_exp, r_exp)

z_angle = (pi / 4) ** 2
emit("sin_polynomial", "sin x = x + x z p(z), z = x^2, 0 <= x <= pi/4",
     interpolate(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, tiny, z_angle, 5),
     lambda z, p: (1 + z * p) / (sin(sqrt(z)) / sqrt(z)) - 1, tiny, z_angle)
emit("cos_polynomial", "cos x = 1 + z p(z), z = x^2, 0 <= x <= pi/4",
     interpolate(lambda z: (cos(sqrt(z)) - 1) / z, tiny, z_angle, 6),
     lambda z, p: (1 + z * p) / cos(sqrt(z)) - 1, tiny, z_angle)
print("#endif")
