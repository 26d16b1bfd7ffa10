"""Against optax: the schedule under optax.adam is optax.radam, and the recorder keeps what passes."""

from __future__ import annotations

import numpy as np
import pytest

optax = pytest.importorskip("optax")
jax = pytest.importorskip("jax")

import jax.numpy as jnp

import varlab
from varlab.optax import record_gradients, recorded, rectify_schedule


def test_schedule_makes_an_adam_of_radam():
    gradients = np.random.default_rng(0).standard_normal((30, 5)).astype(np.float32)
    adam, radam = optax.adam(rectify_schedule(0.1), eps=0.0), optax.radam(0.1, eps=0.0)
    parameters = jnp.zeros(5)
    states = adam.init(parameters), radam.init(parameters)
    for step, gradient in enumerate(gradients, start=1):
        ours, first = adam.update(gradient, states[0], parameters)
        theirs, second = radam.update(gradient, states[1], parameters)
        states = first, second
        if step <= 5:
            assert not ours.any()
        else:
            # optax's r_t in float32 has lost digits of ρ_t by cancellation: at t = 6 one part in 50.
            np.testing.assert_allclose(ours, theirs, rtol=0.05 if step < 12 else 0.02)


def test_schedule_follows_another(table):
    rate = rectify_schedule(optax.constant_schedule(2.0), horizon=50)
    factors = varlab.schedule(range(1, 51), like="optax").adaptive_multiplier
    np.testing.assert_allclose([float(rate(count)) for count in (0, 5, 49, 1000)], 2 * factors[[0, 5, 49, 49]], rtol=1e-6)


def test_recorder():
    parameters = {"a": jnp.zeros((3, 4)), "b": jnp.zeros(2)}
    chain = optax.chain(record_gradients(4, coordinates=5, seed=1), optax.sgd(1.0))
    state = chain.init(parameters)
    update = jax.jit(chain.update)
    gradients = [{"a": jnp.arange(12.0).reshape(3, 4) + 100 * step, "b": jnp.ones(2) * step} for step in range(6)]
    for count, gradient in enumerate(gradients):
        updates, state = update(gradient, state)
        np.testing.assert_array_equal(updates["b"], -gradient["b"])
        arrays = recorded(state)
        assert arrays["a"].shape == (min(count + 1, 4), 5)
    places = arrays["a"][0].astype(int)
    for step in range(4):
        np.testing.assert_array_equal(arrays["a"][step], places + 100 * step)
        np.testing.assert_array_equal(arrays["b"][step], [step, step])
    with pytest.raises(varlab.ParameterError):
        record_gradients(0)
    with pytest.raises(varlab.ParameterError):
        recorded({})
