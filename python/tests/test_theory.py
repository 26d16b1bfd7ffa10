"""The theory against the command to the bit, and against what it must be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from conftest import numbers

import varlab


def test_rho_table(table):
    steps = [1, 2, 3, 4, 5, 6, 10, 100, 1000, 100000]
    for beta2 in (0.0, 0.5, 0.9, 0.999, 0.9999999):
        columns = table("rho-table", "--beta2", repr(beta2), "--steps", ",".join(map(str, steps)))
        for name, ours in {
            "rho_t": varlab.rho(steps, beta2),
            "nu_t": varlab.satterthwaite(steps, beta2),
            "rho_infinity": np.full(len(steps), varlab.rho_infinity(beta2)),
            "var_closed_form": varlab.closed_form_variance(varlab.rho(steps, beta2)),
            "var_first_order": varlab.first_order_variance(varlab.rho(steps, beta2)),
            "var_exact": varlab.exact_variance(steps, beta2=beta2),
            "r_t": varlab.rectification(steps, beta2),
            "r_closed_form": varlab.rectification(steps, beta2, formula="closed-form"),
            "r_exact": varlab.rectification(steps, beta2, formula="exact"),
        }.items():
            np.testing.assert_array_equal(ours, numbers(columns[name]), err_msg=f"{name} at beta2 = {beta2}")


def test_thresholds():
    steps = np.arange(1, 12)
    rho = varlab.rho(steps)
    for like, threshold in {"paper": 4, "torch": 5, "authors": 5, "optax": 5}.items():
        factor = varlab.rectification(steps, like=like)
        assert (np.isnan(factor) == (rho <= threshold)).all()
        rectified = rho[rho > threshold]
        limit = varlab.rho_infinity()
        written = np.sqrt((rectified - 4) * (rectified - 2) * limit / ((limit - 4) * (limit - 2) * rectified))
        np.testing.assert_allclose(factor[rho > threshold], written, rtol=1e-13)
    # rho_2 = 2 + 2 beta2/(1+beta2) - ... is never 5, but rho = 1 at t = 1 is a threshold that can be hit.
    assert math.isnan(varlab.rectification(1, threshold=1.0))


def test_exact_moments_are_the_commands(table):
    steps, means = [1, 2, 3, 10, 1000, 6000], [0.0, 0.001, 1.0, 10.0]
    for epsilon in (0.0, 1e-8, 0.1):
        columns = table("exact", "--mu", ",".join(map(str, means)), "--epsilon", repr(epsilon), "--steps", ",".join(map(str, steps)))
        law = varlab.exact_moments(steps, np.array(means)[:, None], epsilon=epsilon)
        for name, ours in {"mean_psi": law.mean, "mean_psi_squared": law.mean_square, "var_psi": law.variance}.items():
            np.testing.assert_array_equal(ours.reshape(-1), numbers(columns[name]), err_msg=name)


@pytest.mark.parametrize(
    "options, arguments",
    [
        (["--gradients", "student-t:3"], {"gradients": "student-t:3"}),
        (["--gradients", "laplace", "--epsilon", "1e-8"], {"gradients": "laplace", "epsilon": 1e-8}),
        (["--gradients", "mixture:0.1,10"], {"gradients": "mixture:0.1,10"}),
        (["--autocorrelation", "0.5", "--mu", "0.3"], {"autocorrelation": 0.5, "mu": 0.3}),
        (["--weights", "no-bias"], {"weights": "no-bias"}),
        (["--weights", "adopt"], {"weights": "adopt"}),
        (["--weights", "adafactor:0.7"], {"weights": "adafactor:0.7"}),
    ],
)
def test_other_gradients_and_weights(table, options, arguments):
    steps = [1, 2, 3, 5, 100, 1000]
    columns = table("exact", "--steps", ",".join(map(str, steps)), *options)
    law = varlab.exact_moments(steps, **arguments)
    np.testing.assert_array_equal(law.variance, numbers(columns["var_psi"]))
    np.testing.assert_array_equal(law.mean, numbers(columns["mean_psi"]))


def test_lists_and_recorded_gradients(table, tmp_path):
    generator = np.random.default_rng(3)
    trace = generator.standard_t(4, size=(200, 3)) * [1, 10, 0.1] + 2
    np.save(tmp_path / "trace.npy", trace)
    scales = np.linspace(0.5, 2, 50)
    np.save(tmp_path / "scales.npy", scales)
    weights = np.array([0.5, 0.3, 0.2])
    np.save(tmp_path / "weights.npy", weights)
    steps = [1, 3, 10, 50]
    for option, arguments in [
        (["--gradients", f"trace:{tmp_path}/trace.npy"], {"gradients": trace}),
        (["--scales", f"{tmp_path}/scales.npy"], {"scales": scales}),
        (["--means", f"{tmp_path}/scales.npy"], {"means": scales}),
        (["--weights", f"{tmp_path}/weights.npy"], {"weights": weights}),
    ]:
        columns = table("exact", "--steps", "1,3,10,50", *option)
        np.testing.assert_array_equal(varlab.exact_variance(steps, **arguments), numbers(columns["var_psi"]), err_msg=str(option))


def test_broadcasting():
    t, mu = np.arange(3, 9), np.array([[0.0], [1.0]])
    law = varlab.exact_moments(t, mu, beta2=[0.9, 0.99, 0.999, 0.9, 0.99, 0.999])
    assert law.variance.shape == law.mu.shape == (2, 6)
    for index in np.ndindex(2, 6):
        alone = varlab.exact_variance(int(law.t[index]), float(law.mu[index]), beta2=float(law.beta2[index]))
        assert isinstance(alone, np.float64) and alone == law.variance[index]
    # Any order, with repetitions, of any layout.
    shuffled = np.array([[8, 3], [3, 5]], dtype=np.uint8)[:, ::-1]
    np.testing.assert_array_equal(varlab.exact_variance(shuffled), varlab.exact_variance([[3, 8], [5, 3]]))
    assert varlab.exact_variance([]).shape == (0,)
    assert varlab.rho(np.empty((0, 3))).shape == (0, 3)
    with pytest.raises(ValueError):
        varlab.rho([1, 2, 3], [0.9, 0.99])


def test_many_means_do_not_cost_their_product():
    # One step for each of many means: as many moments, not its square.
    count = 3000
    variance = varlab.exact_variance(np.arange(3, count + 3), np.linspace(0, 3, count))
    assert variance.shape == (count,)


def test_variance_against_quadrature():
    # E psi^k = integral of the transform over s, at t = 3 and beta2 = 0: no library of ours.
    integrate = pytest.importorskip("scipy.integrate")
    weights = 0.1 * 0.9 ** np.arange(5) / (1 - 0.9**5)
    def transform(s):
        return np.prod((1 + 2 * s * weights) ** -0.5)
    # s = e^u
    square = integrate.quad(lambda u: np.exp(u) * transform(np.exp(u)), -40, 40, limit=500, epsabs=0, epsrel=1e-11)[0]
    mean = integrate.quad(lambda u: np.exp(u / 2) * transform(np.exp(u)), -60, 60, limit=500, epsabs=0, epsrel=1e-11)[0] / np.sqrt(np.pi)
    law = varlab.exact_moments(5, beta2=0.9)
    np.testing.assert_allclose([law.mean, law.mean_square], [mean, square], rtol=1e-9)
    np.testing.assert_allclose(law.variance, square - mean**2, rtol=1e-8)


def test_psi_law(table):
    columns = table("distribution", "--steps", "5,1000", "--mu", "0.5", "--epsilon", "1e-3", "--points", "12")
    psi, steps = np.array(numbers(columns["psi"])), np.array(columns["t"], dtype=int)
    np.testing.assert_array_equal(varlab.psi_pdf(psi, steps, 0.5, epsilon=1e-3), numbers(columns["density"]))
    np.testing.assert_array_equal(varlab.psi_cdf(psi, steps, 0.5, epsilon=1e-3), numbers(columns["distribution"]))
    # The quantile undoes the distribution function.
    probability = np.array([1e-4, 0.1, 0.5, 0.999])
    np.testing.assert_allclose(varlab.psi_cdf(varlab.psi_quantile(probability, 100), 100), probability, rtol=1e-9)
    # At t = 1 psi is 1/|g|: P(1/|g| <= x) = P(|g| >= 1/x).
    np.testing.assert_allclose(varlab.psi_cdf([0.5, 1, 2], 1), [math.erfc(1 / x / math.sqrt(2)) for x in (0.5, 1, 2)], rtol=1e-12)


def test_psi_law_of_other_gradients(table):
    columns = table("distribution", "--steps", "20", "--gradients", "laplace", "--points", "4")
    psi = numbers(columns["psi"])
    np.testing.assert_array_equal(varlab.psi_pdf(psi, 20, gradients="laplace"), numbers(columns["density"]))
    np.testing.assert_array_equal(varlab.psi_cdf(psi, 20, gradients="laplace"), numbers(columns["distribution"]))


def test_update(table):
    steps, means = [1, 2, 10, 1000], [0.0, 0.1, 1.0]
    columns = table("update", "--mu", "0,0.1,1", "--epsilon", "1e-8", "--steps", "1,2,10,1000", "--quantiles", "0.5,0.99")
    law = varlab.update_moments(steps, np.array(means)[:, None], epsilon=1e-8)
    for name, ours in {
        "mean": law.mean, "second_moment": law.second_moment, "variance": law.variance, "rms": law.rms, "signal_to_noise": law.signal_to_noise,
        "wrong_sign": law.wrong_sign, "largest": law.largest,
        "quantile_0.5": varlab.update_quantile(0.5, steps, law.mu, epsilon=1e-8),
        "quantile_0.99": varlab.update_quantile(0.99, steps, law.mu, epsilon=1e-8),
    }.items():
        np.testing.assert_array_equal(ours.reshape(-1), numbers(columns[name]), err_msg=name)


def test_update_distribution(table):
    columns = table("update", "--distribution", "--points", "9", "--steps", "10", "--mu", "0.1")
    u = numbers(columns["u"])
    np.testing.assert_array_equal(varlab.update_cdf(u, 10, 0.1), numbers(columns["distribution"]))
    np.testing.assert_array_equal(varlab.update_cdf(u, 10, 0.1, upper=True), numbers(columns["upper_tail"]))
    np.testing.assert_array_equal(varlab.update_pdf(u, 10, 0.1), numbers(columns["density"]))
    # At t = 1 it is a sign.
    np.testing.assert_array_equal(varlab.update_cdf([-2, 0, 2], 1), [0, 0.5, 1])
    assert math.isnan(varlab.update_pdf(0.5, 1))


def test_update_of_other_gradients(table):
    columns = table("update", "--gradients", "laplace", "--steps", "1,10,100")
    law = varlab.update_moments([1, 10, 100], gradients="laplace")
    np.testing.assert_array_equal(law.second_moment, numbers(columns["second_moment"]))
    correlated = varlab.update_moments([10, 100], autocorrelation=0.5)
    assert (correlated.second_moment > varlab.update_moments([10, 100]).second_moment).all()
    np.testing.assert_allclose(
        varlab.update_moments([10, 100], autocorrelation=1e-9).second_moment, varlab.update_moments([10, 100]).second_moment, rtol=1e-7)


def test_implied_snr(table):
    columns = table("update", "--implied-by-rms", "0.25,0.4,5", "--steps", "1000")
    implied = varlab.implied_snr([0.25, 0.4, 5], 1000)
    np.testing.assert_array_equal(implied.snr, numbers(columns["mu"]))
    np.testing.assert_array_equal(implied.rms_at_zero, numbers(columns["rms_at_mu_0"]))
    back = varlab.update_moments(1000, implied.snr[1]).rms
    np.testing.assert_allclose(back, 0.4, rtol=1e-11)
