"""Ranks on one host: both libraries, one to four ranks, kills."""

import random
import shutil
import subprocess

import hosts
from cluster_tests import LIBRARIES, LONG, SHORT, SOURCES, Skipped, each, expected, launcher, plugin, require, same, start, test, varlab


@each(library=LIBRARIES)
def contract(folder, library):
    """The plug-in by itself, in pieces of 100,000 bytes."""
    plugin(library)
    pieces, program = folder / "pieces.so", folder / "messages"
    hosts.run(f"mpicc.{library}", "-shared", "-fPIC", "-DVARLAB_PIECE=100000", SOURCES / "Sources/CMessages/mpi.c", "-o", pieces)
    hosts.run("cc", "-O1", SOURCES / "Tests/Cluster/messages.c", "-ldl", "-o", program)
    for ranks in [1, 2, 3]:
        out = hosts.run(*launcher(library, ranks), program, pieces, capture_output=True, text=True, timeout=60).stdout
        require(out.startswith(f"{ranks} ranks, "), out)
    result = subprocess.run([str(w) for w in [*launcher(library, 3), program, pieces, "fail", 7]], capture_output=True, timeout=60)
    require(result.returncode == 7, f"abort: status {result.returncode}")


@each(library=LIBRARIES)
def ranks_and_threads(folder, library):
    whole, so = expected(SHORT, "short"), plugin(library)
    for ranks in [1, 2, 3, 4]:
        for threads in [1, 2]:
            part = folder / f"{ranks}-{threads}.part"
            varlab(*SHORT, "--threads", threads, "--mpi", so, "--part", part, prefix=launcher(library, ranks))
            same(part, whole)
    # Also without a launcher, by the variable, and a share of the run.
    varlab(*SHORT, "--part", folder / "alone.part", environment={"VARLAB_MPI_PLUGIN": str(so)})
    same(folder / "alone.part", whole)
    for k in [1, 2]:
        varlab(*SHORT, "--mpi", so, "--shard", f"{k}/2", "--part", folder / f"{k}.part", prefix=launcher(library, 2))
    varlab("merge", folder / "1.part", folder / "2.part", "--part", folder / "both.part")
    same(folder / "both.part", whole)


@each(library=LIBRARIES)
def more_ranks_than_leaves(folder, library):
    few = [*SHORT[:-4], "--trajectories", "20000", "--batches", "10"]
    varlab(*few, "--mpi", plugin(library), "--part", folder / "ranks.part", prefix=launcher(library, 4))
    varlab(*few, "--part", folder / "one.part")
    same(folder / "ranks.part", folder / "one.part")


@each(library=LIBRARIES)
def figures(folder, library):
    """gnuplot is started when the library has been left."""
    if not shutil.which("gnuplot"):
        raise Skipped("gnuplot missing")
    varlab(*SHORT, "--output", folder / "one")
    varlab(*SHORT, "--mpi", plugin(library), "--output", folder / "ranks", prefix=launcher(library, 2))
    same(folder / "ranks", folder / "one")


@each(library=LIBRARIES)
def errors(folder, library):
    """The exit status is that of the rank that fails, and nothing is written."""
    so, two = plugin(library), launcher(library, 2)
    require("no such file" in varlab(*SHORT, "--mpi", folder / "none.so", "--part", folder / "x.part", status=69), "a missing plug-in")
    (folder / "there.part").write_text("mine")
    text = varlab(*SHORT, "--mpi", so, "--part", folder / "there.part", prefix=two, status=73)
    require("there.part" in text and (folder / "there.part").read_text() == "mine", text)
    text = varlab(*SHORT, "--mpi", so, "--beta2", "2", "--part", folder / "x.part", prefix=two, status=64)
    require("--beta2 2: must be" in text, text)
    require(not (folder / "x.part").exists(), "an output")


@test
def strangers_are_refused(folder):
    """Another library's launcher starts processes that know nothing of each other."""
    for mine, other in [("openmpi", "mpich"), ("mpich", "openmpi")]:
        text = varlab(*SHORT, "--mpi", plugin(mine), "--part", folder / "x.part", prefix=launcher(other, 2), status=69)
        require("knows of one process where" in text, text)
        require(not (folder / "x.part").exists(), "an output")


def saving(folder, library, so, part="out.part"):
    return [*LONG, "--threads", "1", "--mpi", so, "--checkpoint", folder / "saved", "--checkpoint-every", "0.1s", "--resume", "--part", folder / part]


@each(library=LIBRARIES)
def killed_and_resumed(folder, library):
    """All ranks are killed at random moments; each start has another number of ranks; nothing is lost or doubled."""
    so, whole, random_moment = plugin(library), expected(LONG, "long"), random.Random(7)
    starts = 0
    while not (folder / "out.part").exists():
        starts += 1
        require(starts < 60, "no end")
        host = hosts.Host(1)
        process = start(*saving(folder, library, so), folder=folder, prefix=host.command(*launcher(library, [2, 3, 1, 4][starts % 4])))
        try:
            process.wait(random_moment.uniform(0.3, 1.2) if starts < 6 else 60)
        except subprocess.TimeoutExpired:
            pass
        host.kill()
        process.wait(10)
    same(folder / "out.part", whole)
    require(starts > 2, "nothing was killed")
    # One process alone goes on with what ranks have saved, and the other way round.
    (folder / "out.part").unlink()
    varlab(*[a for a in saving(folder, library, so) if a not in ["--mpi", so]])
    same(folder / "out.part", whole)
    (folder / "out.part").unlink()
    varlab(*saving(folder, library, so), prefix=launcher(library, 2))
    same(folder / "out.part", whole)


@each(library=LIBRARIES)
def stopped_by_time(folder, library):
    """Ranks stop by themselves, rank 0 says how to go on, and the launcher has its status."""
    so, starts = plugin(library), 0
    while not (folder / "out.part").exists():
        starts += 1
        require(starts < 60, "no end")
        text = varlab(*saving(folder, library, so), "--max-time", f"{0.5 * starts}s", prefix=launcher(library, 2), status=None)
        require((folder / "out.part").exists() or "stopped by --max-time" in text, text)
    same(folder / "out.part", expected(LONG, "long"))


@test
def killed_at_each_call(folder):
    """At each step of a start that takes over a generation: the new base is written, gets its name, and the old files go."""
    if not shutil.which("strace"):
        raise Skipped("strace missing")
    library = next((name for name in reversed(LIBRARIES) if shutil.which(f"mpicc.{name}")), None)
    if not library:
        raise Skipped("no mpicc")
    so, saved, few = plugin(library), folder / "saved", [*SHORT[:-4], "--trajectories", "100000", "--batches", "10"]
    varlab(*few, "--part", folder / "one.part")
    more = [*few, "--mpi", so, "--checkpoint", saved, "--resume", "--force", "--part", folder / "out.part", "--threads", "1"]
    # Of the removals some are the library's.
    calls = [("fsync", k, -9) for k in (1, 2, 3)] + [("rename", k, -9) for k in (1, 2)] + [("unlink", k, None) for k in (1, 2, 3, 4, 5)]
    for call, number, status in calls:
        shutil.rmtree(saved, ignore_errors=True)
        varlab(*more, prefix=launcher(library, 2))
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
        (folder / "out.part").unlink()
        varlab(*more, prefix=trace, status=status)
        varlab(*more)
        same(folder / "out.part", folder / "one.part")
