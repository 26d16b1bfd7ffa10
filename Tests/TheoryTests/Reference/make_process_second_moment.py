"""Writes process_second_moment.csv: the law of v = sum w_k g_k^2 for two and three independent gradients that are not normal, in real space:

    P(v <= y) = int f(x) P(v' <= y - w_0 x^2) dx,  and likewise the density,

by the double-exponential rule between all places where f or the inner function has a kink or an edge, each value with two spacings that must
agree to 1e-11. No transform is involved.

    python3 make_process_second_moment.py
"""
import csv

import numpy as np
from scipy.special import erfc


def normal_density(z):
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def normal_below(z):
    return erfc(-z / np.sqrt(2)) / 2


class Law:
    """Density, distribution function and kinks of a law about 0."""

    def __init__(self, name):
        family, _, arguments = name.partition(":")
        arguments = [float(a) for a in arguments.split(",")] if arguments else []
        self.kinks = []
        self.is_peaked = family == "student-t" or family == "logistic"
        if family == "laplace":
            self.density = lambda z: np.exp(-np.sqrt(2) * abs(z)) / np.sqrt(2)
            self.below = lambda z: np.where(
                z < 0, np.exp(-np.sqrt(2) * abs(z)) / 2, 1 - np.exp(-np.sqrt(2) * abs(z)) / 2)
            self.kinks = [0.0]
        elif family == "uniform":
            self.density = lambda z: np.where(abs(z) < np.sqrt(3), 1 / np.sqrt(12), 0.0)
            self.below = lambda z: np.clip((z / np.sqrt(3) + 1) / 2, 0, 1)
            self.kinks = [-np.sqrt(3), np.sqrt(3)]
        elif family == "logistic":
            s = np.sqrt(3) / np.pi
            self.density = lambda z: np.exp(-abs(z) / s) / (s * (1 + np.exp(-abs(z) / s)) ** 2)
            self.below = lambda z: np.where(z < 0, np.exp(-abs(z) / s), 1) / (1 + np.exp(-abs(z) / s))
        elif family == "mixture":
            share, sigma = arguments
            unit = 1 / np.sqrt(1 - share + share * sigma**2)
            self.density = lambda z: (
                (1 - share) * normal_density(z / unit) + share * normal_density(z / unit / sigma) / sigma) / unit
            self.below = lambda z: (1 - share) * normal_below(z / unit) + share * normal_below(z / unit / sigma)
        elif family == "student-t":
            (nu,) = arguments
            unit = np.sqrt((nu - 2) / nu) if nu > 2 else 1.0
            factor = {1: 1 / np.pi, 3: 2 / (np.pi * np.sqrt(3)), 5: 8 / (3 * np.pi * np.sqrt(5))}[nu] / unit
            self.density = lambda z: factor * (1 + (z / unit) ** 2 / nu) ** (-(nu + 1) / 2)

            def below(z):
                x = z / unit / np.sqrt(nu)
                odd = {1: 0, 3: x / (1 + x * x), 5: x / (1 + x * x) * (1 + 2 / (3 * (1 + x * x)))}[nu]
                return 0.5 + (odd + np.arctan(x)) / np.pi

            self.below = below


def rule(spacing):
    """Abscissae on (0, 1) from either end, and weights."""
    u = np.arange(-3.4, 3.4 + spacing / 2, spacing)
    s = np.pi / 2 * np.sinh(u)
    low = 1 / (1 + np.exp(-2 * s))
    high = 1 / (1 + np.exp(2 * s))
    return low, high, spacing * np.pi * np.cosh(u) * low * high


# Of a peak narrow beside the range the poles of the density are near the real axis: there it is divided too.
NEAR = [p * q for p in (-1, 1) for q in (0.2, 0.5, 1, 2, 5)] + [0]
RULES = [rule(0.05), rule(0.04)]


class Square:
    """One weighted square."""

    def __init__(self, law, mu, weight):
        self.law, self.mu, self.weight = law, mu, weight
        self.kinks = sorted({weight * (k + mu) ** 2 for k in law.kinks if k + mu != 0})
        self.peaks = [weight * (k + mu) ** 2 for k in NEAR] if mu != 0 and law.is_peaked else []

    def distribution(self, y, _):
        x = np.sqrt(np.maximum(y, 0) / self.weight)
        return self.law.below(x - self.mu) - self.law.below(-x - self.mu)

    def density(self, y, _):
        x = np.sqrt(np.maximum(y, 1e-300) / self.weight)
        return np.where(y > 0, (self.law.density(x - self.mu) + self.law.density(x + self.mu)) / (2 * x * self.weight), 0)


class Sum:
    """A weighted square and what comes before."""

    def __init__(self, law, mu, weight, inner):
        self.law, self.mu, self.weight, self.inner = law, mu, weight, inner
        self.peaks = inner.peaks
        own = [weight * (k + mu) ** 2 for k in law.kinks]
        self.kinks = sorted({k for k in inner.kinks + own + [a + b for a in inner.kinks for b in own] if k > 0})

    def integral(self, y, name, which):
        if np.ndim(y) > 0:
            return np.array([self.integral(value, name, which) for value in y])
        if y <= 0:
            return 0.0
        top = np.sqrt(y / self.weight)
        # x = top sin a: y - w x^2 = y cos^2 a has no cancellation, and the ends are smooth.
        breaks = {-np.pi / 2, np.pi / 2, 0.0}
        own = self.law.kinks + (NEAR if self.inner.peaks else [])
        breaks |= {np.arcsin((k + self.mu) / top) for k in own if abs(k + self.mu) < top}
        for kink in self.inner.kinks + self.inner.peaks:
            if kink < y:
                place = np.arccos(np.sqrt(kink / y))
                breaks |= {place, -place}
        breaks = sorted(breaks)
        low, high, weights = RULES[which]
        total = 0.0
        for start, end in zip(breaks, breaks[1:]):
            if end - start < 1e-13:
                continue
            a = np.where(low < high, start + (end - start) * low, end - (end - start) * high)
            # From the ends, where the cosine vanishes.
            cosine = np.cos(a)
            if start == -np.pi / 2:
                cosine = np.sin((end - start) * low)
            if end == np.pi / 2:
                cosine = np.sin((end - start) * high)
            inner = getattr(self.inner, name)(y * cosine**2, which)
            total += (end - start) * np.sum(weights * self.law.density(top * np.sin(a) - self.mu) * top * cosine * inner)
        return total

    def distribution(self, y, which):
        return self.integral(y, "distribution", which)

    def density(self, y, which):
        return self.integral(y, "density", which)


def rows(t, laws, places):
    for name, mu, beta2 in laws:
        law = Law(name)
        weights = [(1 - beta2) / (1 - beta2**t) * beta2**k for k in range(t)]
        current = Square(law, mu, weights[-1])
        for weight in reversed(weights[:-1]):
            current = Sum(law, mu, weight, current)
        for place in places:
            y = float(f"{place * (1 + mu * mu):.6g}")
            values = [[f(y, which) for f in (current.density, current.distribution)] for which in (0, 1)]
            for one, other in zip(*values):
                assert abs(one - other) < 1e-11 * max(1, abs(one)), (name, mu, beta2, t, y, one, other)
            yield [name, f"{mu:g}", f"{beta2:g}", t, f"{y:.17g}", f"{values[1][0]:.13g}", f"{values[1][1]:.13g}"]


two = [(name, mu, beta2) for name in ["laplace", "uniform", "logistic", "mixture:0.1,5", "student-t:3", "student-t:1"]
       for mu in [0, 1, 3] for beta2 in [0.5, 0.999]]
two += [(name, mu, 0.9) for name in ["student-t:5", "laplace", "uniform"] for mu in [5, 10]] + [("laplace", 0.3, 0.9), ("uniform", 1.6, 0.1)]
three = [("laplace", 0, 0.9), ("laplace", 1, 0.9), ("uniform", 0, 0.9), ("uniform", 1, 0.9), ("uniform", 3, 0.5), ("student-t:3", 0, 0.9),
         ("mixture:0.1,5", 0, 0.999)]

with open("process_second_moment.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["gradients", "mu", "beta2", "t", "v", "density", "distribution"])
    writer.writerows(rows(2, two, [0.02, 0.4, 0.9, 1.3, 3]))
    writer.writerows(rows(3, three, [0.3, 0.9, 1.7]))
