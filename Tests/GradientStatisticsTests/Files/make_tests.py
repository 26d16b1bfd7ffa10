"""What SciPy, statsmodels, NumPy and mpmath make of tests and quantiles. Needs numpy, scipy, statsmodels, mpmath.

    python make_tests.py

Writes log_normal.csv (ln Φ to 20 digits), zero_mean.csv (t-tests of whole numbers), normality.csv (A² of samples of many shapes),
holm.csv (statsmodels' correction) and quantiles.csv.
"""
import math
import os

import mpmath
import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, header, rows):
    with open(os.path.join(HERE, name + ".csv"), "w") as file:
        file.write(",".join(header) + "\n")
        for row in rows:
            file.write(",".join(cell if isinstance(cell, str) else repr(float(cell)) for cell in row) + "\n")


mpmath.mp.dps = 60
places = [-1e8, -1000, -100, -38, -37.5, -36, -35.0001, -35, -34.9999, -30, -20, -10, -5, -2, -1, -0.1, -1e-9, 0, 1e-9, 0.1, 1, 2, 5, 8, 10, 20, 37, 40]


def log_normal(z):
    # erfc by its continued series: exact to 60 digits in both tails.
    return mpmath.log(mpmath.erfc(-mpmath.mpf(z) / mpmath.sqrt(2)) / 2) if z < 0 else mpmath.log1p(-mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)) / 2)


write("log_normal", ["z", "value"], [(z, mpmath.nstr(log_normal(z), 20)) for z in places])

rows = []
for n in [2, 3, 5, 10, 31, 100, 1000]:
    for shift in [0, 0.01, 0.3, 1, 5, 40]:
        x = np.array([(i * 7919) % 101 - 50 for i in range(n)], dtype=float) + shift
        if np.all(x == x[0]):
            continue
        rows.append((n, shift, stats.ttest_1samp(x, 0).pvalue))
write("zero_mean", ["n", "shift", "p_value"], rows)

# Shapes by their quantile functions at (i - 0.5)/n, so that there is nothing random.
shapes = {
    0: stats.norm.ppf, 1: stats.uniform.ppf, 2: stats.laplace.ppf, 3: stats.expon.ppf, 4: lambda q: stats.t.ppf(q, 3),
    5: stats.logistic.ppf, 6: lambda q: np.sign(q - 0.5) * (abs(q - 0.5)) ** 0.25,
}
rows, samples = [], []
for shape, ppf in shapes.items():
    for n in [8, 9, 20, 100]:
        x = ppf((np.arange(n) + 0.5) / n)
        z = (x - x.mean()) / x.std(ddof=1)
        i = np.arange(1, n + 1)
        a2 = -n - np.sum((2 * i - 1) * (stats.norm.logcdf(z) + stats.norm.logsf(z[::-1]))) / n
        # SciPy's own statistic is the same.
        assert abs(stats.anderson(x, "norm").statistic - a2) < 1e-6 * max(1, a2)
        rows.append((shape, n, a2, stats.skew(x), stats.kurtosis(x)))
        samples += [(shape, n, value) for value in x]
write("normality", ["shape", "n", "a2", "skewness", "excess_kurtosis"], rows)
write("normality_samples", ["shape", "n", "x"], samples)

rows = []
for case, count in enumerate([1, 2, 5, 20, 100]):
    p = np.array([((i * 7919 + 13 * case) % 997 + 1) / 997 for i in range(count)]) ** 6
    for level in [0.001, 0.05, 0.5]:
        for p_value, rejected in zip(p, multipletests(p, level, "holm")[0]):
            rows.append((case, level, p_value, rejected))
write("holm", ["case", "level", "p_value", "rejected"], rows)

rows = []
for case, count in enumerate([1, 2, 3, 10, 101]):
    x = np.array([(i * 7919) % 1009 / 7 for i in range(count)])
    for q in [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1]:
        rows.append((count, q, np.quantile(x, q)))
write("quantiles", ["n", "probability", "value"], rows)
