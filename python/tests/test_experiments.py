"""The experiments that the command runs for the package."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
from conftest import interrupted

import varlab


def test_simulation_has_the_commands_bits(command, tmp_path):
    ours = varlab.simulate([0, 1], trajectories=100, iterations=30, seed=7, progress=False)
    done = subprocess.run(
        [command, "simulate", "--mu", "0,1", "--trajectories", "100", "--iterations", "30", "--seed", "7", "--output", tmp_path / "out", "--quiet",
         "--threads", "1"], capture_output=True, text=True)
    assert done.returncode in (0, 69), done.stderr
    theirs = np.genfromtxt(tmp_path / "out" / "variance.csv", delimiter=",", names=True)
    for name, values in ours["variance"].columns().items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)
    assert ours.folder is None and ours.record


def test_recorded_gradients(command):
    noise = np.random.default_rng(0).standard_normal((400, 6))
    report = varlab.gradients({"a": noise, "b.weight": 3 * noise[:, :2]}, progress=False)
    assert {len(values) for values in report["coordinates"].columns().values()} == {8}
    drawn = varlab.simulate(0, gradients=noise, trajectories=50, iterations=10, progress=False)
    assert drawn["variance"]["t"][-1] == 10


def test_replay(command, tmp_path):
    noise = np.random.default_rng(0).standard_normal((50, 4))
    run = varlab.replay(noise, ["radam", "adam"], lr=0.01, output=tmp_path / "kept", progress=False)
    assert (tmp_path / "kept" / "run.json").exists() and run.folder == tmp_path / "kept"
    optimizer, parameters = varlab.Optimizer("radam", 4, np.float64, lr=0.01), np.zeros(4)
    for gradient in noise:
        optimizer.step(parameters, gradient.copy())
    np.testing.assert_array_equal(run.arrays["trajectory-radam"][-1], parameters)
    with pytest.raises((varlab.CommandError, varlab.ParameterError)):
        varlab.replay(noise, output=tmp_path / "kept", progress=False)
    varlab.replay(noise, output=tmp_path / "kept", force=True, progress=False)


def test_what_the_command_refuses(command):
    with pytest.raises(varlab.ParameterError, match="beta2"):
        varlab.simulate(0, beta2=2, progress=False)
    with pytest.raises(varlab.ParameterError):
        varlab.simulate(0, nonsense=1, progress=False)
    with pytest.raises(varlab.CommandError) as caught:
        varlab.gradients("/nowhere.npy", progress=False)
    assert caught.value.status == 65


def test_progress_is_shown(command, capfd):
    pytest.importorskip("tqdm")
    varlab.simulate([0, 1], trajectories=20_000, iterations=2000, progress=True)
    assert "simulate" in capfd.readouterr().err


def test_control_c_ends_the_command(command):
    status, _, _ = interrupted("""
        import sys, varlab
        print("begun", flush=True)
        try:
            varlab.simulate(trajectories=10_000_000, iterations=6000, progress=False)
        except KeyboardInterrupt:
            print("ended", flush=True)
            sys.exit(0)
        sys.exit(1)
    """)
    assert status == 0
