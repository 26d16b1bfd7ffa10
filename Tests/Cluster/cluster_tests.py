"""What the tests of a cluster share: the runs that are compared, the plug-ins, and a runner that skips by name."""

import os
import shutil
import subprocess
import time
import traceback
from pathlib import Path

import hosts

SOURCES = Path(__file__).resolve().parents[2]
VARLAB = Path(os.environ.get("VARLAB", SOURCES / ".build/release/varlab")).resolve()
LIBRARIES = ["openmpi", "mpich"]
# Of Open MPI: runs as root, more ranks than cores, its files on the host's own disk, and a cut link noticed within ten seconds.
os.environ.update(
    OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_hwloc_base_binding_policy="none",
    OMPI_MCA_orte_tmpdir_base=str(hosts.PRIVATE), TMPDIR=str(hosts.PRIVATE), OMPI_MCA_oob_tcp_keepalive_time="3", OMPI_MCA_oob_tcp_keepalive_intvl="2", OMPI_MCA_oob_tcp_keepalive_probes="3")

# Eighteen leaves and a rest, a tenth of a second of work; and forty leaves, some seconds of work.
SHORT = ["simulate", "--quiet", "--mu", "0,1", "--iterations", "50", "--histogram-steps", "5,50", "--trajectories", "300000", "--batches", "50"]
LONG = ["simulate", "--quiet", "--mu", "0", "--iterations", "1000", "--histogram-steps", "5", "--trajectories", "660000", "--batches", "50"]


class Skipped(Exception):
    """What a test needs and is not here."""


class Failed(Exception):
    pass


tests = []


def test(body):
    """A test; it is given a folder of its own."""
    tests.append(body)
    return body


def each(**choices):
    """A test for each choice: each(library=LIBRARIES)."""
    def add(body):
        for name, values in choices.items():
            for value in values:
                def one(folder, value=value):
                    body(folder, **{name: value})
                one.__name__ = f"{body.__name__}_{value}"
                tests.append(one)
        return body
    return add


def require(condition, what):
    if not condition:
        raise Failed(what)


def varlab(*arguments, folder=None, prefix=(), seconds=120, status=0, environment={}):
    """Runs the program, by itself or behind a launcher; its error lines."""
    command = [str(word) for word in [*prefix, VARLAB, *arguments]]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL, env={**os.environ, **environment})
    if status is not None:
        require(result.returncode == status, f"status {result.returncode} of {' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stderr


def start(*arguments, folder=None, prefix=()):
    """The same in the background."""
    log = open(Path(folder) / "log", "ab")
    return subprocess.Popen([str(word) for word in [*prefix, VARLAB, *arguments]], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def same(one, other):
    """Two files or folders have the same bytes."""
    result = subprocess.run(["diff", "-r", one, other], capture_output=True, text=True)
    require(result.returncode == 0, f"{one} and {other} differ: {result.stdout[:300]}{result.stderr[:300]}")


def expected(arguments, name):
    """The part that one process makes; it is made once."""
    path = hosts.ROOT / f"expected-{name}.part"
    if not path.exists():
        varlab(*arguments, "--part", path)
    return path


def plugin(library):
    """A plug-in, compiled as its users do."""
    path = hosts.ROOT / f"{library}.so"
    if not path.exists():
        compiler = shutil.which(f"mpicc.{library}")
        if not compiler:
            raise Skipped(f"mpicc.{library} missing")
        hosts.run(compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Werror", SOURCES / "Sources/CMessages/mpi.c", "-o", path)
    return path


def launcher(library, ranks):
    """mpirun of that library."""
    mpirun = shutil.which(f"mpirun.{library}")
    if not mpirun:
        raise Skipped(f"mpirun.{library} missing")
    return [mpirun, "-n", ranks]


def main(names):
    """Runs the tests whose names begin so, or all; the exit status."""
    failures = skipped = 0
    begin = time.monotonic()
    for number, body in enumerate(tests):
        if names and not any(body.__name__.startswith(name) for name in names):
            continue
        folder = hosts.ROOT / f"test-{number}"
        folder.mkdir()
        start = time.monotonic()
        try:
            body(folder)
            print(f"ok       {body.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
        except Skipped as why:
            skipped += 1
            print(f"skipped  {body.__name__}: {why}", flush=True)
        except Exception as error:
            failures += 1
            text = str(error) if isinstance(error, Failed) else "".join(traceback.format_exception(error))
            print(f"FAILED   {body.__name__}: {text}", flush=True)
            for log in folder.glob("*log*"):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}")
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{failures} failed, {skipped} skipped, {time.monotonic() - begin:.0f} s")
    return 1 if failures else 0
