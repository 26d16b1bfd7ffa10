"""Arguments as the native library wants them: float64 and int64 in C order, broadcast against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import ParameterError
from ._native import ProcessStruct, pointer

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def floats(value: npt.ArrayLike, name: str) -> FloatArray:
    """Real numbers as float64."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        raise ParameterError(name, f"of type {array.dtype}", "must be real numbers")
    return np.asarray(array, dtype=np.float64)


def integers(value: npt.ArrayLike, name: str) -> IntArray:
    """Whole numbers as int64, also where they are written as 5.0."""
    array = np.asarray(value)
    if array.size == 0 and array.dtype.kind == "f":
        return array.astype(np.int64)
    if array.dtype.kind == "f":
        wrong = ~(np.isfinite(array) & (np.floor(array) == array) & (np.abs(array) < 2.0**63))
        if wrong.any():
            raise ParameterError(name, str(array[wrong].flat[0]), "must be a whole number")
    elif array.dtype.kind == "u":
        if array.size and array.max() > np.iinfo(np.int64).max:
            raise ParameterError(name, str(array.max()), "must be below 2^63")
    elif array.dtype.kind != "i":
        raise ParameterError(name, f"of type {array.dtype}", "must be whole numbers")
    return np.asarray(array, dtype=np.int64)


def broadcast(t: npt.ArrayLike | None = None, **values: npt.ArrayLike) -> dict[str, np.ndarray]:
    """All arguments with their common shape, in C order; ``t`` as whole numbers."""
    arrays: dict[str, np.ndarray] = {name: floats(value, name) for name, value in values.items()}
    if t is not None:
        arrays["t"] = integers(t, "t")
    shaped = np.broadcast_arrays(*arrays.values())
    # Not ascontiguousarray, which makes a vector of a scalar.
    return {name: np.array(array, order="C", copy=True) for name, array in zip(arrays, shaped)}


def outputs(shape: tuple[int, ...], count: int) -> list[FloatArray]:
    return [np.empty(shape, dtype=np.float64) for _ in range(count)]


def unwrap(array: FloatArray) -> Any:
    """A scalar for what has no axis, as NumPy's own functions do."""
    return array[()] if array.ndim == 0 else array


def recorded_series(values: npt.ArrayLike) -> FloatArray:
    """Recorded gradients of shape [steps] or [steps, coordinates…] as [coordinates, steps], in C order."""
    array = floats(values, "gradients")
    if array.ndim == 0 or array.size == 0:
        raise ParameterError("gradients", f"of shape {array.shape}", "must have the shape [steps] or [steps, coordinates…]")
    return np.array(array.reshape(array.shape[0], -1).T, order="C", copy=True)


class Process:
    """The gradients and weights of a call, and the memory that the native library reads them from."""

    def __init__(
        self,
        gradients: str | npt.ArrayLike | None = None,
        autocorrelation: float = 0.0,
        scales: npt.ArrayLike | None = None,
        means: npt.ArrayLike | None = None,
        weights: str | npt.ArrayLike | None = None,
    ) -> None:
        self.struct = ProcessStruct(autocorrelation=float(autocorrelation))
        self._held: list[Any] = []
        if isinstance(gradients, str):
            self.struct.gradients = self._text(gradients, "gradients")
        elif gradients is not None:
            series = recorded_series(gradients)
            self.struct.samples, self.struct.sample_count = self._list(series, "gradients")
            self.struct.series_length = series.shape[1]
        if scales is not None:
            self.struct.scales, self.struct.scale_count = self._list(scales, "scales")
        if means is not None:
            self.struct.means, self.struct.mean_count = self._list(means, "means")
        if isinstance(weights, str):
            self.struct.weights = self._text(weights, "weights")
        elif weights is not None:
            self.struct.weight_list, self.struct.weight_count = self._list(weights, "weights")

    def _text(self, value: str, name: str) -> bytes:
        if "\0" in value:
            raise ParameterError(name, repr(value), "must be text without a null character")
        if name == "gradients" and value.startswith("trace:"):
            raise ParameterError(name, value, "pass the values of a trace as an array, such as numpy.load(…)")
        return value.encode()

    def _list(self, values: npt.ArrayLike, name: str) -> tuple[int | None, int]:
        array = np.array(floats(values, name), order="C", copy=True).reshape(-1)
        if array.size == 0:
            raise ParameterError(name, "of no value", "must have one at least")
        self._held.append(array)
        return pointer(array), array.size
