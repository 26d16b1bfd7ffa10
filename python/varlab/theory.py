"""Closed forms, the exact moments of ψ_t, and rectification.

For g_i ~ N(μ, σ²), v̂_t is the bias-corrected exponential average of g² with decay rate β2, and ψ_t = 1/(√v̂_t + ε). All is in units of
σ: pass μ/σ and ε/σ, and divide Var[ψ] by σ².
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._arrays import FloatArray, IntArray, Process, broadcast, floats, outputs, unwrap
from ._native import call, long_call, pointer
from ._results import Result

__all__ = [
    "ExactMoments",
    "closed_form_variance",
    "exact_moments",
    "exact_variance",
    "first_order_variance",
    "rectification",
    "rho",
    "rho_infinity",
    "satterthwaite",
]


def rho(t: npt.ArrayLike, beta2: npt.ArrayLike = 0.999) -> Any:
    """ρ_t = ρ_∞ - 2tβ2^t/(1-β2^t), the paper's degrees of freedom (Eq. 4), to the last digits for every β2.

    Args:
        t: steps from 1 on; broadcast against ``beta2``.
        beta2: decay rates in [0, 1).

    Returns:
        float64 of the common shape; 1 at t = 1.

    Raises:
        ParameterError: for a step below 1 or a β2 outside [0, 1).

    >>> float(rho(1000))
    835.96737561...
    >>> rho([1, 5], 0.9).round(4)
    array([1.    , 4.5806])
    """
    return _average("varlab_rho", t, beta2)


def satterthwaite(t: npt.ArrayLike, beta2: npt.ArrayLike = 0.999) -> Any:
    """ν_t = (1+β2)(1-β2^t)/((1-β2)(1+β2^t)) = (Σw)²/Σw², the moment-matched degrees of freedom (Satterthwaite 1946).

    Arguments, result and errors are those of :func:`rho`. Var[ψ_t] by Eq. 2 at ν_t is within 0.1 % of the exact value, at ρ_t up to 11 % off.

    >>> float(satterthwaite(1000))
    924.16544136...
    """
    return _average("varlab_satterthwaite", t, beta2)


def rho_infinity(beta2: npt.ArrayLike = 0.999) -> Any:
    """ρ_∞ = (1+β2)/(1-β2) = 2/(1-β2) - 1, the limit of ρ_t and ν_t.

    >>> float(rho_infinity(0.9).round(12))
    19.0
    """
    decay = floats(beta2, "beta2")
    rho(1, decay)
    return unwrap((1 + decay) / (1 - decay))


def _average(name: str, t: npt.ArrayLike, beta2: npt.ArrayLike) -> Any:
    arrays = broadcast(t, beta2=beta2)
    result = np.empty(arrays["t"].shape)
    call(name, result.size, pointer(arrays["beta2"]), pointer(arrays["t"]), pointer(result))
    return unwrap(result)


def closed_form_variance(rho: npt.ArrayLike) -> Any:
    """Var[ψ] of Scale-inv-χ²(ρ, 1), Eq. 2 of the paper, without the cancellation of its two terms.

    Args:
        rho: degrees of freedom; τ² = 1, so that for another τ² the result is multiplied by it.

    Returns:
        float64 of the shape of ``rho``; infinite for ρ ≤ 2.

    >>> closed_form_variance([2, 5, 500]).round(8)
    array([       inf, 0.25195606, 0.00100754])
    """
    return _of_rho("varlab_closed_form_variance", rho)


def first_order_variance(rho: npt.ArrayLike) -> Any:
    """Var[ψ] to first order, ρ/(2(ρ-2)(ρ-4)), Eq. 5; NaN for ρ ≤ 4.

    >>> first_order_variance([4, 5, 500]).round(7)
    array([      nan, 0.8333333, 0.0010121])
    """
    return _of_rho("varlab_first_order_variance", rho)


def _of_rho(name: str, rho: npt.ArrayLike) -> Any:
    values = broadcast(rho=rho)["rho"]
    result = np.empty(values.shape)
    call(name, result.size, pointer(values), pointer(result))
    return unwrap(result)


_FORMULAS = {"first-order": 0, "closed-form": 1, "exact": 2}
# ρ_t at which each begins to rectify, and whether ρ_t may be equal to it.
_THRESHOLDS = {"paper": (4.0, 0), "torch": (5.0, 0), "authors": (5.0, 1), "optax": (5.0, 1)}


def rectification(
    t: npt.ArrayLike,
    beta2: npt.ArrayLike = 0.999,
    *,
    formula: Literal["first-order", "closed-form", "exact"] = "first-order",
    like: Literal["paper", "authors", "torch", "optax"] = "paper",
    threshold: float | None = None,
    gradients: str | npt.ArrayLike | None = None,
    autocorrelation: float = 0.0,
) -> Any:
    """RAdam's r_t = √(Var[ψ_∞]/Var[ψ_t]), by which the step size is multiplied.

    Args:
        t: steps from 1 on; broadcast against ``beta2``.
        beta2: decay rates in [0, 1).
        formula: the variance by the paper's first order, by Eq. 2, or by the exact law.
        like: whose threshold on ρ_t: ρ_t > 4 in the paper, > 5 in PyTorch, ≥ 5 in the authors' code and optax; for the first order.
        threshold: another threshold, which ρ_t must exceed.
        gradients: what the exact r_t is for, as in :func:`exact_moments`.
        autocorrelation: of normal gradients, for the exact r_t.

    Returns:
        float64 of the common shape; NaN where the step is not rectified.

    Raises:
        ParameterError: for a value outside its domain.

    >>> rectification([4, 5, 6, 1000]).round(6)
    array([     nan, 0.017312, 0.025821, 0.645326])
    >>> rectification([5, 6], like="torch").round(6)
    array([     nan, 0.025821])
    >>> rectification([5, 6], formula="exact").round(6)
    array([0.031521, 0.037861])
    """
    from ._errors import ParameterError

    if formula not in _FORMULAS:
        raise ParameterError("formula", repr(formula), f"must be one of {', '.join(_FORMULAS)}")
    if like not in _THRESHOLDS:
        raise ParameterError("like", repr(like), f"must be one of {', '.join(_THRESHOLDS)}")
    bound, includes = _THRESHOLDS[like] if threshold is None else (float(threshold), 0)
    arrays = broadcast(t, beta2=beta2)
    process = Process(gradients, autocorrelation)
    result = np.empty(arrays["t"].shape)
    long_call(
        "varlab_rectification", ctypes.addressof(process.struct), _FORMULAS[formula], bound, includes, result.size,
        pointer(arrays["beta2"]), pointer(arrays["t"]), pointer(result))
    return unwrap(result)


@dataclass(frozen=True, repr=False)
class ExactMoments(Result):
    """The moments of ψ_t, each array of the common shape of the arguments.

    A moment is infinite only where it is, and NaN where ψ_t is not defined.
    """

    beta2: FloatArray
    mu: FloatArray
    epsilon: FloatArray
    t: IntArray
    mean: FloatArray
    """E[ψ_t]."""
    mean_square: FloatArray
    """E[ψ_t²]."""
    variance: FloatArray
    """Var[ψ_t], computed without subtracting the two."""

    _axis = "t"
    _curves = ("variance",)
    _labels = {"t": "iteration t", "variance": "Var[ψ$_t$]"}
    _groups = ("beta2", "mu", "epsilon")
    _log = "xy"


def exact_moments(
    t: npt.ArrayLike,
    mu: npt.ArrayLike = 0.0,
    *,
    beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0,
    gradients: str | npt.ArrayLike | None = None,
    autocorrelation: float = 0.0,
    weights: str | npt.ArrayLike | None = None,
    scales: npt.ArrayLike | None = None,
    means: npt.ArrayLike | None = None,
) -> ExactMoments:
    """E[ψ_t], E[ψ_t²] and Var[ψ_t] of ψ_t = 1/(√v̂_t + ε), exact, without simulation; what ``varlab exact`` prints.

    Args:
        t: steps from 1 on. ``t``, ``mu``, ``beta2`` and ``epsilon`` broadcast against each other.
        mu: means of the gradients in units of σ, at most 1e100 in size (1e6 for other than independent normal gradients).
        beta2: decay rates in [0, 1).
        epsilon: ε ≥ 0 in units of σ, added to √v̂_t.
        gradients: ``None`` or "normal"; "student-t:DF", "laplace", "uniform", "logistic", "mixture:P,SIGMA", each scaled to unit variance
            (Student's t with DF ≤ 2 has none and is left at scale 1); or recorded values of shape [steps] or [steps, coordinates…], of
            which each coordinate is standardised and all are pooled.
        autocorrelation: r in (-1, 1) of normal AR(1) gradients.
        weights: of the squares in v̂_t: "adam", "no-bias", "v0-g0", "adafactor:P", "previous", "adopt", or w_0, w_1, … from the newest on.
        scales: σ_1, σ_2, … of the steps from the first on.
        means: μ_1, μ_2, … of the steps, in place of ``mu``.

    Returns:
        Arrays of the common shape.

    Raises:
        ParameterError: for a value outside its domain, and for what has no exact law.

    >>> law = exact_moments([3, 1000], mu=[[0], [1]])
    >>> law.variance
    array([[1.09014110e+00, 5.42979240e-04],
           [3.88620072e-01, 2.03552189e-04]])
    >>> exact_moments(100, gradients="student-t:3").variance.round(7)
    np.float64(0.0403612)
    """
    arrays = broadcast(t, mu=mu, beta2=beta2, epsilon=epsilon)
    process = Process(gradients, autocorrelation, scales, means, weights)
    shape = arrays["t"].shape
    mean, mean_square, variance = outputs(shape, 3)
    long_call(
        "varlab_exact_moments", ctypes.addressof(process.struct), mean.size, pointer(arrays["beta2"]), pointer(arrays["mu"]),
        pointer(arrays["epsilon"]), pointer(arrays["t"]), pointer(mean), pointer(mean_square), pointer(variance))
    return ExactMoments(
        beta2=arrays["beta2"], mu=arrays["mu"], epsilon=arrays["epsilon"], t=arrays["t"], mean=mean, mean_square=mean_square,
        variance=variance)


def exact_variance(
    t: npt.ArrayLike,
    mu: npt.ArrayLike = 0.0,
    *,
    beta2: npt.ArrayLike = 0.999,
    epsilon: npt.ArrayLike = 0.0,
    gradients: str | npt.ArrayLike | None = None,
    autocorrelation: float = 0.0,
    weights: str | npt.ArrayLike | None = None,
    scales: npt.ArrayLike | None = None,
    means: npt.ArrayLike | None = None,
) -> Any:
    """Var[ψ_t]: :attr:`ExactMoments.variance` of :func:`exact_moments`, whose arguments and errors these are.

    >>> float(exact_variance(1000))
    0.000542979...
    >>> exact_variance(range(1, 6001)).shape
    (6000,)
    """
    return unwrap(
        exact_moments(
            t, mu, beta2=beta2, epsilon=epsilon, gradients=gradients, autocorrelation=autocorrelation, weights=weights, scales=scales,
            means=means).variance)
