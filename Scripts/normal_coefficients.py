"""Writes Sources/CKernels/normal_coefficients.h: the polynomials of the normal random numbers.

They are shorter than those of coefficients.h: a relative error of 4e-12 in the numbers changes no statistic by more than
that, while even 2^40 trajectories leave a statistical error of 1e-6. Each polynomial interpolates its function at
Chebyshev nodes in 60-digit arithmetic; the error printed beside it is the largest relative one on a fine grid. Needs
mpmath.

    python3 Scripts/normal_coefficients.py > Sources/CKernels/normal_coefficients.h
"""
from mpmath import mp, mpf, atanh, cos, lu_solve, matrix, pi, sin, sqrt

mp.dps = 60


def interpolate(f, high, degree):
    nodes = [high / 2 * (1 + cos(pi * (2 * k + 1) / (2 * degree + 2))) for k in range(degree + 1)]
    system = matrix([[x ** j for j in range(degree + 1)] for x in nodes])
    return [float(c) for c in lu_solve(system, matrix([f(x) for x in nodes]))]


def emit(name, doc, f, high, degree):
    coefficients = interpolate(f, high, degree)
    grid = [high * k / 2000 for k in range(1, 2001)]
    value = lambda x: sum(mpf(c) * x ** j for j, c in enumerate(coefficients))
    error = max(abs(value(x) / f(x) - 1) for x in grid)
    print(f"// {doc}; relative error {mp.nstr(error, 2)}.")
    print(f"static const double {name}[] = {{")
    for c in coefficients:
        print(f"    {c.hex()},")
    print("};\n")


print("// Made by Scripts/normal_coefficients.py; do not edit.")
print("#ifndef VARLAB_NORMAL_COEFFICIENTS_H\n#define VARLAB_NORMAL_COEFFICIENTS_H\n")
emit("normal_log_polynomial", "log((1+s)/(1-s)) = s p(s^2), |s| <= (sqrt 2 - 1)/(sqrt 2 + 1)",
     lambda z: 2 * atanh(sqrt(z)) / sqrt(z), ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.001"), 4)
emit("normal_sin_polynomial", "sin(pi x/2) = x p(x^2), |x| <= 1/2",
     lambda z: sin(pi / 2 * sqrt(z)) / sqrt(z), mpf(1) / 4, 4)
emit("normal_cos_polynomial", "cos(pi x/2) = p(x^2), |x| <= 1/2",
     lambda z: cos(pi / 2 * sqrt(z)), mpf(1) / 4, 5)
print("#endif")
