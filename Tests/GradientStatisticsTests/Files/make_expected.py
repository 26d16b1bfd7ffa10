"""Reduced traces and what SciPy and statsmodels make of them. Needs numpy, scipy, statsmodels.

    python make_expected.py FOLDER   where FOLDER has theta0_noise.npy and adam_warmup.npy, [500, 256] float32

Keeps 100 steps of 16 coordinates of each, among them one that is dead, as CSV of 17 digits (no reader is tested here).
"""
import math
import os
import sys

import numpy as np
from scipy import stats
from statsmodels.stats.diagnostic import normal_ad

HERE = os.path.dirname(os.path.abspath(__file__))


def p_value(adjusted):
    a = adjusted
    if a < 0.2:
        return 1 - math.exp(-13.436 + 101.14 * a - 223.73 * a * a)
    if a < 0.34:
        return 1 - math.exp(-8.318 + 42.796 * a - 59.938 * a * a)
    if a < 0.6:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a * a)
    return math.exp(1.2937 - 5.709 * a + 0.0186 * a * a) if a < 10 else 3.7e-24


def anderson_darling(x):
    n = len(x)
    z = np.sort((x - x.mean()) / x.std(ddof=1))
    i = np.arange(1, n + 1)
    a2 = -n - np.sum((2 * i - 1) * (stats.norm.logcdf(z) + stats.norm.logsf(z[::-1]))) / n
    p = p_value(a2 * (1 + 0.75 / n + 2.25 / n**2))
    other_a2, other_p = normal_ad(x)
    if np.isfinite(other_a2) and other_p > 3.7e-24:
        # statsmodels loses digits in 1 - Φ, never many of them while A² is small.
        assert abs(other_a2 / a2 - 1) < 1e-6, (other_a2, a2)
        assert abs(other_p / p - 1) < 1e-4, (other_p, p)
    return a2, p


def coordinate(x):
    n = len(x)
    cells = [n, int(np.sum(x == 0)), x.mean(), x.std(ddof=1)]
    if np.all(x == x[0]):
        return cells + [""] * 7
    d = x - x.mean()
    a2, p = anderson_darling(x)
    return cells + [
        x.mean() / x.std(ddof=1), stats.skew(x), stats.kurtosis(x), np.sum(d[1:] * d[:-1]) / np.sum(d * d), a2, p,
        stats.ttest_1samp(x, 0).pvalue,
    ]


def text(value):
    return value if isinstance(value, str) else repr(int(value)) if isinstance(value, int) else repr(float(value))


def main(folder):
    for name in ["theta0_noise", "adam_warmup"]:
        full = np.load(os.path.join(folder, name + ".npy")).astype(np.float64)
        steps = full[:100]
        dead = [c for c in range(256) if np.all(steps[:, c] == steps[0, c])][:1]
        x = np.ascontiguousarray(steps[:, (dead + [c for c in range(0, 256, 16) if c not in dead])[:16]])
        with open(os.path.join(HERE, name + ".csv"), "w") as file:
            file.write("\n".join(",".join(map(text, row)) for row in x.tolist()) + "\n")
        with open(os.path.join(HERE, name + "_coordinates.csv"), "w") as file:
            file.write("n,zeros,mean,standard_deviation,mean_over_sd,skewness,excess_kurtosis,lag1_autocorrelation,"
                       "anderson_darling,p_value,p_zero_mean\n")
            for c in range(16):
                file.write(",".join(map(text, coordinate(x[:, c]))) + "\n")
        beta2, epsilon = 0.99, 1e-3
        alive = x[:, x.std(axis=0) > 0]
        scaled = alive / alive.std(axis=0, ddof=1)
        v = np.zeros(scaled.shape[1])
        with open(os.path.join(HERE, name + "_psi.csv"), "w") as file:
            file.write("t,mean_psi,var_psi\n")
            for t, row in enumerate(scaled, 1):
                v = beta2 * v + (1 - beta2) * row**2
                psi = 1 / (np.sqrt(v / (1 - beta2**t)) + epsilon)
                if t in (1, 2, 5, 10, 50, 100):
                    file.write(f"{t},{text(psi.mean())},{text(psi.var(ddof=1))}\n")
        magnitudes = np.abs(x)
        top = math.ceil(math.log(magnitudes.max()))
        counts, edges = np.histogram(np.log(magnitudes[magnitudes >= math.exp(-20)]), bins=25, range=(-20, top))
        with open(os.path.join(HERE, name + "_histogram.csv"), "w") as file:
            file.write("zeros,underflow,highest," + ",".join(f"bin{k}" for k in range(25)) + "\n")
            tiny = int(np.sum((magnitudes > 0) & (magnitudes < math.exp(-20))))
            file.write(",".join(map(text, [int(np.sum(x == 0)), tiny, top] + [int(c) for c in counts])) + "\n")


main(sys.argv[1])
