"""Times varlab against its peers, in turn within one run, and writes Benchmarks/RESULTS.md.

The rounds alternate between the two sides, so that a slow minute of the machine hits both; a row's ratio is the median of the
rounds' ratios. Inside a round each side runs a few times after a warm-up and its median counts. Without --all only the rows of
the brief tier are measured, within three minutes; the others keep what was last measured on this processor.

    Benchmarks/run.py [--all] [--rounds N] [--only TEXT] [--print]

--only measures the rows whose name has the text in it, of either tier; --print leaves the files alone.
"""
import argparse
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import processor
import results
from rows import BINARIES, ROOT, ROWS, library, trace


def bandwidth(measured):
    """Seconds of the RAdam step, and of a loop that moves the same bytes."""
    steps = [ours for (what, _), pairs in measured.items() if what.startswith("RAdam step") for ours, _ in pairs]
    return [statistics.median(steps), min(min(library("memory-stream", 15)) for _ in range(3))]


def with_memory(*arguments):
    """Seconds and peak memory in MiB of one whole command."""
    folder = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    process = subprocess.Popen([BINARIES / "varlab", *arguments, "--quiet", "--output", folder / "run"])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    assert status == 0
    shutil.rmtree(folder)
    return seconds, usage.ru_maxrss / (1024 if platform.system() == "Linux" else 1024**2)


def memory():
    counts = (5_000, 50_000, 500_000)
    traces = {f"1 GiB, [{steps}, {2**28 // steps}]": trace(1024, steps) for steps in (4096, 65536)}
    return {
        "The whole `varlab simulate` over the number of trajectories":
            [(f"{count:,} trajectories", *with_memory("simulate", "--trajectories", str(count))) for count in counts],
        "The whole `varlab gradients`": [(what, *with_memory("gradients", file)) for what, file in traces.items()],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the rows that take long too")
    parser.add_argument("--rounds", type=int, default=None, help="default: 2, with --all 3")
    parser.add_argument("--only", help="only the rows with this in their name")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()

    rows = [row for row in ROWS if (options.only in row.what if options.only else options.all or row.brief)]
    measured = {(row.what, row.peer): [] for row in rows}
    for round_number in range(options.rounds or (3 if options.all else 2)):
        for row in rows:
            ours, theirs = statistics.median(row.ours()), statistics.median(row.theirs())
            measured[row.what, row.peer].append((ours, theirs))
            print(f"round {round_number + 1}: {row.what} | {row.peer}: {results.digits(ours)} against {results.digits(theirs)}, "
                  f"ratio {theirs / ours:.1f}", flush=True)
    if options.print:
        print("\n".join(results.HEAD + [results.line(*name, pairs) for name, pairs in measured.items()]))
        return
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    extra = {"python": platform.python_version()}
    if any(what.startswith("RAdam step") for what, _ in measured):
        extra["bandwidth"] = bandwidth(measured)
    if options.all and not options.only:
        extra["memory"] = memory()
    results.keep(processor.description(), commit or "unknown", measured, extra)
    results.write([(row.what, row.peer) for row in ROWS])


if __name__ == "__main__":
    main()
