"""Writes normal_tails.csv: -ln Phi(z) and -ln(1 - Phi(z)) at 40 digits, around every point where the kernels go over to another polynomial.

    python3 make_normal_tails.py > normal_tails.csv
"""
from mpmath import erfc, log, log1p, mp, mpf, nstr, sqrt

mp.dps = 60


def tail(a):
    """-ln Phi(-a)."""
    half = erfc(mpf(a) / sqrt(mpf(2))) / 2
    return -log(half) if a > -1 else -log1p(-erfc(-mpf(a) / sqrt(mpf(2))) / 2)


points = []
for k in range(-34, 35):
    middle = k / 4 + 0.125
    points += [k / 4, k / 4 + 0.03125, middle, middle * (1 - 2 ** -52), middle * (1 + 2 ** -52), k / 4 - 0.0703125, k / 4 + 1e-9]
for size in (1e-300, 1e-17, 1e-5, 8.12, 9, 10, 15, 20, 30, 37, 38, 50, 100, 256, 1e4, 1e8):
    points += [size, -size]
print("z,below,above")
for z in sorted(set(points)):
    # A double has none below 1e-323.
    print(f"{z!r}," + ",".join(nstr(x if x > 1e-323 else 0, 40) for x in (tail(-z), tail(z))))
