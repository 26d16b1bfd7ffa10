"""Writes closed_form_extended.csv: the moments of psi under Scale-inv-chi-square(rho, 1), Eq. 2 and Eq. 5, at the rho
that scaled_inverse_chi_square.csv leaves out: next to 2, between 1 and 2 (where only the mean is finite and the other
cells are empty), ordinary non-integers, both sides of 64, and up to 1e15.

Accuracy: 75-digit arithmetic; the subtraction loses 16 digits at rho = 1e15 and ln Gamma another 17, so all 17 printed
digits hold. Asserted: scaled_inverse_chi_square.csv comes out the same to the last digit.

    python3 make_closed_form_extended.py
"""
from reference_arithmetic import closed_form_mean, closed_form_variance, digits, double, read, write

RHO = ["1.0000001", "1.5", "2", "2.000000000001", "2.000001", "2.1", "2.25", "3.3", "7.7", "31.4", "63", "64", "65",
       "123456.789", "3e9", "1e14", "1e15"]


def row(text):
    rho = double(text)
    mean = closed_form_mean(rho)
    if not rho > 2:
        return text, mean, None, None, None
    first_order = rho / (2 * (rho - 2) * (rho - 4)) if rho > 4 else None
    return text, mean, rho / (rho - 2), closed_form_variance(rho), first_order


HEADER = "rho,mean_psi,mean_psi_squared,var_psi,var_first_order"
for known in read("scaled_inverse_chi_square.csv"):
    again = row(known["rho"])
    assert [digits(value) for value in again[1:]] == list(known.values())[1:], known

write("closed_form_extended.csv", HEADER, [row(text) for text in RHO])
