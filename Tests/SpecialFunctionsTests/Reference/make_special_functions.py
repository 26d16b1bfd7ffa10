"""Writes the reference values of SpecialFunctions: gamma_ratio.csv, repeated_error_integrals.csv, kolmogorov.csv,
kolmogorov_finite.csv, uniform_sum_rule.csv, half_line_integrals.csv.

Accuracy: 60-digit arithmetic (mpmath), arguments are doubles taken exactly, 17 digits printed. Asserted: the repeated error
integrals by erfc agree with their integral (DLMF 7.18.2) to 1e-30; both series of Kolmogorov's law add up to 1 to 1e-40; each
rule sums the Legendre polynomials up to degree 2n - 1 to 1e-30. The probabilities of the distance in finite samples are SciPy's
(kstwo, made by version 1.17), which is in double precision, right to 1e-9 of itself.

    python3 make_special_functions.py     (pip install mpmath scipy)
"""
import os

from mpmath import erfc, exp, factorial, legendre, loggamma, mp, mpf, nstr, pi, polyroots, quad, sqrt
from scipy.stats import kstwo

mp.dps = 60
FOLDER = os.path.dirname(os.path.abspath(__file__))


def write(name, header, rows):
    with open(os.path.join(FOLDER, name), "w") as file:
        file.write(header + "\n")
        for row in rows:
            file.write(",".join(c if isinstance(c, str) else nstr(c, 17) for c in row) + "\n")


def half_line_integrals():
    for size in ["0", "1e-3", "0.3", "1", "2", "3.5", "5", "5.99", "6.01", "7", "9", "20", "1e3", "1e8"]:
        for sine in ["-1", "-0.99", "-0.7", "-0.2", "0", "0.5", "0.9", "0.9999", "1"]:
            if size == "0" and sine != "0":
                continue
            y = float(size) * float(sine)
            x = float(sqrt(max(mpf(0), mpf(float(size)) ** 2 - mpf(y) ** 2)))
            with mp.workdps(120):
                z = mp.mpc(x, y)
                # From 1e3 on by the continued fraction, as e^{z²} has no end there.
                if abs(z) < 100:
                    zeroth = sqrt(pi) * exp(z * z) * erfc(z)
                else:
                    tail = z
                    for n in range(60, 0, -1):
                        tail = z + mpf(n) / 2 / tail
                    zeroth = 1 / tail
                first = 1 - z * zeroth
                second = zeroth / 2 - z * first
                row = [mpf(x), mpf(y)]
                for value in (zeroth, first, second):
                    row += [value.real, value.imag]
            yield row


def gamma_ratio():
    texts = ["-0.4999999", "-0.49", "-0.375", "-0.25", "-0.1", "-1e-9"]
    texts += ["0", "1e-300", "1e-12", "0.001", "0.1", "0.5", "1", "1.5", "2.25", "3.7", "5", "6.999", "7.9999999", "8", "8.0000001", "9.5",
              "16", "33.3", "63.9", "64", "64.1", "100.25", "999", "12345.678", "1e6", "1e8", "1e10", "1e13", "1e16", "1e50", "1e150", "1e300"]
    for text in texts:
        z = mpf(float(text))
        with mp.workdps(700 if z > 1e100 else 120 if abs(z) > 1e5 else 60):
            if z < mpf(10) ** 30:
                ratio = exp(2 * (loggamma(z + mpf(1) / 2) - loggamma(z + 1)))
                deficit = 1 - z * ratio
            else:
                # z ratio = 1 - 1/(4z) + 1/(32 z^2) + …: the next term is 1e-90 of the deficit.
                deficit = (1 - 1 / (8 * z)) / (4 * z)
                ratio = (1 - deficit) / z
            yield text, ratio, deficit if z >= 0 else ""


def repeated(x):
    """Scaled first, second and third: with precision for the cancellation, which is x^4."""
    with mp.workdps(60 + (int(8 * max(0, mp.log10(x))) if x > 1 else 0)):
        if x > 1e5:
            values = []
            for n in (1, 2, 3):
                term = total = 2 / sqrt(pi) / (2 * x) ** (n + 1)
                for k in range(40):
                    term *= -mpf((2 * k + n + 1) * (2 * k + n + 2)) / ((k + 1) * (2 * x) ** 2)
                    total += term
                values.append(total)
            first, second, third = values
        else:
            zeroth = exp(x * x) * erfc(x)
            first = 1 / sqrt(pi) - x * zeroth
            second = (zeroth - 2 * x * first) / 4
            third = (first - 2 * x * second) / 6
            if x < 30:
                for n, value in ((1, first), (2, second), (3, third)):
                    integral = 2 / sqrt(pi) / factorial(n) * quad(lambda t: t ** n * exp(-t * t - 2 * x * t), [0, 1 / (1 + x), 4, 14])
                    assert abs(integral / value - 1) < mpf(10) ** -30, (x, n)
        return first, 4 * second, 12 * third


def repeated_error_integrals():
    for text in ["0", "5e-324", "1e-300", "1e-16", "1e-8", "0.001", "0.1", "0.25", "0.5", "0.7", "0.7499999", "0.75", "0.7500001", "0.9", "1",
                 "1.5", "2", "3", "5", "8", "12.5", "20", "50", "100", "1000", "1e5", "1e8", "1e20", "1e50", "1e70"]:
        yield (text,) + repeated(mpf(float(text)))


def kolmogorov():
    for text in ["0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.99", "0.9999999", "1", "1.0000001", "1.01",
                 "1.1", "1.2238478702170825", "1.3580986393225505", "1.6276236115189502", "2", "2.5", "3", "4", "5", "7", "10", "15", "18"]:
        x = mpf(float(text))
        upper = 2 * sum((-1) ** (k - 1) * exp(-2 * k * k * x * x) for k in range(1, 400))
        lower = sqrt(2 * pi) / x * sum(exp(-(2 * k - 1) ** 2 * pi ** 2 / (8 * x * x)) for k in range(1, 200))
        assert abs(upper + lower - 1) < mpf(10) ** -40, text
        # Each tail by the series in which it does not cancel.
        yield text, 1 - lower if x < 1 else upper, lower if x < 1 else 1 - upper


def kolmogorov_finite():
    for n in (20, 35, 50, 100, 300, 1000, 5000, 100000):
        for p in (0.5, 0.2, 0.1, 0.05, 0.01, 0.001):
            yield str(n), repr(p), repr(float(kstwo.isf(p, n)))


def uniform_sum_rule():
    """Zeros of the discrete Chebyshev polynomial and their Christoffel numbers, from the recurrence (Gautschi 1.5.2)."""
    for count, order in ((3, 2), (5, 4), (9, 8), (10, 8), (17, 8), (50, 8), (1000, 8), (1000000, 8), (1000, 4), (1000, 12), (5 * 10 ** 14, 8)):
        beta = [mpf(k * k) * (1 - mpf(k * k) / count ** 2) / (4 * (4 * k * k - 1)) for k in range(1, order)]

        def polynomials(x):
            values = [mpf(1), x]
            for b in beta:
                values.append(x * values[-1] - b * values[-2])
            return values[:order + 1]

        coefficients = [[mpf(1)], [mpf(1), mpf(0)]]
        for b in beta:
            higher = coefficients[-1] + [mpf(0)]
            lower = [mpf(0)] * (len(higher) - len(coefficients[-2])) + [b * c for c in coefficients[-2]]
            coefficients.append([u - v for u, v in zip(higher, lower)])
        roots = sorted(polyroots(coefficients[order], maxsteps=500, extraprec=400))
        rule = []
        for x in roots:
            norm, total = mpf(1), mpf(0)
            for k, value in enumerate(polynomials(x)[:order]):
                total += value ** 2 / norm
                if k < len(beta):
                    norm *= beta[k]
            rule.append((mpf(count - 1) / 2 + count * x, count / total))
        if count <= 1000:
            for degree in range(2 * order):
                exact = sum(legendre(degree, 2 * mpf(k) / (count - 1) - 1) for k in range(count)) if degree % 2 == 0 and count <= 50 else None
                if exact is not None:
                    found = sum(w * legendre(degree, 2 * o / (count - 1) - 1) for o, w in rule)
                    assert abs(found - exact) < mpf(10) ** -30, (count, degree)
        for index, (offset, weight) in enumerate(rule):
            yield str(count), str(order), str(index), offset, weight


write("gamma_ratio.csv", "z,ratio,deficit", gamma_ratio())
write("repeated_error_integrals.csv", "x,first,second,third", repeated_error_integrals())
write("half_line_integrals.csv", "x,y,zeroth_real,zeroth_imaginary,first_real,first_imaginary,second_real,second_imaginary", half_line_integrals())
write("kolmogorov.csv", "lambda,upper_tail,lower_tail", kolmogorov())
write("kolmogorov_finite.csv", "n,probability,distance", kolmogorov_finite())
write("uniform_sum_rule.csv", "count,order,index,offset,weight", uniform_sum_rule())
