"""Writes update_second_moment_long.csv: E[(m_hat_t psi_t)^2] at mu = 0, epsilon = 0 for t up to 1e18.

The sums over k have closed forms as power series in a beta2^k where that is below 1/4, and are added term by term before:
ln prod (1 + a beta2^k) as in exact_variance_by_series, and sum beta1^(2k)/(1 + a beta2^k) = sum_j (-a)^j sum_k (beta1^2 beta2^j)^k.

Accuracy: 50-digit arithmetic; the sum of double the spacing differs by less than 1e-20 (asserted), its own error is about the
square of that. Asserted: rows of update_second_moment.csv come out the same to the last digit.

    python3 make_update_second_moment_long.py
"""
from mpmath import exp, expm1, log, log1p, mp, mpf, sqrt

import reference_arithmetic as arithmetic
from reference_arithmetic import digits, double, read, write

mp.dps = 50
arithmetic.STEP, arithmetic.NEGLIGIBLE = mpf(1) / 12, mpf(10) ** -30
CASES = [
    ("0.9", "0.999", [20000, 1000000]), ("0.9", "0.999999", [10**5, 10**7]), ("0.9", "0.999999999999", [10**9, 10**18]),
    ("0.99", "0.9999", [17000, 10**6]), ("0.999", "0.999999", [10**5, 10**9]), ("0.999999", "0.9", [20000, 10**7, 10**18]),
    ("0.9", "0.81", [20000]), ("0.99", "0.9801", [10**6]), ("0.999999999", "0.999999999", [10**8, 10**12]),
    ("0.999999999999", "0.99", [10**6, 10**15]), ("0", "0.9999", [10**7]), ("0.5", "0.99999999999999989", [10**6, 10**18]),
    ("0.95", "0.5", [10**5]), ("0.99999999999999989", "0.9", [10**18]), ("0.995", "0.99", [50000]),
]


def geometric(ratio_log, count):
    """sum_{k < count} e^(k ratio_log)."""
    return mpf(count) if ratio_log == 0 else expm1(count * ratio_log) / expm1(ratio_log)


def update_second_moment(beta1, beta2, t):
    log1, log2 = (2 * log(beta1) if beta1 else mpf("-inf")), log(beta2)
    scale2 = -expm1(log2) / -expm1(t * log2)
    scale1 = (1 - beta1) / (-expm1(t * log1 / 2) if beta1 else 1)

    def integrands(s):
        a, product, left, total, weight = 2 * s * scale2, mpf(1), t, mpf(0), mpf(1)
        while a > mpf(1) / 4 and left:
            product *= 1 + a
            total += weight / (1 + a)
            a *= beta2
            weight *= beta1 * beta1
            left -= 1
            if product > mpf(10) ** 200:
                return [mpf(0)]
        logarithm, j, power = mpf(0), 0, mpf(1)
        while left and power > mpf(10) ** -40:
            sign = -1 if j % 2 else 1
            if weight:
                total += sign * weight * power * (geometric(log1 + j * log2, left) if beta1 else 1)
            if j:
                logarithm -= sign * power / j * geometric(j * log2, left)
            j += 1
            power *= a
        return [s * scale1 ** 2 * total * exp(-logarithm / 2) / sqrt(product)]

    (coarse, fine), = arithmetic.integrate(integrands, mpf(1))
    assert abs(coarse / fine - 1) < mpf(10) ** -20, (beta1, beta2, t, coarse / fine - 1)
    return fine


for row in read("update_second_moment.csv"):
    if int(row["t"]) in (5, 100):
        value = update_second_moment(double(row["beta1"]), double(row["beta2"]), int(row["t"]))
        assert digits(value) == row["update_second_moment"], (row, value)
write("update_second_moment_long.csv", "beta1,beta2,t,update_second_moment",
      [(b1, b2, str(t), update_second_moment(double(b1), double(b2), t)) for b1, b2, steps in CASES for t in steps])
