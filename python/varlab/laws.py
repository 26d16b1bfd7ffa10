"""The exact laws of ψ_t and of the whole update u_t = m̂_t/(√v̂_t + ε)."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._arrays import FloatArray, IntArray, Process, broadcast, outputs, unwrap
from ._native import long_call, pointer
from ._results import Result

__all__ = [
    "ImpliedSNR",
    "UpdateMoments",
    "implied_snr",
    "psi_cdf",
    "psi_pdf",
    "psi_quantile",
    "update_cdf",
    "update_moments",
    "update_pdf",
    "update_quantile",
]


def psi_pdf(
    psi: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta2: npt.ArrayLike = 0.999, epsilon: npt.ArrayLike = 0.0,
    gradients: str | None = None, autocorrelation: float = 0.0,
) -> Any:
    """The exact density of ψ_t = 1/(√v̂_t + ε).

    Args:
        psi: where; ``psi``, ``t``, ``mu``, ``beta2`` and ``epsilon`` broadcast against each other.
        t: steps from 1 on.
        mu: means of the gradients in units of σ, at most 1e6 in size.
        beta2: decay rates in [0, 1).
        epsilon: ε from 0 to 1e8 in units of σ.
        gradients: the law of the gradients by its name, as in :func:`varlab.exact_moments`; recorded values have no density.
        autocorrelation: r in (-1, 1) of normal AR(1) gradients.

    Returns:
        float64 of the common shape; 0 outside of 0 < ψ < 1/ε.

    Raises:
        ParameterError: for a value outside its domain.

    >>> float(round(psi_pdf(1.0, 1000), 6))
    17.149704
    """
    return _psi(psi, t, mu, beta2, epsilon, gradients, autocorrelation, density=True)


def psi_cdf(
    psi: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta2: npt.ArrayLike = 0.999, epsilon: npt.ArrayLike = 0.0,
    gradients: str | None = None, autocorrelation: float = 0.0,
) -> Any:
    """The exact distribution function P(ψ_t ≤ ψ); arguments and errors are those of :func:`psi_pdf`.

    >>> psi_cdf([0.5, 1.0, 2.0], 5).round(6)
    array([0.00125 , 0.41588 , 0.939991])
    """
    return _psi(psi, t, mu, beta2, epsilon, gradients, autocorrelation, density=False)


def _psi(
    psi: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike, beta2: npt.ArrayLike, epsilon: npt.ArrayLike, gradients: str | None,
    autocorrelation: float, density: bool,
) -> Any:
    arrays = broadcast(t, psi=psi, mu=mu, beta2=beta2, epsilon=epsilon)
    process = Process(gradients, autocorrelation)
    result = np.empty(arrays["t"].shape)
    long_call(
        "varlab_psi_law", ctypes.addressof(process.struct), result.size,
        *(pointer(arrays[name]) for name in ("beta2", "mu", "epsilon", "t", "psi")),
        pointer(result) if density else None, None if density else pointer(result))
    return unwrap(result)


def psi_quantile(
    probability: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0, gradients: str | None = None, autocorrelation: float = 0.0,
) -> Any:
    """The ψ that ψ_t does not exceed with a probability in [0, 1]; the other arguments are those of :func:`psi_pdf`.

    >>> float(round(psi_quantile(0.5, 1000), 6))
    1.000...
    """
    arrays = broadcast(t, probability=probability, mu=mu, beta2=beta2, epsilon=epsilon)
    process = Process(gradients, autocorrelation)
    result = np.empty(arrays["t"].shape)
    long_call(
        "varlab_psi_quantile", ctypes.addressof(process.struct), result.size,
        *(pointer(arrays[name]) for name in ("beta2", "mu", "epsilon", "t", "probability")), pointer(result))
    return unwrap(result)


@dataclass(frozen=True, repr=False)
class UpdateMoments(Result):
    """Moments of u_t = m̂_t/(√v̂_t + ε), each array of the common shape of the arguments."""

    beta1: FloatArray
    beta2: FloatArray
    mu: FloatArray
    epsilon: FloatArray
    t: IntArray
    mean: FloatArray
    """E[u_t]; NaN where it does not exist."""
    second_moment: FloatArray
    """E[u_t²]."""
    variance: FloatArray
    """Var[u_t]."""
    wrong_sign: FloatArray
    """P(u_t μ < 0); NaN at μ = 0 and for gradients that are not normal."""
    largest: FloatArray
    """sup |u_t| over all gradients."""

    @property
    def rms(self) -> FloatArray:
        """√E[u_t²]: the root mean square over many coordinates."""
        return np.sqrt(self.second_moment)

    @property
    def signal_to_noise(self) -> FloatArray:
        """\\|E[u_t]\\|/√Var[u_t]; NaN where the variance is 0 or infinite."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.abs(self.mean) / np.sqrt(self.variance)
        return np.where((self.variance > 0) & np.isfinite(self.variance), ratio, np.nan)

    _axis = "t"
    _curves = ("second_moment",)
    _labels = {"t": "iteration t", "second_moment": "E[u$_t^2$]"}
    _groups = ("beta1", "beta2", "mu", "epsilon")
    _log = "xy"


def update_moments(
    t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta1: npt.ArrayLike = 0.9, beta2: npt.ArrayLike = 0.999, epsilon: npt.ArrayLike = 0.0,
    gradients: str | npt.ArrayLike | None = None, autocorrelation: float = 0.0,
) -> UpdateMoments:
    """The exact moments of the whole update u_t = m̂_t/(√v̂_t + ε), which has no scale; what ``varlab update`` prints.

    Args:
        t: steps from 1 on; all arrays broadcast against each other.
        mu: means of the gradients in units of σ, at most 1e6 in size.
        beta1: decay rates of m̂ in [0, 1).
        beta2: decay rates of v̂ in [0, 1).
        epsilon: ε in units of σ, 0 or from 1e-100 to 1e100.
        gradients: as in :func:`varlab.exact_moments`; ``None`` for normal ones.
        autocorrelation: r in (-1, 1) of normal AR(1) gradients.

    Raises:
        ParameterError: for a value outside its domain.

    >>> law = update_moments([1, 10, 1000])
    >>> law.rms.round(6)
    array([1.      , 0.330082, 0.229303])
    """
    arrays = broadcast(t, beta1=beta1, beta2=beta2, mu=mu, epsilon=epsilon)
    process = Process(gradients, autocorrelation)
    results = outputs(arrays["t"].shape, 5)
    long_call(
        "varlab_update_moments", ctypes.addressof(process.struct), results[0].size,
        *(pointer(arrays[name]) for name in ("beta1", "beta2", "mu", "epsilon", "t")), *(pointer(result) for result in results))
    mean, second_moment, variance, wrong_sign, largest = results
    return UpdateMoments(
        beta1=arrays["beta1"], beta2=arrays["beta2"], mu=arrays["mu"], epsilon=arrays["epsilon"], t=arrays["t"], mean=mean,
        second_moment=second_moment, variance=variance, wrong_sign=wrong_sign, largest=largest)


def _update_law(
    u: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike, beta1: npt.ArrayLike, beta2: npt.ArrayLike, epsilon: npt.ArrayLike, place: int,
) -> Any:
    arrays = broadcast(t, u=u, beta1=beta1, beta2=beta2, mu=mu, epsilon=epsilon)
    result = np.empty(arrays["t"].shape)
    wanted = [pointer(result) if index == place else None for index in range(3)]
    long_call(
        "varlab_update_law", result.size, *(pointer(arrays[name]) for name in ("beta1", "beta2", "mu", "epsilon", "t", "u")), *wanted)
    return unwrap(result)


def update_cdf(
    u: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta1: npt.ArrayLike = 0.9, beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0, upper: bool = False,
) -> Any:
    """P(u_t ≤ u), or P(u_t > u) with ``upper``, for independent N(μ, σ²); the other arguments are those of :func:`update_moments`.

    >>> update_cdf([-0.5, 0.0, 0.5], 10).round(6)
    array([0.068024, 0.5     , 0.931976])
    """
    return _update_law(u, t, mu, beta1, beta2, epsilon, 1 if upper else 0)


def update_pdf(
    u: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta1: npt.ArrayLike = 0.9, beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0,
) -> Any:
    """The density of u_t; NaN at t = 1 and ε = 0, where u_t is ±1. The arguments are those of :func:`update_cdf`.

    >>> bool(update_pdf(0.0, 1000) > update_pdf(0.2, 1000))
    True
    """
    return _update_law(u, t, mu, beta1, beta2, epsilon, 2)


def update_quantile(
    probability: npt.ArrayLike, t: npt.ArrayLike, mu: npt.ArrayLike = 0.0, *, beta1: npt.ArrayLike = 0.9, beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0,
) -> Any:
    """The size that \\|u_t\\| does not exceed with a probability in [0, 1]; the other arguments are those of :func:`update_cdf`.

    >>> float(update_quantile(1.0, 1))
    1.0
    """
    arrays = broadcast(t, probability=probability, beta1=beta1, beta2=beta2, mu=mu, epsilon=epsilon)
    result = np.empty(arrays["t"].shape)
    long_call(
        "varlab_update_quantile", result.size,
        *(pointer(arrays[name]) for name in ("beta1", "beta2", "mu", "epsilon", "t", "probability")), pointer(result))
    return unwrap(result)


@dataclass(frozen=True, repr=False)
class ImpliedSNR(Result):
    """What root mean squares of an update imply, each array of the common shape of the arguments."""

    rms: FloatArray
    beta1: FloatArray
    beta2: FloatArray
    epsilon: FloatArray
    t: IntArray
    snr: FloatArray
    """\\|μ\\|/σ of the gradients; NaN where no mean gives the root mean square."""
    rms_at_zero: FloatArray
    """The root mean square of pure noise, μ = 0."""
    rms_at_largest: FloatArray
    """That at μ = 1e6 σ."""

    _axis = "rms"
    _curves = ("snr",)
    _labels = {"rms": "RMS of the update", "snr": "|μ|/σ"}
    _groups = ("beta1", "beta2", "epsilon", "t")
    _log = "y"


def implied_snr(
    rms: npt.ArrayLike, t: npt.ArrayLike, *, beta1: npt.ArrayLike = 0.9, beta2: npt.ArrayLike = 0.999, epsilon: npt.ArrayLike = 0.0,
) -> ImpliedSNR:
    """The |μ|/σ of the gradients that an observed root mean square of the update u_t implies; what ``varlab update --implied-by-rms`` prints.

    Args:
        rms: of u_t = m̂_t/(√v̂_t + ε) over coordinates, positive; without the step size.
        t: steps from 1 on; all arrays broadcast against each other.
        beta1: decay rates in [0, 1).
        beta2: decay rates in [0, 1).
        epsilon: ε in units of σ.

    Raises:
        ParameterError: for a value outside its domain.

    >>> float(implied_snr(0.4, 1000).snr.round(4))
    0.3583
    """
    arrays = broadcast(t, rms=rms, beta1=beta1, beta2=beta2, epsilon=epsilon)
    snr, at_zero, at_largest = outputs(arrays["t"].shape, 3)
    long_call(
        "varlab_implied_snr", snr.size, *(pointer(arrays[name]) for name in ("beta1", "beta2", "epsilon", "t", "rms")),
        pointer(snr), pointer(at_zero), pointer(at_largest))
    return ImpliedSNR(
        rms=arrays["rms"], beta1=arrays["beta1"], beta2=arrays["beta2"], epsilon=arrays["epsilon"], t=arrays["t"], snr=snr,
        rms_at_zero=at_zero, rms_at_largest=at_largest)
