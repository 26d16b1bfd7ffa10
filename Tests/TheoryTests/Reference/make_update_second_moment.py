"""Writes update_second_moment.csv: E[(m_hat_t psi_t)^2], the second moment of Adam's update at mu = 0, epsilon = 0.

Accuracy: 75-digit arithmetic; halving the spacing of the integration changes no value by 1e-25 (asserted), so all 17
digits hold. Asserted besides: at t = 1 the update is the sign of g and its square 1; at t = 2 the value agrees to 1e-25
with the integral over the angle of (g_1, g_2), on whose length the update does not depend.

    python3 make_update_second_moment.py
"""
from mpmath import cos, mpf, pi, quad, sin, sqrt

from reference_arithmetic import double, integrate, relative_difference, weights, write

CASES = [
    ("0", "0.9", [1, 2, 3, 10, 100]), ("0", "0.999", [1, 2, 5, 100, 1000]), ("0", "0.99999", [3, 1000]),
    ("0.5", "0.9", [1, 2, 5]), ("0.5", "0.99", [3, 10]), ("0.5", "0.999", [2, 100]), ("0.5", "0.99999", [5, 1000]),
    ("0.9", "0.9", [1, 2, 3, 100]), ("0.9", "0.99", [2, 5, 10, 1000]), ("0.9", "0.999", [1, 2, 3, 5, 10, 100, 1000]),
    ("0.9", "0.99999", [1, 2, 10, 1000]),
    ("0.99", "0.9", [1, 3, 10, 100]), ("0.99", "0.99", [2, 100]), ("0.99", "0.999", [1, 5, 1000]),
    ("0.99", "0.99999", [10, 1000]),
]


def update_second_moment(beta1, beta2, t):
    """The integral of M_t(s) sum_i a_i^2 / (1 + 2 s w_i) over s."""
    pairs = [(2 * w, a * a) for w, a in zip(weights(beta2, t), weights(beta1, t))]

    def integrands(s):
        product, total = mpf(1), mpf(0)
        for w, a_squared in pairs:
            factor = 1 + s * w
            product *= factor
            total += a_squared / factor
        return [s * total / sqrt(product)]

    (coarse, fine), = integrate(integrands, mpf(1))
    assert relative_difference(coarse, fine) < mpf(10) ** -25, (beta1, beta2, t)
    return fine


def over_the_angle(beta1, beta2):
    """The same at t = 2: the update is homogeneous of degree 0 in (g_1, g_2), whose angle is uniform."""
    (w0, w1), (a0, a1) = weights(beta2, 2), weights(beta1, 2)
    square = lambda x: (a0 * cos(x) + a1 * sin(x)) ** 2 / (w0 * cos(x) ** 2 + w1 * sin(x) ** 2)
    return quad(square, [-pi / 2, -pi / 4, 0, pi / 4, pi / 2]) / pi


rows = []
for beta1, beta2, steps in CASES:
    for t in steps:
        value = update_second_moment(double(beta1), double(beta2), t)
        if t == 1:
            assert abs(value - 1) < mpf(10) ** -40
            value = mpf(1)
        if t == 2:
            assert relative_difference(value, over_the_angle(double(beta1), double(beta2))) < mpf(10) ** -25
        rows.append((beta1, beta2, str(t), value))
write("update_second_moment.csv", "beta1,beta2,t,update_second_moment", rows)
