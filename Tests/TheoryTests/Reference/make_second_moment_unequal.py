"""Writes second_moment_unequal.csv: density and tails of v̂_t where its weights are very unequal or |mu| is large, by mpmath.

Columns beta2, mu, t, v, density, lower_tail, upper_tail. At 32 digits:

- t = 1: the closed form, v̂ the square of a normal variable;
- t = 2: the integral over the angle of (g_1, g_2), which knows no Laplace transform, for the density at one v of each;
- all: the inverse Laplace transform along two hyperbolas of different angle, scale and saddle point, which agree to 1e-20
  (asserted), as do the routes above with them; the lower tail below the mean from a contour right of the pole at 0 and the upper
  tail above it from one left of it, which sum to 1 near the median (asserted to 1e-20).

    python3 make_second_moment_unequal.py > second_moment_unequal.csv
"""
from mpmath import acos, asin, cos, cosh, erfc, exp, log1p, mp, mpc, mpf, nstr, pi, quad, sin, sinh, sqrt

mp.dps = 32
CASES = [
    ("0.0005", "3.2", 2), ("1e-3", "5", 2), ("1e-4", "10", 2), ("1e-8", "4", 2), ("1e-10", "30", 2), ("0.05", "5", 2), ("0.2", "8", 2),
    ("0.0005", "6.5", 3), ("1e-7", "2", 10), ("0.02", "4", 5), ("0.1", "7", 6), ("0.9", "1e3", 1), ("0.9", "1e6", 1), ("0.29", "1e5", 3),
    ("0.99", "5e5", 6),
]
POSITIONS = [mpf(x) for x in ("-3", "-0.5", "0.3", "4")]
# For the unequal laws also far down, where the second weight takes over.
FRACTIONS = [mpf(x) for x in ("0.03", "0.006", "1e-4")]


def weights(beta2, t):
    return [(1 - beta2) / (1 - beta2 ** t) * beta2 ** k for k in range(t)]


def normal(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


class Law:
    def __init__(self, beta2, mu, t):
        self.w, self.m2, self.t = weights(beta2, t), mu * mu, t
        self.mu, self.mean = mu, 1 + mu * mu
        self.branch = 1 / (2 * self.w[0])

    def k(self, s):
        return sum(-log1p(2 * s * w) / 2 - self.m2 * s * w / (1 + 2 * s * w) for w in self.w)

    def slope(self, s):
        return -sum(w / (1 + 2 * s * w) * (1 + self.m2 / (1 + 2 * s * w)) for w in self.w)

    def curvature(self, s):
        return 2 * sum((w / (1 + 2 * s * w)) ** 2 * (1 + 2 * self.m2 / (1 + 2 * s * w)) for w in self.w)

    def saddle(self, v, place):
        """The root of v + K' - power/s right of the branch point: place(y) increases with y and covers the allowed s."""
        pole = 0 if place is right_of_branch else 1
        f = lambda y: v + self.slope(place(self, y)) - (pole / place(self, y) if pole else 0)
        low, high = mpf(-60), mpf(60)
        for _ in range(100):
            middle = (low + high) / 2
            if f(middle) < 0:
                low = middle
            else:
                high = middle
        return place(self, low)

    def inverse(self, v, power, place):
        values = []
        for angle, scale, shift, step in ((mpf("0.45"), mpf("1.5"), mpf(0), mpf(1) / 24), (mpf("0.35"), mpf(1), mpf("0.02"), mpf(1) / 28)):
            s0 = self.saddle(v, place)
            curvature = self.curvature(s0) + (1 / s0 ** 2 if power else 0)
            s0 += shift * min(1 / sqrt(curvature), abs(s0) if power else self.branch + s0)
            size = scale / sqrt(curvature)
            start = exp(s0 * v + self.k(s0))
            total, u = mpf(0), mpf(0)
            while u < 12:
                s = s0 + size * mpc(sin(angle) * (1 - cosh(u)), cos(angle) * sinh(u))
                ds = size * mpc(-sin(angle) * sinh(u), cos(angle) * cosh(u))
                term = exp(s * v + self.k(s)) / s ** power * ds
                total += term.imag / (2 if u == 0 else 1)
                if u > 0 and abs(term) < mpf(10) ** -30 * start * size:
                    break
                u += step
            values.append(total * step / pi)
        assert abs(values[0] - values[1]) < mpf(10) ** -20 * abs(values[0]), values
        return values[0]


def right_of_branch(law, y):
    return exp(y) - law.branch


def right_of_pole(law, y):
    return exp(y)


def left_of_pole(law, y):
    return -law.branch / (1 + exp(y))


def by_angle(law, v, size):
    """The density of w_0 g_1^2 + w_1 g_2^2 at v, over `size`: quad stops at an absolute error."""
    a, b = sqrt(v / law.w[0]), sqrt(v / law.w[1])
    f = lambda x: normal(a * cos(x) - law.mu) * normal(b * sin(x) - law.mu) / size
    cuts = [mpf(0)] + [mpf(10) ** -k for k in range(12, 0, -1)] + [mpf("0.4"), mpf(1), pi / 2 - mpf("0.1"), pi / 2]
    # The peaks, where a normal density's argument is 0, with their widths.
    peaks = [(asin(min(law.mu / b, 1)), 1 / b), (acos(min(law.mu / a, 1)), 1 / a)]
    cuts += [c for p, width in peaks for c in (p + d * width for d in (-12, -5, -2, 0, 2, 5, 12)) if 0 < c < pi / 2]
    cuts = sorted(set(cuts))
    total = mpf(0)
    for f2 in (f, lambda x: f(-x), lambda x: f(pi - x), lambda x: f(pi + x)):
        total += quad(f2, cuts, maxdegree=5)
    return total / (2 * sqrt(law.w[0] * law.w[1]))


def main():
    print("beta2,mu,t,v,density,lower_tail,upper_tail")
    for beta2, mu, t in CASES:
        law = Law(mpf(float(beta2)), mpf(float(mu)), t)
        deviation = sqrt(law.curvature(mpf(0)))
        points = [law.mean + p * deviation if p >= 0 else law.mean * exp(p * deviation / law.mean) for p in POSITIONS]
        if float(mu) < 1e3:
            points += [law.mean * f for f in FRACTIONS]
        for index, v in enumerate(sorted(mpf(float(v)) for v in points)):
            density = law.inverse(v, 0, right_of_branch)
            # The side on which the pole is not too near for the rule.
            lower = law.inverse(v, 1, right_of_pole) if v < law.mean else None
            upper = -law.inverse(v, 1, left_of_pole) if v >= law.mean or lower > mpf("0.4") else None
            if lower is not None and upper is not None:
                assert abs(lower + upper - 1) < mpf(10) ** -20
            lower, upper = lower or 1 - upper, upper or 1 - lower
            if t == 1:
                root = sqrt(v)
                assert abs(density / ((normal(root - law.mu) + normal(root + law.mu)) / (2 * root)) - 1) < mpf(10) ** -20
                tail = lambda x: erfc(x / sqrt(mpf(2))) / 2
                assert abs(upper / (tail(root - law.mu) + tail(root + law.mu)) - 1) < mpf(10) ** -20
            if t == 2 and law.mu < 100 and index == 1:
                assert abs(by_angle(law, v, density) - 1) < mpf(10) ** -18, (beta2, mu, nstr(v, 5))
            if min(density, lower, upper) < mpf(10) ** -280:
                continue
            print(",".join([repr(float(beta2)), repr(float(mu)), str(t), repr(float(v)), nstr(density, 17), nstr(lower, 17), nstr(upper, 17)]), flush=True)


if __name__ == "__main__":
    main()
