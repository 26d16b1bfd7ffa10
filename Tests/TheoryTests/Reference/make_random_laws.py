"""Writes random_averages.csv, random_rates.csv and random_exact_laws.csv: parameters drawn over the whole domain.

Drawn by Python's generator with a fixed seed, so that nobody chose them: beta2 with ln beta2 or ln(1 - beta2) uniform, t up to
1e18, rho from 1e-3 to 1e300, mu and epsilon over many decades. Averages: rho_t, nu_t, 1 - beta2^t and the untuned warmups.
Rates: the moments of the scaled inverse chi-square law at rho, and the rectification factors with rho_infinity above it.
Exact laws: the moments of psi at t up to 30.

Accuracy: averages 400 digits (t (1 - beta2) goes down to 1e-17 and beta2^t to 1e-300 and below), rates 200 (Eq. 2 loses as many as
rho has; from 1e60 on by its expansion), exact laws 75 with halving of the spacing (asserted to 1e-25 of the variance); 17 digits
printed.

    python3 make_random_laws.py
"""
import random

from mpmath import exp, expm1, loggamma, mp, mpf, sqrt

import reference_arithmetic as arithmetic
from reference_arithmetic import closed_form_variance, double, nu, rho, rho_infinity, write

generator = random.Random(1908_03265)


def log_uniform(low, high):
    return exp(generator.uniform(float(mp.log(low)), float(mp.log(high))))


def random_beta2():
    kind = generator.random()
    value = float(log_uniform(mpf("1e-60"), 1)) if kind < 0.2 else 1 - float(log_uniform(mpf("1e-15"), 1))
    return repr(min(max(value, 1e-60), 1 - 2.0 ** -53))


def averages():
    with mp.workdps(400):
        for _ in range(160):
            beta2, t = random_beta2(), int(log_uniform(1, 10 ** generator.choice((2, 6, 18))))
            b = double(beta2)
            yield (beta2, str(t), rho(b, t), nu(b, t), -expm1(t * mp.log(b)), min(mpf(1), t * (1 - b) / 2), -expm1(-(1 - b) * t))


def variance(r):
    """Eq. 2, for large rho by its expansion: with z = rho/2 - 1 the deficit 1 - z G^2 is (1 - 1/(8z) - 1/(32 z^2) + …)/(4z)."""
    if r > mpf(10) ** 60:
        z = r / 2 - 1
        return r / (r - 2) * (1 - 1 / (8 * z) - 1 / (32 * z * z)) / (4 * z)
    return closed_form_variance(r)


def rates():
    with mp.workdps(200):
        for index in range(160):
            kind = index % 4
            text = repr(float(2 + log_uniform(mpf("1e-9"), 1) if kind == 0 else 4 + log_uniform(mpf("1e-6"), 10) if kind == 1
                              else log_uniform(mpf("1e-3"), 10) if kind == 2 else log_uniform(4, mpf("1e300"))))
            r = double(text)
            limit_text = repr(float(max(r, 4) * (1 + log_uniform(mpf("1e-3"), mpf("1e6")))))
            limit = double(limit_text)
            large = r > mpf(10) ** 60
            mean = None if r <= 1 else sqrt(r / (r - 2) - variance(r)) if large else sqrt(r / 2) * exp(
                loggamma((r - 1) / 2) - loggamma(r / 2))
            first = sqrt((r - 4) / (limit - 4) * (r - 2) / (limit - 2) * limit / r) if r > 4 else None
            yield (text, limit_text, mean, r / (r - 2) if r > 2 else None, variance(r) if r > 2 else None,
                   r / (2 * (r - 2) * (r - 4)) if r > 4 else None, first, sqrt(variance(limit) / variance(r)) if r > 2 else None)


def exact_laws():
    arithmetic.STEP, arithmetic.NEGLIGIBLE = mpf(1) / 24, mpf(10) ** -50
    for _ in range(24):
        beta2 = repr(1 - float(log_uniform(mpf("1e-12"), 1)))
        t = generator.choice((1, 1, 2, 3, 3, 4, 6, 11, 30))
        mu = repr(float(generator.choice((0, 1, -1)) * log_uniform(mpf("1e-3"), 500)))
        epsilon = repr(float(log_uniform(mpf("1e-12"), mpf("1e6"))))
        with mp.workdps(75):
            values = arithmetic.exact_moments(double(beta2), t, double(mu), double(epsilon))
        yield (beta2, str(t), mu, epsilon) + values


write("random_averages.csv", "beta2,t,rho_t,nu_t,bias_correction,warmup_untuned_linear,warmup_untuned_exponential", averages())
write("random_rates.csv", "rho,rho_infinity,mean_psi,mean_psi_squared,var_psi,var_first_order,r_t,r_closed_form", rates())
write("random_exact_laws.csv", "beta2,t,mu,epsilon,mean_psi,mean_psi_squared,var_psi", exact_laws())
