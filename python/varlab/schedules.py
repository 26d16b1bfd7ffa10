"""What a method multiplies the step size by, for use as a learning-rate schedule elsewhere."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._arrays import FloatArray, IntArray, integers
from ._native import long_call, pointer, vocabulary
from ._results import Result

__all__ = ["IMPLEMENTATIONS", "METHODS", "METHOD_FORMS", "Schedule", "schedule"]

METHODS, METHOD_FORMS, IMPLEMENTATIONS = vocabulary()

Implementation = Literal["paper", "authors", "torch", "optax"]
Precision = Literal["float64", "float32", "float32-eager"]


@dataclass(frozen=True, repr=False)
class Schedule(Result):
    """The factors of one method at its steps, ascending and without repetition."""

    t: IntArray
    multiplier: FloatArray
    """(α_t/α) r_t of the step that is taken; 0 where the parameters stay fixed, α_t/α for a momentum step."""
    adaptive_multiplier: FloatArray
    """The factor on the adaptive step alone, 0 where none is taken: hand it to Adam."""

    _axis = "t"
    _curves = ("multiplier", "adaptive_multiplier")
    _labels = {"t": "iteration t", "multiplier": "of the step", "adaptive_multiplier": "of the adaptive step"}


def schedule(
    t: npt.ArrayLike = range(1, 2001), optimizer: str = "radam", *, like: Implementation = "torch", beta2: float = 0.999,
    precision: Precision = "float64",
) -> Schedule:
    """The factor that a method puts on the step size; what ``varlab schedule`` prints.

    Args:
        t: steps from 1 on, of any shape and order; the result has each once.
        optimizer: one of :data:`METHOD_FORMS` with an adaptive learning rate, such as "radam", "adam-warmup:2000".
        like: whose, where papers and libraries disagree.
        beta2: decay rate in [0, 1).
        precision: "float64", to the last digits; "float32", as the implementation computes it for parameters in single precision, optax
            within ``jax.jit``; "float32-eager", optax outside of it.

    Raises:
        ParameterError: for a value outside its domain.

    >>> radam = schedule([4, 5, 6, 1000])
    >>> radam.adaptive_multiplier.round(6)
    array([0.      , 0.      , 0.025821, 0.645326])
    """
    steps = np.unique(integers(t, "t"))
    multiplier, adaptive = np.empty(steps.shape), np.empty(steps.shape)
    long_call(
        "varlab_schedule", _text(optimizer), _text(like), _text(precision), float(beta2), steps.size, pointer(steps), pointer(multiplier),
        pointer(adaptive))
    return Schedule(t=steps, multiplier=multiplier, adaptive_multiplier=adaptive)


def summary(
    optimizer: str = "radam", *, like: Implementation = "torch", beta2: float = 0.999, precision: Precision = "float64",
) -> dict[str, Any]:
    """The first rectified step, Ma and Yarats' rule of thumb 2/(1-β2), and the linear warmup that loses as much step size.

    >>> summary()["warmup_length_equivalent"]
    2067.68...
    """
    first, warmup = ctypes.c_int64(0), ctypes.c_double(math.nan)
    long_call(
        "varlab_schedule_summary", _text(optimizer), _text(like), _text(precision), float(beta2), ctypes.addressof(first),
        ctypes.addressof(warmup))
    return {
        "first_rectified_step": first.value or None,
        "warmup_length_rule_of_thumb": 2 / (1 - beta2),
        "warmup_length_equivalent": None if math.isnan(warmup.value) else warmup.value,
    }


def _text(value: str) -> bytes:
    from ._errors import ParameterError

    if not isinstance(value, str) or "\0" in value:
        raise ParameterError("optimizer", repr(value), "must be text")
    return value.encode()
