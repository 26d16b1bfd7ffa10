"""T_w = 1 + 2 Σ_t (1 - r_t), where r_t is that of algorithm 2 for rho_t > threshold and else 0, in 40-digit arithmetic, term by term.

    pip install mpmath && python make_equivalent_warmup.py > equivalent_warmup.csv
"""
from mpmath import mp, mpf, nstr, sqrt

mp.dps = 40
print("beta2,threshold,t_w")
for beta2 in [0.7, 0.9, 0.99, 0.999, 0.9995]:
    for threshold in [4, 5]:
        beta = mpf(beta2)
        limit = 2 / (1 - beta) - 1
        total, power, t = mpf(0), mpf(1), 0
        while True:
            t += 1
            power *= beta
            rho = limit - 2 * t * power / (1 - power)
            lost = mpf(1)
            if rho > threshold:
                lost -= sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))
            total += lost
            if lost < mpf(10) ** -25:
                break
        print(beta2, threshold, nstr(1 + 2 * total, 17), sep=",")
