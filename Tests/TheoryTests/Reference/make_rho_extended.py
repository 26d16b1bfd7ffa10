"""Writes rho_extended.csv: rho_t (Eq. 4, centre of mass) and nu_t (Satterthwaite) for beta2 from 0 to the largest
double below 1 and t up to 1e12.

Accuracy: 150-digit arithmetic. The textbook form loses at most about 40 digits here ((1 - beta2) t down to 1e-16,
cancelled twice), so all 17 digits hold. Asserted: rho.csv comes out the same to the last digit.

    python3 make_rho_extended.py
"""
from reference_arithmetic import digits, double, nu, read, rho, write

BETA2 = ["0", "0.001", "0.3", "0.75", "0.95", "0.99999", "0.9999999", "0.999999999999", "0.99999999999999989"]
STEPS = [1, 2, 3, 7, 50, 1000, 10**5, 10**7, 10**9, 10**12]

assert double(BETA2[-1]) == 1 - double("0.5") ** 53
for row in read("rho.csv"):
    beta2, t = double(row["beta2"]), int(row["t"])
    assert digits(rho(beta2, t)) == row["rho_t"] and digits(nu(beta2, t)) == row["nu_t"], row

write("rho_extended.csv", "beta2,t,rho_t,nu_t",
      [(b, str(t), rho(double(b), t), nu(double(b), t)) for b in BETA2 for t in STEPS])
