"""Times varlab against its peers, in turn within one run, and writes Benchmarks/RESULTS.md.

Each row is one thing that a user would do, by varlab and by a script that the user would write instead
(Benchmarks/peers). The rounds alternate between the two, so that a slow minute of the machine hits both; a row's ratio is
the median of the rounds' ratios. Inside a round each side runs a few times after a warm-up and its median counts.

    Benchmarks/run.py [--rounds N] [--only TEXT] [--output FILE]

--only measures the rows whose name has the text in it, prints them, and leaves RESULTS.md alone.
"""
import argparse
import atexit
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARIES = ROOT / ".build" / "release"
PEERS = ROOT / "Benchmarks" / "peers"


def varlab(case, repeat):
    output = subprocess.run([BINARIES / "varlab-benchmark", case, str(repeat)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)["seconds"]


def peer(script, repeat, *options):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(os.cpu_count()), NUMBA_NUM_THREADS=str(os.cpu_count()))
    command = [sys.executable, PEERS / script, "--repeat", str(repeat), *options]
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(output.stdout)["seconds"]


def whole_command(repeat):
    seconds = []
    for run in range(repeat + 1):
        folder = Path(tempfile.mkdtemp())
        start = time.perf_counter()
        subprocess.run([BINARIES / "varlab", "simulate", "--quiet", "--output", folder / "run"], check=True)
        seconds.append(time.perf_counter() - start)
        shutil.rmtree(folder)
    return seconds[1:]


def torch_step(form):
    return peer("torch_optimizer_step.py", 15, "--form", form, "--threads", str(os.cpu_count()))
TRACE = None


def trace():
    """A recorded trace of 1 GiB, made when the first row wants it and deleted at the end."""
    global TRACE
    if TRACE is None:
        folder = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder)
        TRACE = folder / "trace.npy"
        subprocess.run([sys.executable, PEERS / "numpy_histogram.py", "--make", "1024", TRACE], check=True)
    return TRACE


def trace_histogram(repeat):
    command = [BINARIES / "varlab-benchmark", "trace-histogram", str(repeat), trace()]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["seconds"]


def trace_command(repeat):
    seconds = []
    for _ in range(repeat):
        folder = Path(tempfile.mkdtemp())
        command = [BINARIES / "varlab", "gradients", "--quiet", trace(), "--output", folder / "report"]
        start = time.perf_counter()
        subprocess.run(command, check=True)
        seconds.append(time.perf_counter() - start)
        shutil.rmtree(folder)
    return seconds


# What, by varlab, by the peer, the peer's name, runs of the peer in a round.
ONE_MEAN = ["--mu", "0"]
FASHION = "gradient of a ResNet-20, 8/16/32 channels, 128 images of 14×14, one thread"
CIFAR = "gradient of a ResNet-20, 16/32/64 channels, 128 images of 32×32×3, one thread"
CIFAR_OPTIONS = ("--side", "32", "--inputs", "3", "--widths", "16,32,64")
ROWS = [
    ("simulation, six μ", lambda: varlab("simulate-6", 3), lambda: peer("numpy_simulate.py", 1),
     "NumPy, one draw for all μ"),
    ("simulation, six μ", lambda: varlab("simulate-6", 3), lambda: peer("numpy_simulate.py", 1, "--separate-draws"),
     "NumPy, a draw for each μ"),
    ("simulation, six μ", lambda: varlab("simulate-6", 3), lambda: peer("numba_simulate.py", 2), "Numba, parallel"),
    ("simulation, one μ", lambda: varlab("simulate-1", 3), lambda: peer("numpy_simulate.py", 1, *ONE_MEAN), "NumPy"),
    ("simulation, one μ", lambda: varlab("simulate-1", 3), lambda: peer("numba_simulate.py", 2, *ONE_MEAN),
     "Numba, parallel"),
    ("whole command, six μ, files included", lambda: whole_command(2), lambda: peer("numpy_whole.py", 1),
     "NumPy simulation, exact law, CSV; one draw"),
    ("whole command, six μ, files included", lambda: whole_command(2), lambda: peer("numpy_simulate.py", 1),
     "NumPy simulation alone; one draw"),
    ("whole command, six μ, files included", lambda: whole_command(2),
     lambda: peer("numpy_simulate.py", 1, "--separate-draws"), "NumPy simulation alone; a draw for each μ"),
    ("exact curve t = 1…6000, μ = 0", lambda: varlab("exact-curve", 5), lambda: peer("numpy_exact.py", 3, *ONE_MEAN),
     "NumPy, same recurrence"),
    ("exact curves t = 1…6000, six μ", lambda: varlab("exact-curves-6", 3), lambda: peer("numpy_exact.py", 2, "--mu", "0,0.001,0.01,0.1,1,10"),
     "NumPy, same recurrence"),
    ("exact variance at five steps", lambda: varlab("exact-steps", 20), lambda: peer("scipy_exact.py", 3),
     "SciPy `quad`, step by step"),
    ("rho-table, 6000 steps, as CSV", lambda: varlab("rho-table", 5), lambda: peer("numpy_rho_table.py", 2),
     "NumPy, `gammaln`, `brentq`"),
    ("RAdam step, 10⁷ parameters", lambda: varlab("radam-step", 15), lambda: torch_step("radam-foreach"),
     "`torch.optim.RAdam(foreach=True)`"),
    ("RAdam step, 10⁷ parameters", lambda: varlab("radam-step", 15), lambda: torch_step("radam-default"),
     "`torch.optim.RAdam()`"),
    ("RAdam step, 10⁷ parameters", lambda: varlab("radam-step", 15), lambda: torch_step("adam-fused"),
     "`torch.optim.Adam(fused=True)`, which moves the same bytes"),
    ("RAdam step, 10⁷ parameters", lambda: varlab("radam-step", 15), lambda: peer("numpy_optimizer_step.py", 5),
     "NumPy, in place"),
    ("1 GiB `.npy`: reading and the histogram of ln\\|g\\|", lambda: trace_histogram(2),
     lambda: peer("numpy_histogram.py", 1, trace()), "NumPy, mapped, in chunks, `bincount`"),
    ("1 GiB `.npy`: reading and the histogram of ln\\|g\\|", lambda: trace_histogram(2),
     lambda: peer("numpy_histogram.py", 1, trace(), "--naive"), "NumPy, mapped, `numpy.histogram` of all"),
    ("1 GiB `.npy`: the whole `varlab gradients`", lambda: trace_command(1),
     lambda: peer("numpy_histogram.py", 1, trace()), "that NumPy histogram alone"),
    ("gradient of a Transformer, 580,608 parameters, 253 symbols, one thread", lambda: varlab("training-step", 100),
     lambda: peer("torch_train_step.py", 100), "PyTorch, eager, one thread"),
    (FASHION, lambda: varlab("residual-step", 30), lambda: peer("torch_resnet_step.py", 30), "PyTorch, eager, one thread"),
    (FASHION, lambda: varlab("residual-step", 30), lambda: peer("torch_resnet_step.py", 30, "--channels-last"),
     "PyTorch, eager, one thread, channels last"),
    (CIFAR, lambda: varlab("residual-step-cifar", 3), lambda: peer("torch_resnet_step.py", 3, *CIFAR_OPTIONS),
     "PyTorch, eager, one thread"),
    (CIFAR, lambda: varlab("residual-step-cifar", 3), lambda: peer("torch_resnet_step.py", 3, *CIFAR_OPTIONS, "--channels-last"),
     "PyTorch, eager, one thread, channels last"),
]


def digits(seconds):
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
        flags = next(line.split(":", 1)[1].split() for line in lines if line.startswith("flags"))
        widest = next((flag for flag in ("avx512f", "avx2", "avx") if flag in flags), "sse2")
        return f"{name}, {widest}"
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def memory_bandwidth(measured):
    """The RAdam step's share of what the machine's memory can do."""
    steps = [statistics.median(ours) for (ours, _), row in zip(measured, ROWS) if row[0].startswith("RAdam step")]
    reached = 280e6 / statistics.median(steps)
    best = 280e6 / min(min(varlab("memory-stream", 15)) for _ in range(3))
    return (f"The RAdam step reads four buffers of 40 MB and writes three: {reached / 1e9:.1f} GB/s, {100 * reached / best:.0f}% of the "
            f"{best / 1e9:.1f} GB/s of a loop that moves the same bytes and only adds.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=ROOT / "Benchmarks" / "RESULTS.md")
    parser.add_argument("--only", help="only the rows with this in their name; nothing is written")
    options = parser.parse_args()

    rows = [row for row in ROWS if options.only is None or options.only in row[0]]
    measured = [([], []) for _ in rows]
    for round_number in range(options.rounds):
        for (ours, theirs), (what, run_ours, run_theirs, name) in zip(measured, rows):
            ours.append(statistics.median(run_ours()))
            theirs.append(statistics.median(run_theirs()))
            print(f"round {round_number + 1}: {what} | {name}: {digits(ours[-1])} against {digits(theirs[-1])}, "
                  f"ratio {theirs[-1] / ours[-1]:.1f}", flush=True)

    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench`: {options.rounds} rounds, varlab and peer in turn, medians. "
        f"{os.cpu_count()} cores ({processor()}), {platform.system()}, Python {platform.python_version()}. "
        "Unless said otherwise 5000 trajectories × 6000 iterations, β2 = 0.999; a peer's imports and compilation do not "
        "count, the whole command's start does. Ratios with their smallest and largest round.",
        "",
        "| what | varlab | peer | its time | ratio |",
        "| --- | ---: | --- | ---: | ---: |",
    ]
    for (ours, theirs), (what, _, _, name) in zip(measured, rows):
        ratios = [b / a for a, b in zip(ours, theirs)]
        lines.append(
            f"| {what} | {digits(statistics.median(ours))} | {name} | {digits(statistics.median(theirs))} "
            f"| **{statistics.median(ratios):.1f}** ({min(ratios):.1f} to {max(ratios):.1f}) |")
    if options.only is not None:
        print("\n".join(lines[4:]))
        return
    lines += ["", memory_bandwidth(measured)]
    scaling = []
    for trajectories in (5_000, 50_000, 500_000):
        folder = Path(tempfile.mkdtemp())
        start = time.perf_counter()
        command = [BINARIES / "varlab", "simulate", "--quiet", "--trajectories", str(trajectories), "--output", folder / "run"]
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        peak = usage.ru_maxrss / (1024 if platform.system() == "Linux" else 1024 ** 2)
        scaling.append((trajectories, time.perf_counter() - start, peak))
        shutil.rmtree(folder)
    lines += ["", "The whole command over the number of trajectories:", "", "| trajectories | time | peak memory |",
              "| ---: | ---: | ---: |"]
    lines += [f"| {count:,} | {digits(seconds)} | {peak:.0f} MiB |" for count, seconds, peak in scaling]
    notes = ROOT / "Benchmarks" / "NOTES.md"
    if notes.exists():
        lines += ["", notes.read_text().rstrip()]
    options.output.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
