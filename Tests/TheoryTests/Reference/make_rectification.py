"""Writes rectification.csv: the rectification terms and the untuned warmups of Ma and Yarats over t.

r_t: the paper's, defined for rho_t > 4. r_closed_form = sqrt(V(rho_infinity)/V(rho_t)), V = Eq. 2, for rho_t > 2.
r_exact = sqrt(Var_infinity/Var_t) with the exact variance at mu = epsilon = 0 and its limit t -> infinity, from t = 3.
Empty where undefined. warmup_untuned_linear = min(1, t (1 - beta2)/2), warmup_untuned_exponential =
1 - exp(-(1 - beta2) t).

Accuracy: 75-digit arithmetic (rho_t 150); halving the spacing changes no exact variance by 1e-25 (asserted), so all 17
digits hold. The limit's Laplace transform comes from a series in closed form; the same series at t = 100 agrees with
the product to 1e-25 (asserted).

    python3 make_rectification.py
"""
from mpmath import expm1, mpf, sqrt

from reference_arithmetic import (closed_form_variance, double, exact_moments, exact_variance_by_series,
                                  relative_difference, rho, rho_infinity, write)

BETA2 = ["0.9", "0.99", "0.999", "0.9999", "0.999999"]
STEPS = list(range(1, 13)) + [100, 1000]


def paper(rho_t, limit):
    return sqrt((rho_t - 4) * (rho_t - 2) * limit / ((limit - 4) * (limit - 2) * rho_t))


rows = []
for text in BETA2:
    beta2 = double(text)
    limit = rho_infinity(beta2)
    limit_variance = exact_variance_by_series(beta2)
    assert relative_difference(exact_variance_by_series(beta2, 100),
                               exact_moments(beta2, 100, mpf(0), mpf(0))[2]) < mpf(10) ** -25
    for t in STEPS:
        rho_t = rho(beta2, t)
        r_exact = sqrt(limit_variance / exact_moments(beta2, t, mpf(0), mpf(0))[2]) if t >= 3 else None
        rows.append((
            text, str(t), rho_t,
            paper(rho_t, limit) if rho_t > 4 else None,
            sqrt(closed_form_variance(limit) / closed_form_variance(rho_t)) if rho_t > 2 else None,
            r_exact, min(mpf(1), t * (1 - beta2) / 2), -expm1(-(1 - beta2) * t)))
write("rectification.csv",
      "beta2,t,rho_t,r_t,r_closed_form,r_exact,warmup_untuned_linear,warmup_untuned_exponential", rows)
