"""Prints the table of the Python package in NOTES.md: sizes, loading, the overhead of calls, steps of RAdam. Uses the wheels of `make wheel` and
Scripts/check_wheel.sh, and runs in an environment with the latter (.build/wheel-check-venv).

    .build/wheel-check-venv/bin/python Benchmarks/python_package.py
"""
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np

import varlab

ROOT = Path(__file__).resolve().parent.parent


def least(function, repeat=50):
    """Of many calls: what disturbs them only adds."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def text(seconds):
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-4 else f"{seconds * 1e3:.2g} ms"


def in_fresh_processes(script):
    """The least of the seconds that a script prints."""
    return min(float(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout) for _ in range(20))


def loading():
    """The library alone, by the loader."""
    path = next(Path(varlab.__file__).parent.rglob("libvarlabc.*"))
    return in_fresh_processes(f"import ctypes, time; s = time.perf_counter(); ctypes.CDLL({str(path)!r}); print(time.perf_counter() - s)")


def imported():
    """`import varlab` and a call, beside `import numpy`."""
    return in_fresh_processes("import numpy, time; s = time.perf_counter(); import varlab; varlab.rho(3); print(time.perf_counter() - s)")


def members(wheel, name):
    with zipfile.ZipFile(wheel) as archive:
        return next(((entry.file_size, entry.compress_size) for entry in archive.infolist() if entry.filename.endswith(name)), None)


def step(size, threads):
    varlab.set_threads(threads)
    optimizer = varlab.Optimizer("radam", size, dtype=np.float32)
    parameters, gradients = np.zeros(size, np.float32), np.full(size, 1e-3, np.float32)
    for _ in range(10):
        optimizer.step(parameters, gradients)
    return least(lambda: optimizer.step(parameters, gradients), 200 if size < 100 else 15)


def main():
    small = next((ROOT / ".build/wheel").glob("varlab-*.whl"))
    rows = []
    library = next(size for name in (".so", ".dylib") if (size := members(small, "libvarlabc" + name)))
    rows.append(("library, stripped / compressed", f"{library[0] / 1e6:.1f} MB / {library[1] / 1e6:.1f} MB"))
    for whole in (ROOT / "dist").glob("varlab-*.whl"):
        command = members(whole, "scripts/varlab")
        rows.append(("command, stripped / compressed", f"{command[0] / 1e6:.0f} MB / {command[1] / 1e6:.0f} MB"))
        rows.append(("wheel with both", f"{whole.stat().st_size / 1e6:.1f} MB"))
    rows.append(("loading the library", text(loading())))
    rows.append(("`import varlab` and the first call, beside NumPy's import", text(imported())))
    rows.append(("a call of `rho`, of `Optimizer.step` on four parameters", f"{text(least(lambda: varlab.rho(1000), 2000))}, {text(step(4, 1))}"))
    rows.append(("a call of `exact_variance` at one step, which Ctrl-C can end", text(least(lambda: varlab.exact_variance(10), 200))))
    steps = np.arange(1, 6001)
    rows.append(("`exact_variance(range(1, 6001))`", text(least(lambda: varlab.exact_variance(steps)))))
    rows.append(("RAdam step on 10⁷ float32, one thread, two", f"{text(step(10**7, 1))}, {text(step(10**7, 2))}"))
    print("| | |\n| --- | --- |")
    for what, value in rows:
        print(f"| {what} | {value} |")


if __name__ == "__main__":
    main()
