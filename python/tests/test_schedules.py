"""Schedules and optimizers against the command and against each other."""

from __future__ import annotations

import math
import subprocess

import numpy as np
import pytest
from conftest import numbers

import varlab
from varlab import schedules


@pytest.mark.parametrize("optimizer", ["radam", "radam-exact", "adam", "adam-warmup:20", "adam-2k:5", "adam-untuned-linear", "rmsprop"])
@pytest.mark.parametrize("like", varlab.IMPLEMENTATIONS)
def test_schedule_is_the_commands(table, optimizer, like):
    columns = table("schedule", "--optimizer", optimizer, "--like", like, "--beta2", "0.99", "--steps", "1-30,1000")
    ours = varlab.schedule([*range(1, 31), 1000], optimizer, like=like, beta2=0.99)
    np.testing.assert_array_equal(ours.multiplier, numbers(columns["multiplier"]))
    np.testing.assert_array_equal(ours.adaptive_multiplier, numbers(columns["adaptive_multiplier"]))
    row = table("schedule", "--summary", "--optimizer", optimizer, "--like", like, "--beta2", "0.99")
    summary = schedules.summary(optimizer, like=like, beta2=0.99)
    assert [summary["first_rectified_step"] or math.nan] == pytest.approx(numbers(row["first_rectified_step"]), nan_ok=True, rel=0)
    assert [summary["warmup_length_equivalent"] or math.nan] == pytest.approx(numbers(row["warmup_length_equivalent"]), nan_ok=True, rel=0)


def test_repeated_steps_come_once():
    schedule = varlab.schedule([5, 3, 5, 3, 3], "radam-exact", like="paper")
    np.testing.assert_array_equal(schedule.t, [3, 5])
    np.testing.assert_allclose(schedule.adaptive_multiplier[1], varlab.rectification(5, formula="exact"), rtol=1e-13)
    for wrong in ({"optimizer": "nonsense"}, {"like": "mine"}, {"precision": "float16"}, {"beta2": 1.0}, {"optimizer": "sgd"}, {"t": [0]}, {"t": [2**60]}):
        with pytest.raises(varlab.ParameterError):
            varlab.schedule(**{"t": [5], **wrong})


@pytest.mark.parametrize("method", varlab.METHODS)
def test_optimizer_takes_the_steps_of_a_replay(command, tmp_path, method):
    generator = np.random.default_rng(1)
    gradients = generator.standard_normal((40, 6)) * [1e-3, 1, 1, 1, 100, 1]
    np.save(tmp_path / "trace.npy", gradients)
    done = subprocess.run(
        [command, "replay", "--gradients", tmp_path / "trace.npy", "--optimizer", method, "--like", "torch", "--lr", "0.01", "--output",
         tmp_path / "out", "--quiet"], capture_output=True, text=True)
    # 69: all but the pictures, where there is no gnuplot.
    assert done.returncode in (0, 69), done.stderr
    path = np.load(next((tmp_path / "out").glob("trajectory-*.npy")))
    optimizer = varlab.Optimizer(method, 6, np.float64, like="torch", lr=0.01)
    parameters = np.zeros(6)
    for step, gradient in enumerate(gradients):
        optimizer.step(parameters, gradient.copy())
        np.testing.assert_array_equal(parameters, path[step], err_msg=f"step {step + 1}")


@pytest.mark.parametrize("method", varlab.METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_resumed_optimizer_has_the_same_bits(method, dtype):
    generator = np.random.default_rng(2)
    gradients = generator.standard_normal((30, 50)).astype(dtype)
    whole, first = (varlab.Optimizer(method, 50, dtype) for _ in range(2))
    a, b = np.ones(50, dtype), np.ones(50, dtype)
    for gradient in gradients[:13]:
        whole.step(a, gradient)
        first.step(b, gradient)
    rest = varlab.Optimizer(method, 50, dtype)
    rest.load_state(first.state())
    for step, gradient in enumerate(gradients[13:]):
        for optimizer in (whole, rest):
            optimizer.set_learning_rate(0.001 * (1 + step))
        assert whole.step(a, gradient) == rest.step(b, gradient)
    np.testing.assert_array_equal(a, b)


def test_what_an_optimizer_refuses():
    optimizer = varlab.Optimizer("adam", 4)
    good = np.zeros(4, np.float32)
    for parameters, gradients in [
        (np.zeros(4), good), (np.zeros(5, np.float32), good), (good, np.zeros(8, np.float32)[::2]), (good, [0.0] * 4), (np.zeros(3, np.float32), good),
    ]:
        with pytest.raises(varlab.ParameterError):
            optimizer.step(parameters, gradients)
    frozen = np.zeros(4, np.float32)
    frozen.flags.writeable = False
    with pytest.raises(varlab.ParameterError):
        optimizer.step(frozen, good)
    state = optimizer.state()
    for wrong in ({}, {"gradient_average": good}, {"momentum": np.zeros(4)}, {"step": -1}, {"step": 2**62}):
        changed = {**state, **wrong} if wrong else {"step": 1}
        with pytest.raises(varlab.ParameterError):
            optimizer.load_state(changed)
    assert optimizer.step(good, good).index == 1
    for wrong in ({"lr": math.nan}, {"betas": (1.0, 0.5)}, {"eps": -1.0}, {"weight_decay": math.nan}, {"weight_decay": -1.0}):
        with pytest.raises(varlab.ParameterError):
            varlab.Optimizer("adam", 4, **wrong)
    for size in (-1, 1.5, True, 2**40):
        with pytest.raises((varlab.ParameterError, RuntimeError)):
            varlab.Optimizer("adam", size)
    with pytest.raises(TypeError):
        import pickle

        pickle.dumps(optimizer)
