"""A Slurm of two nodes: the scripts of examples/slurm as they are, but for the two numbers."""

import os
import re
import shutil
import subprocess

import hosts
import private_slurm
from cluster_tests import LIBRARIES, LONG, SHORT, SOURCES, VARLAB, Skipped, each, expected, launcher, plugin, require, same, test, varlab

_slurm = None


def slurm():
    """The one of all tests."""
    global _slurm
    why = private_slurm.why_not()
    if why:
        raise Skipped(why)
    if not _slurm:
        _slurm = private_slurm.PrivateSlurm(cpus=2)
    for name in list(_slurm.lost):
        _slurm.replace(name)
    hosts.until(lambda: set(_slurm.states().values()) == {"idle"}, 40, "all nodes are idle")
    return _slurm


def adapted(name, folder, **settings):
    """A script of the examples with other settings, and small jobs."""
    text = (SOURCES / "examples/slurm" / name).read_text()
    for key, value in settings.items():
        text, count = re.subn(rf"^{key}=(\(.*?\)|\S+)", f"{key}={value}", text, flags=re.M)
        require(count == 1, f"{name} has no {key}")
    text = re.sub(r"--cpus-per-task=\d+", "--cpus-per-task=1", text)
    text = re.sub(r"^#SBATCH --mem.*\n", "", text, flags=re.M)
    text = re.sub(r"--ntasks=\d+", "--ntasks=4", text)
    path = folder / name
    path.write_text(text)
    os.environ["VARLAB"] = str(VARLAB)
    return path


def script(name, folder, arguments, max_time="30m", **numbers):
    """A script that makes one simulation, with these arguments."""
    trajectories = arguments[arguments.index("--trajectories") + 1]
    rest = [a for a in arguments[1:] if a not in ("--quiet", "--trajectories", trajectories)] + ["--checkpoint-every", "0.3s"]
    return adapted(name, folder, TRAJECTORIES=trajectories, ARGUMENTS=f"({' '.join(rest)})", MAX_TIME=max_time, **numbers)


def whole(arguments, name):
    """The folder that one process makes."""
    if not shutil.which("gnuplot"):
        raise Skipped("gnuplot missing")
    path = hosts.ROOT / f"expected-{name}"
    if not path.exists():
        varlab("merge", expected(arguments, name), "--quiet", "--output", path)
    return path


def jobs(folder, name="array.sh"):
    """bash array.sh: the numbers of the array and of the merge."""
    out = subprocess.run(["bash", name], cwd=folder, capture_output=True, text=True)
    require(out.returncode == 0, out.stderr)
    merge = out.stdout.split()[-1]
    return str(int(merge) - 1), merge


@test
def array_and_merge(folder):
    cluster = slurm()
    script("array.sh", folder, SHORT, SHARDS=5)
    array, merge = jobs(folder)
    require(cluster.wait(array, merge), f"{cluster.state(array)} {cluster.state(merge)}")
    same(folder / "run", whole(SHORT, "short"))


@test
def array_loses_a_node(folder):
    cluster = slurm()
    work = [*LONG[:4], "--iterations", "5000", *LONG[6:]]
    expected(work, "longer")
    script("array.sh", folder, work, SHARDS=6)
    array, merge = jobs(folder)

    def saved_on_n2():
        """The shards that n2 has at work, and that have saved something."""
        names = subprocess.run(["squeue", "-h", "-r", "-w", "n2", "-t", "R", "-o", "%K"], capture_output=True, text=True).stdout.split()
        return [name for name in names if (folder / f"saved/shard-{name}-of-6/checkpoint.part").exists() and not (folder / f"parts/{name}.part").exists()]

    hosts.until(saved_on_n2, 60, "a shard is at work on n2")
    cluster.kill("n2")
    cluster.replace("n2")
    require(cluster.wait(array, merge, seconds=120), f"{cluster.state(array)} {cluster.state(merge)}")
    same(folder / "run", whole(work, "longer"))


def mpi(folder, cluster, arguments, **options):
    os.environ["VARLAB_MPI_PLUGIN"] = str(plugin("openmpi"))
    try:
        job = cluster.submit("--chdir", folder, script("mpi.sbatch", folder, arguments, **options))
    finally:
        del os.environ["VARLAB_MPI_PLUGIN"]
    return job


@test
def srun_with_pmix(folder):
    cluster = slurm()
    job = mpi(folder, cluster, SHORT)
    require(cluster.wait(job), f"{cluster.state(job)}\n{cluster.logs()}")
    same(folder / "run", whole(SHORT, "short"))


@test
def srun_with_pmi2(folder):
    """MPICH, on one node."""
    slurm()
    varlab(*SHORT, "--threads", "1", "--mpi", plugin("mpich"), "--part", folder / "out.part", prefix=["srun", "--mpi=pmi2", "-N1", "-n2"])
    same(folder / "out.part", expected(SHORT, "short"))


@test
def srun_without_pmi(folder):
    """Each process would make the whole run."""
    slurm()
    text = varlab(*SHORT, "--mpi", plugin("mpich"), "--part", folder / "out.part", prefix=["srun", "--mpi=none", "-N1", "-n2"], status=69)
    require("SLURM_STEP_NUM_TASKS says 2" in text and not (folder / "out.part").exists(), text)


@test
def requeued(folder):
    """scontrol requeue in the middle of the run: Slurm ends the ranks by SIGTERM, and the job starts again."""
    cluster = slurm()
    job = mpi(folder, cluster, LONG)
    hosts.until(lambda: list(folder.glob("saved/g1-rank-*.part")), 60, "ranks are at work")
    hosts.run("scontrol", "requeue", job)
    require(cluster.wait(job, seconds=120), f"{cluster.state(job)}\n{cluster.logs()}")
    require(list(folder.glob("saved/g2-*")), "it has not gone on")
    same(folder / "run", whole(LONG, "long"))


@test
def requeues_itself(folder):
    """Too little time for the run: it stops by itself, again and again."""
    cluster = slurm()
    job = mpi(folder, cluster, LONG, max_time="3s")
    require(cluster.wait(job, seconds=120), f"{cluster.state(job)}\n{cluster.logs()}")
    same(folder / "run", whole(LONG, "long"))


@test
def ranks_lose_a_node(folder):
    cluster = slurm()
    job = mpi(folder, cluster, LONG)
    hosts.until(lambda: list(folder.glob("saved/g1-rank-*.part")), 60, "ranks have saved something")
    cluster.kill("n2")
    # Slurm puts the job back into the queue by itself.
    cluster.replace("n2")
    require(cluster.wait(job, seconds=120), f"{cluster.state(job)}\n{cluster.logs()}")
    same(folder / "run", whole(LONG, "long"))


@test
def array_requeues_itself(folder):
    """Each task has too little time, and takes several."""
    cluster = slurm()
    script("array.sh", folder, LONG, max_time="0.7s", SHARDS=2)
    array, merge = jobs(folder)
    require(cluster.wait(array, merge, seconds=120), f"{cluster.state(array)} {cluster.state(merge)}\n{cluster.logs()}")
    require(any("stopped by --max-time" in log.read_text() for log in folder.glob("varlab-*.log")), "nothing was stopped")
    same(folder / "run", whole(LONG, "long"))


@each(command=["sweep", "grid"])
def many_runs(folder, command):
    """Shares of the runs by an array, each stopped once or more, and the results of all."""
    if not shutil.which("gnuplot"):
        raise Skipped("gnuplot missing")
    cluster = slurm()
    (folder / "settings.yaml").write_text("beta2: [0.9, 0.99, 0.999]\nmu: [0, 1]\niterations: 1000\ntrajectories: 60000\nhistogram-steps: 5\n")
    words = {"sweep": "sweep --task digits --preset small --optimizer adam,radam --lr 0.1,0.01 --steps 300", "grid": "grid settings.yaml"}[command]
    adapted("runs.sh", folder, COMMAND=f"({words})", SHARDS=2, MAX_TIME="0.7s")
    varlab(*words.split(), "--quiet", "--output", folder / "one", folder=folder)
    array, last = jobs(folder, "runs.sh")
    require(cluster.wait(array, last, seconds=120), f"{cluster.state(array)} {cluster.state(last)}\n{cluster.logs()}")
    require(any("stopped by --max-time" in log.read_text() for log in folder.glob("varlab-*.log")), "nothing was stopped")
    same(folder / "run", folder / "one")


@test
def single_requeues_itself(folder):
    """The same for a job on one node."""
    cluster = slurm()
    job = cluster.submit("--chdir", folder, script("single.sbatch", folder, LONG, max_time="1.2s"))
    require(cluster.wait(job, seconds=120), f"{cluster.state(job)}\n{cluster.logs()}")
    require("stopped by --max-time" in (folder / f"varlab-{job}.log").read_text(), "nothing was stopped")
    same(folder / "run", whole(LONG, "long"))
