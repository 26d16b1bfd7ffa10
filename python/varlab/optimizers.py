"""Every optimizer of the paper as one object over a flat buffer, faster than NumPy and exact to the bit of the command's."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._errors import ParameterError
from ._native import SettingsStruct, StepStruct, call, library, pointer
from .schedules import Implementation, _text

__all__ = ["Optimizer", "Step"]

_RULES = ("freeze", "skip", "momentum", "adaptive")
_BUFFERS = ("momentum", "second_moment", "gradient_average")


@dataclass(frozen=True)
class Step:
    """What a step was made of."""

    index: int
    """t, from 1."""
    rule: str
    """"adaptive"; "momentum" without ψ_t; "skip", where only the averages move; "freeze", where v alone does."""
    step_size: float
    """α_t with its warmup; 0 where the parameters stay fixed."""
    rectification: float | None
    """r_t, where there is one."""
    epsilon: float | None
    """ε_t; ``None`` without an adaptive rate."""


class Optimizer:
    """A method at work on a flat buffer.

    Args:
        method: one of :data:`varlab.METHOD_FORMS`, such as "radam", "adam-2k", "adam-warmup:4000", "radam-exact:student-t:3".
        size: the number of parameters.
        dtype: float32 or float64.
        like: whose, where papers and libraries disagree; "torch" takes PyTorch's steps.
        lr: α.
        betas: β1 and β2; SGD and RMSProp have a momentum of their own.
        eps: ε.
        weight_decay: λ; ``None`` for what ``like`` does by default, 0 but for AdamW.
        decoupled: whether weights decay beside the step or through the gradient; ``None`` for what ``like`` does.
        rmsprop_decay: β2 of RMSProp, where it differs.

    Raises:
        ParameterError: for a value outside its domain.

    >>> import numpy as np
    >>> optimizer = Optimizer("radam", 3, dtype=np.float64, like="paper")
    >>> parameters = np.array([1.0, -2.0, 3.0])
    >>> optimizer.step(parameters, np.array([0.1, 0.2, -0.3])).rule
    'momentum'
    >>> parameters.round(6)
    array([ 0.9999, -2.0002,  3.0003])
    """

    def __init__(
        self,
        method: str,
        size: int,
        dtype: Any = np.float32,
        *,
        like: Implementation = "torch",
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float | None = None,
        decoupled: bool | None = None,
        rmsprop_decay: float | None = None,
        restart_momentum_correction: bool = False,
    ) -> None:
        self._handle = 0
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ParameterError("dtype", str(self.dtype), "must be float32 or float64")
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 0:
            raise ParameterError("size", repr(size), "must be a whole number, at least 0")
        self.method, self.size, self.lr = method, int(size), float(lr)
        settings = SettingsStruct(
            self.lr, float(betas[0]), float(betas[1]), float(eps), math.nan if weight_decay is None else self._number(weight_decay, "weight_decay"),
            math.nan if rmsprop_decay is None else self._number(rmsprop_decay, "rmsprop_decay"), -1 if decoupled is None else int(bool(decoupled)),
            int(bool(restart_momentum_correction)))
        handle = ctypes.c_int64(0)
        call(
            "varlab_optimizer_create", _text(method), _text(like), ctypes.addressof(settings), self.size, self.dtype.itemsize,
            ctypes.addressof(handle))
        self._handle = handle.value

    @staticmethod
    def _number(value: float, name: str) -> float:
        if math.isnan(float(value)):
            raise ParameterError(name, "nan", "must be a number")
        return float(value)

    def __del__(self) -> None:
        if getattr(self, "_handle", 0):
            library.varlab_optimizer_destroy(self._handle)
            self._handle = 0

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> Step:
        """Takes the next step, in place.

        Args:
            parameters: C-contiguous and writable, of the optimizer's size and dtype.
            gradients: likewise; only read.

        Raises:
            ParameterError: for an array of another size, dtype or layout.
        """
        self._require(parameters, "parameters")
        self._require(gradients, "gradients")
        if not parameters.flags.writeable:
            raise ParameterError("parameters", "read-only", "must be writable")
        return self.step_at(pointer(parameters), pointer(gradients))

    def step_at(self, parameters: int | None, gradients: int | None) -> Step:
        """The same on memory of the right size by its address, such as ``tensor.data_ptr()``."""
        taken = StepStruct()
        call(
            "varlab_optimizer_step", self._handle, self.size, self.dtype.itemsize, parameters, gradients, ctypes.addressof(taken))
        return Step(
            index=taken.index, rule=_RULES[taken.rule], step_size=taken.step_size,
            rectification=None if math.isnan(taken.rectification) else taken.rectification,
            epsilon=None if math.isnan(taken.epsilon) else taken.epsilon)

    def _require(self, array: np.ndarray, name: str) -> None:
        if not isinstance(array, np.ndarray):
            raise ParameterError(name, type(array).__name__, "must be a NumPy array")
        if array.dtype != self.dtype or array.size != self.size or not array.flags.c_contiguous:
            raise ParameterError(
                name, f"of {array.size} {array.dtype}", f"must be {self.size} {self.dtype} in C order")

    def set_learning_rate(self, lr: float) -> None:
        """α from the next step on; what a caller's own schedule changes."""
        if float(lr) != self.lr:
            call("varlab_optimizer_set_learning_rate", self._handle, float(lr))
            self.lr = float(lr)

    def state(self) -> dict[str, Any]:
        """Copies of what it remembers: ``step``, and the buffers ``momentum``, ``second_moment``, ``gradient_average`` that the method has."""
        step, sizes = self._sizes()
        buffers = {name: np.empty(size, self.dtype) for name, size in zip(_BUFFERS, sizes) if size}
        call("varlab_optimizer_export", self._handle, *(pointer(buffers.get(name)) for name in _BUFFERS))
        return {"step": step, **buffers}

    def load_state(self, state: dict[str, Any]) -> None:
        """Continues from a state of the same method and size, with the same bits as if it had not stopped.

        Raises:
            ParameterError: for a state of another method, size or dtype.
        """
        _, sizes = self._sizes()
        buffers: dict[str, np.ndarray] = {}
        for name, size in zip(_BUFFERS, sizes):
            if (name in state) != bool(size):
                raise ParameterError("state", f"with{'' if name in state else 'out'} {name}", f"is not one of {self.method}")
            if size:
                array = np.asarray(state[name], order="C")
                if array.dtype != self.dtype or array.size != size:
                    raise ParameterError("state", f"{name} of {array.size} {array.dtype}", f"must have {size} {self.dtype}")
                buffers[name] = array
        call("varlab_optimizer_import", self._handle, int(state["step"]), *(pointer(buffers.get(name)) for name in _BUFFERS))

    def _sizes(self) -> tuple[int, list[int]]:
        values = [ctypes.c_int64(0) for _ in range(4)]
        call("varlab_optimizer_sizes", self._handle, *(ctypes.addressof(value) for value in values))
        return values[0].value, [value.value for value in values[1:]]

    def __getstate__(self) -> None:
        raise TypeError("an optimizer lives in the native library: save state() and load it into a new one")
