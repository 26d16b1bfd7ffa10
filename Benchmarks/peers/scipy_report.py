"""Peer of `varlab gradients`: the same report as numpy_report.py makes, as a first script does it: all of the trace at once, SciPy's distributions and
moments by their own names, and Adam's recurrences step by step."""
import numpy as np
from scipy import stats

from numpy_report import main, p_value, rate_steps, summary


def statistics(g):
    """Of the columns of g: the columns of coordinates.csv."""
    n = len(g)
    mean, deviation = g.mean(axis=0), g.std(axis=0, ddof=1)
    z = (g - mean) / deviation
    lag1 = (z[:-1] * z[1:]).sum(axis=0) / (z * z).sum(axis=0)
    z = np.sort(z, axis=0)
    i = np.arange(1, n + 1)[:, None]
    a2 = -n - ((2 * i - 1) * (stats.norm.logcdf(z) + stats.norm.logsf(z[::-1]))).mean(axis=0)
    return {
        "n": np.full(g.shape[1], n), "zeros": (g == 0).sum(axis=0), "mean": mean, "standard_deviation": deviation, "mean_over_sd": mean / deviation,
        "skewness": stats.skew(g, axis=0), "excess_kurtosis": stats.kurtosis(g, axis=0), "lag1_autocorrelation": lag1,
        "anderson_darling": a2, "p_value": p_value(a2, n),
    }


def psi(g, steps, beta1=0.9, beta2=0.999):
    """psi_t and m_t psi_t at the steps, as [coordinates, steps], of columns divided by their root mean square."""
    g = g / np.sqrt((g ** 2).mean(axis=0))
    m, v, rates, updates, wanted = np.zeros(g.shape[1]), np.zeros(g.shape[1]), [], [], set(steps)
    for t, gradient in enumerate(g, start=1):
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient ** 2
        if t in wanted:
            rate = np.sqrt((1 - beta2 ** t) / v)
            rates.append(rate)
            updates.append(m / (1 - beta1 ** t) * rate)
    return np.stack(rates, axis=1), np.stack(updates, axis=1)


def report(path):
    gradients = np.load(path)
    steps = rate_steps(len(gradients))
    doubles = gradients.astype(np.float64)
    return summary(path, gradients, steps, statistics(doubles), *psi(doubles, steps))


if __name__ == "__main__":
    main("scipy_report", __doc__, report)
