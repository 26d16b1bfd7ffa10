"""Nothing that reaches the native library may end the process, hang it or go unsaid."""

from __future__ import annotations

import ctypes
import math
import os
import pickle
import random
import signal
import threading
import time

import numpy as np
import pytest
from conftest import interrupted

import varlab
from varlab import _native

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 0.9, 0.999, math.nextafter(1, 0), 5e-324, 1e-300, 1e-100, 1e-8, 2.0, 4.0, 1e6, 1e8, 1e100, 1e308,
         math.inf, -math.inf, math.nan]
STEPS = [-(2**63), -1, 0, 1, 2, 3, 5, 100, 1000]
FAR_STEPS = [10**6, 10**9, 2**53, 2**63 - 1]
TEXTS = ["", "normal", "student-t:3", "student-t:0.6", "student-t:-1", "student-t:", "mixture:0.5,3", "mixture:2,2", "laplace", "uniform", "logistic",
         "trace", "recorded", "nonsense", "adam", "adopt", "adafactor:0.5", "adafactor:x", "ρ", "normal:1", "x" * 5000]


def attempt(function, *arguments, **named):
    """Calls; anything but a result or an error of the package's own is a failure."""
    try:
        return function(*arguments, **named)
    except (varlab.ParameterError, varlab.ComputationError, RuntimeError):
        return None


def test_what_is_refused():
    for arguments, parameter in [
        ({"t": 0}, "steps"), ({"t": -5}, "steps"), ({"t": 1.5}, "t"), ({"t": True}, "t"), ({"t": "5"}, "t"), ({"t": math.nan}, "t"), ({"t": 1e30}, "t"),
        ({"t": 2**63 + 5}, "t"), ({"t": 5, "beta2": 1}, "beta2"), ({"t": 5, "beta2": math.nan}, "beta2"), ({"t": 5, "mu": math.inf}, "mu"),
        ({"t": 5, "epsilon": -1}, "epsilon"), ({"t": 5, "gradients": "nonsense"}, "gradients"), ({"t": 5, "gradients": []}, "gradients"),
        ({"t": 5, "gradients": [1.0, math.nan]}, "gradients"), ({"t": 5, "gradients": [1.0, 1.0]}, "gradients"), ({"t": 5, "autocorrelation": 1}, "autocorrelation"),
        ({"t": 5, "gradients": "laplace", "autocorrelation": 0.5}, "autocorrelation"), ({"t": 5, "weights": "x"}, "weights"),
        ({"t": 5, "weights": [0.0]}, "weights"), ({"t": 5, "scales": [1.0, 2.0]}, "steps"), ({"t": 1, "means": [1.0], "mu": 2}, "means"),
        ({"t": 5, "gradients": "trace:a.npy"}, "gradients"), ({"t": 5, "gradients": "a\0b"}, "gradients"),
    ]:
        with pytest.raises(varlab.ParameterError) as caught:
            varlab.exact_variance(**arguments)
        assert caught.value.parameter == parameter, arguments
        assert caught.value.rule
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.parameter, copy.rule, str(copy)) == (caught.value.parameter, caught.value.rule, str(caught.value))


def test_fuzz_of_values():
    """Random edges at every argument. The slow corners, laws of far steps, are asked for seldom."""
    choose = random.Random(5)
    end = time.monotonic() + 15
    for _ in range(4000):
        if time.monotonic() > end:
            break
        real = lambda: choose.choice(EDGES)
        t = choose.choice(STEPS if choose.random() < 0.9 else FAR_STEPS)
        plain = {"beta2": choose.choice(EDGES[:12]) if choose.random() < 0.9 else real(), "epsilon": real() if choose.random() < 0.4 else 0.0}
        law = {"gradients": choose.choice(TEXTS) if choose.random() < 0.5 else None, "autocorrelation": real() if choose.random() < 0.3 else 0.0}
        near = min(t, 1000)
        match choose.randrange(10):
            case 0: attempt(varlab.rho, t, plain["beta2"])
            case 1: attempt(varlab.closed_form_variance, [real(), real()])
            case 2: attempt(varlab.first_order_variance, [real(), real()])
            case 3: attempt(varlab.rectification, t, plain["beta2"], threshold=choose.choice([None, *EDGES]))
            case 4: attempt(varlab.exact_moments, t, real(), **plain)
            case 5: attempt(varlab.exact_moments, near, real(), **plain, **law, weights=choose.choice([None, *TEXTS]))
            case 6: attempt(varlab.psi_cdf, real(), near, real(), **plain)
            case 7: attempt(varlab.psi_quantile, real(), near, real(), **plain)
            case 8: attempt(varlab.update_moments, near, real(), beta1=choose.choice(EDGES[:12]), **plain)
            case 9: attempt(varlab.update_cdf, real(), near, real(), beta1=choose.choice(EDGES[:12]), **plain)


def test_fuzz_of_pointers():
    """Null pointers, counts out of range, handles of nothing: every function, every argument wrong in turn."""
    buffers = [np.ones(8) for _ in range(12)]
    steps = np.arange(1, 9)
    choose = random.Random(7)
    names = {"s": [b"radam", b"torch", b"float64", b"\xff", b"", None], "i": [0, 1, 4, 8, -1, 2**31 - 1], "d": EDGES}
    for name, letters in _native._SIGNATURES.items():
        for _ in range(300):
            arguments = []
            for index, letter in enumerate(letters):
                if letter == "n":
                    arguments.append(choose.choice([0, 1, 8, -1, -(2**63), 2**62] if choose.random() < 0.5 else [8]))
                elif letter == "p":
                    # A count that is too large is refused before a byte is read; else every buffer is long enough, or null.
                    arguments.append(choose.choice([None, buffers[index].ctypes.data, steps.ctypes.data]))
                else:
                    arguments.append(choose.choice(names[letter]))
            if name == "varlab_optimizer_create":
                settings = _native.SettingsStruct(*[choose.choice(EDGES) for _ in range(6)], choose.choice([-1, 0, 1]), choose.choice([0, 1]))
                handle = ctypes.c_int64(0)
                arguments[2] = choose.choice([None, ctypes.addressof(settings)])
                arguments[3] = choose.choice([0, 8, -1, 2**62])
                arguments[5] = choose.choice([None, ctypes.addressof(handle)])
            if letters.startswith("p") and name not in ("varlab_optimizer_create",):
                process = _native.ProcessStruct(autocorrelation=choose.choice(EDGES[:8]), sample_count=choose.choice([0, -1, 3]))
                arguments[0] = choose.choice([None, ctypes.addressof(process)])
            status = getattr(_native.library, name)(None, *arguments)
            assert 0 <= status <= 4, (name, arguments)
            if name == "varlab_optimizer_create" and handle.value:
                _native.library.varlab_optimizer_destroy(handle.value)
    for handle in (0, -1, 2**63 - 1):
        _native.library.varlab_optimizer_destroy(handle)


def test_messages_are_cut():
    for capacity in range(0, 12):
        buffer = ctypes.create_string_buffer(b"\x7f" * 64, 64)
        call = _native.CallStruct(1, capacity, None, ctypes.addressof(buffer))
        beta2 = np.array([2.0])
        status = _native.library.varlab_rho(ctypes.addressof(call), 1, beta2.ctypes.data, np.array([1]).ctypes.data, beta2.ctypes.data)
        assert status == 1
        assert buffer.raw[capacity:] == b"\x7f" * (64 - capacity)
        if capacity:
            assert b"beta2\t2\tmust be in [0, 1)".startswith(buffer.value) and len(buffer.value) < capacity


def test_threads_do_not_change_bits():
    psi = np.linspace(0.5, 2, 200)
    try:
        results = []
        for count in (1, 3):
            varlab.set_threads(count)
            results.append((varlab.psi_pdf(psi, 100), varlab.update_moments([5, 6, 7, 8]).second_moment))
    finally:
        varlab.set_threads(None)
    for one, other in zip(*results):
        np.testing.assert_array_equal(one, other)
    for wrong in (0, -1, 5000, 1.5):
        with pytest.raises(varlab.ParameterError):
            varlab.set_threads(wrong)


def test_calls_from_many_threads():
    expected = varlab.exact_variance(np.arange(3, 200))
    results = [None] * 4

    def work(place):
        results[place] = varlab.exact_variance(np.arange(3, 200))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        np.testing.assert_array_equal(result, expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_does_not_hang():
    varlab.set_threads(4)
    try:
        expected = varlab.psi_pdf(np.linspace(0.5, 2, 300), 50)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            same = varlab.get_threads() == 1 and (varlab.psi_pdf(np.linspace(0.5, 2, 300), 50) == expected).all()
            os.write(writing, b"1" if same else b"0")
            os._exit(0)
        os.close(writing)
        signal.alarm(60)
        answer = os.read(reading, 1)
        signal.alarm(0)
        os.waitpid(child, 0)
        assert answer == b"1"
    finally:
        varlab.set_threads(None)


def test_control_c_ends_a_long_call():
    # A million steps of an autocorrelated law: minutes.
    status, output, seconds = interrupted("""
        import sys, numpy, varlab
        print("begun", flush=True)
        try:
            varlab.update_moments(numpy.arange(1, 200_000), gradients="student-t:2.5", mu=0.1)
        except KeyboardInterrupt:
            print("ended", flush=True)
            assert varlab.rho(1) == 1
            sys.exit(0)
        sys.exit(1)
    """)
    assert status == 0 and output == "ended\n"
    assert seconds < 30
