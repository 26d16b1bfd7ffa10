"""For JAX: schedules and a recorder of gradients in optax's form.

Importing this module needs jax and optax; the rest of the package does not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ._errors import ParameterError
from .schedules import Implementation, Precision, schedule

__all__ = ["RecorderState", "record_gradients", "recorded", "rectify_schedule"]


def rectify_schedule(
    learning_rate: float | optax.Schedule, method: str = "radam", *, like: Implementation = "optax", beta2: float = 0.999,
    horizon: int = 100_000, precision: Precision = "float64",
) -> optax.Schedule:
    """A schedule for ``optax.adam``: the step size times RAdam's factor on the adaptive step, or another method's.

    optax counts from 0, so that count 0 has the factor of t = 1. Beyond ``horizon`` that of its last step holds. Computed in double precision
    beforehand: optax's own RAdam in float32 begins to rectify at step 1 or 2 for β2 ≥ 0.9999.

    Args:
        learning_rate: α, or a schedule of it.
        method, like, beta2, precision: as in :func:`varlab.schedule`.
        horizon: the last step with a factor of its own.
    """
    factors = jnp.asarray(schedule(np.arange(1, horizon + 1), method, like=like, beta2=beta2, precision=precision).adaptive_multiplier)

    def rate(count: Any) -> Any:
        base = learning_rate(count) if callable(learning_rate) else learning_rate
        return base * factors[jnp.minimum(count, horizon - 1)]

    return rate


class RecorderState(NamedTuple):
    """The recorded coordinates of every leaf, on the device, and how many steps there are."""

    count: jax.Array
    values: Any


def record_gradients(steps: int, coordinates: int = 256, seed: int = 0) -> optax.GradientTransformation:
    """Passes gradients on unchanged and keeps some coordinates of each leaf for the first steps; to stand first in ``optax.chain``.

    Runs within ``jax.jit``. Further steps are not recorded.

    Args:
        steps: how many are recorded.
        coordinates: how many of each leaf, chosen once by chance; all where it has no more.
        seed: of the choice.
    """
    for name, value in (("steps", steps), ("coordinates", coordinates)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ParameterError(name, repr(value), "must be a whole number, at least 1")

    def chosen(place: int, size: int) -> np.ndarray:
        if size <= coordinates:
            return np.arange(size)
        generator = np.random.Generator(np.random.PCG64([seed, place]))
        return np.sort(generator.choice(size, coordinates, replace=False))

    def init(params: Any) -> RecorderState:
        values = jax.tree.map(lambda leaf: jnp.full((steps, min(coordinates, leaf.size)), jnp.nan, jnp.float32), params)
        return RecorderState(jnp.zeros((), jnp.int32), values)

    def update(updates: Any, state: RecorderState, params: Any = None) -> tuple[Any, RecorderState]:
        leaves, structure = jax.tree.flatten(updates)
        kept = jax.tree.leaves(state.values)
        values = [
            # What is out of range is dropped.
            old.at[state.count].set(leaf.reshape(-1)[chosen(place, leaf.size)].astype(jnp.float32), mode="drop")
            for place, (leaf, old) in enumerate(zip(leaves, kept))]
        return updates, RecorderState(state.count + 1, jax.tree.unflatten(structure, values))

    return optax.GradientTransformation(init, update)


def recorded(state: Any) -> dict[str, np.ndarray]:
    """Of an optimizer's state with a recorder in it, by the leaf's path float32 of shape [steps, coordinates]; ``numpy.savez`` takes it.

    Raises:
        ParameterError: where there is no recorder in it.
    """
    recorders = [part for part in jax.tree.leaves(state, is_leaf=lambda part: isinstance(part, RecorderState)) if isinstance(part, RecorderState)]
    if not recorders:
        raise ParameterError("state", type(state).__name__, "has no recorder in it")
    count = int(recorders[0].count)
    return {
        jax.tree_util.keystr(path, simple=True, separator="/"): np.asarray(leaf)[:count]
        for path, leaf in jax.tree_util.tree_leaves_with_path(recorders[0].values)}
