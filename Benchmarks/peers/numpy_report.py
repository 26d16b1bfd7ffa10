"""Peer of `varlab gradients`: the same report on a float32 .npy of shape [steps, coordinates], or a .csv read by pandas, in NumPy and SciPy.

Moments, lag-1 autocorrelation, t-test and Anderson-Darling test of each coordinate, Holm's correction, quantiles over coordinates, psi_t and the update
across coordinates at some 60 steps to each factor of ten, histograms of ln|g| at the same steps, the SHA-256 of the file; no laws, no figures. The file
is mapped, and coordinates are taken in chunks that stay in the cache of a server, in double precision as varlab has it; everything runs in compiled
loops (`lfilter`, `log_ndtr`, `sort`). --check compares what came out with the folder that `varlab gradients` has written of the same file.
"""
import csv
import hashlib
import sys
from pathlib import Path

import numpy as np
from scipy.signal import lfilter
from scipy.special import log_ndtr, stdtr

import peer

CHUNK = 1 << 21
CHOSEN = [1, 5, 10, 25, 50, 75, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 40_000, 70_000]
LOWEST = -20


def rate_steps(last):
    steps, step = [], 1
    while step < last:
        steps.append(step)
        step += max(1, step * 23 // 600)
    return sorted(set(steps + [last] + [t for t in CHOSEN if t <= last]))


def p_value(a2, n):
    """D'Agostino and Stephens (1986), table 4.9."""
    a = a2 * (1 + 0.75 / n + 2.25 / n ** 2)
    return np.select(
        [a < 0.2, a < 0.34, a < 0.6, a < 10],
        [1 - np.exp(-13.436 + 101.14 * a - 223.73 * a ** 2), 1 - np.exp(-8.318 + 42.796 * a - 59.938 * a ** 2),
         np.exp(0.9177 - 4.279 * a - 1.38 * a ** 2), np.exp(1.2937 - 5.709 * a + 0.0186 * a ** 2)], 3.7e-24)


def statistics(x):
    """Of the rows of x: the columns of coordinates.csv."""
    n = x.shape[1]
    mean = x.mean(axis=1)
    d = x - mean[:, None]
    square = d * d
    second = square.sum(axis=1)
    deviation = np.sqrt(second / (n - 1))
    variance = second / n
    result = {
        "n": np.full(len(x), n), "zeros": (x == 0).sum(axis=1), "mean": mean, "standard_deviation": deviation, "mean_over_sd": mean / deviation,
        "skewness": np.einsum("ij,ij->i", square, d) / n / variance ** 1.5,
        "excess_kurtosis": np.einsum("ij,ij->i", square, square) / n / variance ** 2 - 3,
        "lag1_autocorrelation": np.einsum("ij,ij->i", d[:, :-1], d[:, 1:]) / second,
    }
    d.sort(axis=1)
    d /= deviation[:, None]
    weights = np.arange(1, 2 * n, 2, dtype=float)
    result["anderson_darling"] = -n - (log_ndtr(d) @ weights + log_ndtr(-d) @ weights[::-1]) / n
    result["p_value"] = p_value(result["anderson_darling"], n)
    return result


def psi(x, steps, beta1=0.9, beta2=0.999):
    """psi_t and m_t psi_t of the rows of x, each divided by its root mean square, at the steps."""
    x = x / np.sqrt(np.mean(x * x, axis=1))[:, None]
    index, t = np.array(steps) - 1, np.array(steps, dtype=float)
    m = lfilter([1 - beta1], [1, -beta1], x, axis=1)[:, index] / (1 - beta1 ** t)
    x *= x
    v = lfilter([1 - beta2], [1, -beta2], x, axis=1)[:, index] / (1 - beta2 ** t)
    rates = 1 / np.sqrt(v)
    return rates, m * rates


def histogram(values, highest):
    """Zeros, those below e^-20, and bins half a unit wide."""
    magnitudes = np.abs(values.astype(np.float64))
    logarithms = np.log(magnitudes[magnitudes > 0])
    bins = int(2 * (highest - LOWEST))
    counts, _ = np.histogram(logarithms, bins=bins, range=(LOWEST, highest))
    return np.concatenate([[np.sum(magnitudes == 0), np.sum(logarithms < LOWEST)], counts])


def rejected(p, level=0.05):
    """Holm's step-down correction."""
    order = np.argsort(p)
    passes = p[order] <= level / (len(p) - np.arange(len(p)))
    result = np.zeros(len(p), dtype=bool)
    result[order[:len(p) if passes.all() else np.argmin(passes)]] = True
    return result


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(path):
    if not path.endswith(".csv"):
        return np.load(path, mmap_mode="r")
    import pandas

    return pandas.read_csv(path, engine="pyarrow").to_numpy()


def report(path):
    gradients = load(path)
    count, coordinates = gradients.shape
    steps = rate_steps(count)
    width = max(1, CHUNK // count)
    parts, rates, updates = [], [], []
    for start in range(0, coordinates, width):
        x = np.ascontiguousarray(gradients[:, start:start + width].T, dtype=np.float64)
        parts.append(statistics(x))
        one, other = psi(x, steps)
        rates.append(one)
        updates.append(other)
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return summary(path, gradients, steps, table, np.concatenate(rates), np.concatenate(updates))


def summary(path, gradients, steps, table, rates, updates):
    """The report, from the coordinates' table and from psi_t and m_t psi_t of [coordinates, steps]."""
    count = len(gradients)
    chosen = [t for t in CHOSEN if t <= count]
    highest = max(LOWEST + 1, np.ceil(np.log(max(np.abs(gradients[t - 1]).max() for t in chosen).astype(np.float64))))
    zero_mean = 2 * stdtr(count - 1, -np.abs(table["mean_over_sd"]) * np.sqrt(count))
    shares = {"zero_mean": 1 - rejected(zero_mean).mean(), "gaussian": 1 - rejected(table["p_value"]).mean()}
    quantiles = {name: np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]) for name, values in table.items()}
    return {
        "coordinates": table, "quantiles": quantiles, "shares": shares, "sha256": digest(path),
        "psi": {"t": np.array(steps), "mean_psi": rates.mean(axis=0), "var_psi": rates.var(axis=0, ddof=1)},
        "update_rms": dict(zip(steps, np.sqrt(np.mean(updates ** 2, axis=0)))),
        "histogram": {t: histogram(gradients[t - 1], highest) for t in chosen},
    }


def check(result, folder):
    """The largest relative difference of each column; fails above rounding errors and counts that differ."""
    def rows(name):
        with open(Path(folder) / name, newline="") as file:
            return list(csv.DictReader(file))
    largest = {}
    for name, ours in (("coordinates.csv", result["coordinates"]), ("gradient_psi.csv", result["psi"])):
        theirs = rows(name)
        for column, values in ours.items():
            other = np.array([float(row[column]) for row in theirs])
            largest[column] = float(np.max(np.abs(values - other) / np.maximum(np.abs(other), np.median(np.abs(other)) + 1e-300)))
    ladder = rows("gradient_ladder.csv")
    largest["update_rms"] = max(abs(result["update_rms"][int(row["t"])] / float(row["update_rms"]) - 1) for row in ladder)
    for t, counts in result["histogram"].items():
        other = [int(row["count"]) for row in rows("gradient_histogram.csv") if row["step"] == str(t)]
        assert counts.tolist() == other, f"histogram of step {t}"
    for row in rows("summary.csv"):
        if row["statistic"] == "share_not_rejected" and row["quantity"] in result["shares"]:
            assert abs(float(row["value"]) - result["shares"][row["quantity"]]) < 1e-12, row["quantity"]
    assert result["sha256"] in (Path(folder) / "run.json").read_text(), "digest"
    print(largest, file=sys.stderr)
    assert max(largest.values()) < 1e-7, largest


def main(name, description, report):
    parser = peer.arguments(description)
    parser.add_argument("file")
    parser.add_argument("--check", metavar="FOLDER")
    options = parser.parse_args()
    seconds, result = peer.timed(lambda: report(options.file), options.repeat)
    if options.check:
        check(result, options.check)
    peer.report(name, {}, seconds, float(result["psi"]["var_psi"][-1]), packages=("numpy", "scipy"))


if __name__ == "__main__":
    main("numpy_report", __doc__, report)
