"""What is measured: each row is one thing that a user would do, by varlab and by a script that the user would write instead (peers/)."""
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARIES = ROOT / ".build" / "release"
PEERS = ROOT / "Benchmarks" / "peers"


@dataclass(frozen=True)
class Row:
    what: str
    #: The seconds of some runs, by varlab and by the peer.
    ours: Callable[[], list[float]]
    theirs: Callable[[], list[float]]
    peer: str
    #: Whether `make bench` measures it too, not only `make bench-all`.
    brief: bool = True


def library(case, repeat, *arguments):
    """Seconds inside varlab's own process."""
    command = [BINARIES / "varlab-benchmark", case, str(repeat), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["seconds"]


def peer(script, repeat, *options):
    """Seconds inside the peer's process: its imports and compilation do not count."""
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(os.cpu_count()), NUMBA_NUM_THREADS=str(os.cpu_count()))
    command = [sys.executable, PEERS / script, "--repeat", str(repeat), *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(output.stdout)["seconds"]


def command(repeat, *arguments):
    """Seconds of a whole command, its start, its files and its figures included."""
    seconds = []
    for _ in range(repeat):
        folder = Path(tempfile.mkdtemp())
        start = time.perf_counter()
        subprocess.run([BINARIES / "varlab", *arguments, "--quiet", "--output", folder / "run"], check=True)
        seconds.append(time.perf_counter() - start)
        shutil.rmtree(folder)
    return seconds


TRACES = {}


def trace(mebibytes, steps=4096, name="trace.npy"):
    """A recorded trace of so much float32, made when the first row wants it and deleted at the end."""
    key = mebibytes, steps, name
    if key not in TRACES:
        folder = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder)
        TRACES[key] = str(folder / name)
        subprocess.run([sys.executable, PEERS / "numpy_histogram.py", "--make", str(mebibytes), "--steps", str(steps), TRACES[key]], check=True)
    return TRACES[key]


def state(mebibytes):
    """An optimizer's state in float32, likewise."""
    key = "state", mebibytes
    if key not in TRACES:
        folder = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder)
        TRACES[key] = str(folder / "state.safetensors")
        subprocess.run([sys.executable, PEERS / "numpy_checkpoint.py", "--make", str(mebibytes), TRACES[key]], check=True)
    return TRACES[key]


def simulation():
    six, one = (lambda: library("simulate-6", 3)), (lambda: library("simulate-1", 3))
    whole = lambda: command(3, "simulate")  # noqa: E731
    mean_zero = ["--mu", "0"]
    return [
        Row("simulation, six μ", six, lambda: peer("numpy_simulate.py", 1), "NumPy, one draw for all μ"),
        Row("simulation, six μ", six, lambda: peer("numpy_simulate.py", 1, "--separate-draws"), "NumPy, a draw for each μ"),
        Row("simulation, six μ", six, lambda: peer("numba_simulate.py", 2), "Numba, parallel", brief=False),
        Row("simulation, one μ", one, lambda: peer("numpy_simulate.py", 1, *mean_zero), "NumPy"),
        Row("simulation, one μ", one, lambda: peer("numba_simulate.py", 2, *mean_zero), "Numba, parallel"),
        Row("whole `varlab simulate`, six μ", whole, lambda: peer("numpy_whole.py", 1), "NumPy simulation, exact law, CSV; one draw"),
        Row("whole `varlab simulate`, six μ", whole, lambda: peer("numpy_simulate.py", 1), "NumPy simulation alone; one draw", brief=False),
        Row("whole `varlab simulate`, six μ", whole, lambda: peer("numpy_simulate.py", 1, "--separate-draws"),
            "NumPy simulation alone; a draw for each μ"),
    ]


def exact_laws():
    return [
        Row("exact curve t = 1…6000, μ = 0", lambda: library("exact-curve", 5), lambda: peer("numpy_exact.py", 3, "--mu", "0"),
            "NumPy, same recurrence"),
        Row("exact curves t = 1…6000, six μ", lambda: library("exact-curves-6", 3),
            lambda: peer("numpy_exact.py", 2, "--mu", "0,0.001,0.01,0.1,1,10"), "NumPy, same recurrence"),
        Row("exact variance at five steps", lambda: library("exact-steps", 20), lambda: peer("scipy_exact.py", 3), "SciPy `quad`, step by step"),
        Row("exact curve of Laplace gradients, t = 1…6000", lambda: library("exact-laplace", 5),
            lambda: peer("numpy_process_exact.py", 2, "--law", "laplace"), "NumPy, SciPy's `erfcx`, same recurrence"),
        Row("exact curve of AR(1) gradients, r = 0.9, t = 1…6000", lambda: library("exact-ar1", 5),
            lambda: peer("numpy_process_exact.py", 2, "--law", "ar1:0.9"), "NumPy, pivots of the precision matrix"),
        Row("exact curve of a trace of 10⁶ values, t = 1…6000", lambda: library("exact-trace", 3),
            lambda: peer("numpy_process_exact.py", 1, "--law", "trace"), "NumPy, SciPy's cubic spline", brief=False),
        Row("update RMS, t = 1…6000", lambda: library("update-rms", 5), lambda: peer("numpy_update.py", 3, "--what", "rms"),
            "NumPy, same recurrence"),
        Row("three quantiles of the update's size, t = 100", lambda: library("update-quantiles", 5),
            lambda: peer("numpy_update.py", 1, "--what", "quantiles", "--iterations", "100"), "NumPy's eigenvalues, Imhof by SciPy"),
        Row("rho-table, 6000 steps, as CSV", lambda: library("rho-table", 5), lambda: peer("numpy_rho_table.py", 2), "NumPy, `gammaln`, `brentq`"),
    ]


def optimizers():
    ours = lambda: library("radam-step", 15)  # noqa: E731
    torch = lambda form: peer("torch_optimizer_step.py", 15, "--form", form, "--threads", str(os.cpu_count()))  # noqa: E731
    return [
        Row("RAdam step, 10⁷ parameters", ours, lambda: torch("radam-foreach"), "`torch.optim.RAdam(foreach=True)`"),
        Row("RAdam step, 10⁷ parameters", ours, lambda: torch("radam-default"), "`torch.optim.RAdam()`", brief=False),
        Row("RAdam step, 10⁷ parameters", ours, lambda: torch("adam-fused"), "`torch.optim.Adam(fused=True)`, which moves the same bytes"),
        Row("RAdam step, 10⁷ parameters", ours, lambda: peer("numpy_optimizer_step.py", 5), "NumPy, in place"),
    ]


def recorded_gradients():
    def histogram(size, *options):
        return lambda: library("trace-histogram", 2, trace(size)), lambda: peer("numpy_histogram.py", 1, trace(size), *options)

    def report(size, steps, script="numpy_report.py"):
        path = lambda: trace(size, steps)  # noqa: E731
        return lambda: command(1, "gradients", path()), lambda: peer(script, 1, path())

    text = lambda: trace(32, 65536, "trace.csv")  # noqa: E731
    return [
        Row("64 MiB float32: the whole `varlab gradients`", *report(64, 4096), "the same report in NumPy and SciPy, at its best"),
        Row("64 MiB float32: the whole `varlab gradients`", *report(64, 4096, "scipy_report.py"), "the same report as a first script in SciPy"),
        Row("256 MiB float32: the whole `varlab gradients`", *report(256, 4096, "scipy_report.py"), "the same report as a first script in SciPy", brief=False),
        Row("1 GiB float32, [4096, 65536]: the whole `varlab gradients`", *report(1024, 4096, "scipy_report.py"),
            "the same report as a first script in SciPy, which takes 20 GB", brief=False),
        Row("2^23 numbers as CSV, [65536, 128]: the whole `varlab gradients`", lambda: command(1, "gradients", text()),
            lambda: peer("numpy_report.py", 1, text()), 'pandas `read_csv(engine="pyarrow")`, the report at its best', brief=False),
        Row("256 MiB float32: the histogram of ln\\|g\\|", *histogram(256), "NumPy, mapped, in chunks, `bincount`"),
        Row("1 GiB float32: the histogram of ln\\|g\\|", *histogram(1024), "NumPy, mapped, in chunks, `bincount`", brief=False),
        Row("1 GiB float32: the histogram of ln\\|g\\|", *histogram(1024, "--naive"),
            "NumPy, mapped, `numpy.histogram` of all", brief=False),
        Row("1 GiB float32, [65536, 4096]: the whole `varlab gradients`", *report(1024, 65536), "the same report in NumPy and SciPy, at its best", brief=False),
        Row("1 GiB float32, [4096, 65536]: the whole `varlab gradients`", *report(1024, 4096), "the same report in NumPy and SciPy, at its best", brief=False),
    ]


def checkpoints():
    def row(name, mebibytes, brief):
        return Row(
            f"{name} `.safetensors`: the whole `varlab checkpoint`",
            lambda: command(1, "checkpoint", state(mebibytes), "--betas", "0.9,0.999", "--step", "100000"),
            lambda: peer("numpy_checkpoint.py", 1, state(mebibytes)), "NumPy, mapped, in chunks: updates, histogram, quantiles, shares", brief)

    return [row("256 MiB", 256, True), row("2 GiB", 2048, False)]


def training():
    fashion = "gradient of a ResNet-20, 8/16/32 channels, 128 images of 14×14, one thread"
    cifar = "gradient of a ResNet-20, 16/32/64 channels, 128 images of 32×32×3, one thread"
    cifar_options = ("--side", "32", "--inputs", "3", "--widths", "16,32,64")

    def residual(what, case, repeat, options, brief):
        return [
            Row(what, lambda: library(case, repeat), lambda: peer("torch_resnet_step.py", repeat, *options), "PyTorch, eager, one thread", brief),
            Row(what, lambda: library(case, repeat), lambda: peer("torch_resnet_step.py", repeat, *options, "--channels-last"),
                "PyTorch, eager, one thread, channels last", brief=False),
        ]

    return residual(fashion, "residual-step", 20, (), True) + residual(cifar, "residual-step-cifar", 3, cifar_options, False) + [
        Row("gradient of a Transformer, 580,608 parameters, 253 symbols, one thread", lambda: library("training-step", 50),
            lambda: peer("torch_train_step.py", 50), "PyTorch, eager, one thread"),
    ]


ROWS = simulation() + exact_laws() + optimizers() + recorded_gradients() + checkpoints() + training()
