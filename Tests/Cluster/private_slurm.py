"""A Slurm of this machine alone, whose nodes are `hosts.Host`s: own key, own ports, own files, nothing in /etc, up in less than a second."""

import os
import secrets
import shutil
import subprocess
import time

from hosts import PRIVATE, ROOT, Host, run, until

NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol"]


def why_not():
    missing = [name for name in NEEDED if not shutil.which(name)]
    return f"{', '.join(missing)} missing (apt-get install slurm-wlm munge)" if missing else None


class PrivateSlurm:
    def __init__(self, node_count=2, cpus=4):
        self.folder = ROOT / "slurm"
        self.folder.mkdir()
        self.lost = set()
        self.nodes = {f"n{k}": Host(k) for k in range(1, node_count + 1)}
        self._write_settings(cpus)
        os.environ["SLURM_CONF"] = str(self.folder / "slurm.conf")
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        run("munged", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munge.pid",
            f"--log-file={self.folder}/munge.log", f"--seed-file={self.folder}/munge.seed")
        self._background([shutil.which("slurmctld"), "-D", "-i"], "slurmctld")
        for name in self.nodes:
            self.start(name)
        until(lambda: self.states() == {name: "idle" for name in self.nodes}, 20, "the nodes are idle")

    def _write_settings(self, cpus):
        f = self.folder
        names = ",".join(self.nodes)
        (f / "slurm.conf").write_text(f"""
ClusterName=varlab
SlurmctldHost=head(10.77.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={f}/munge.socket
CredType=cred/munge
StateSaveLocation={f}/state
SlurmdSpoolDir={f}/spool-%n
SlurmctldPidFile={f}/slurmctld.pid
SlurmdPidFile={f}/slurmd-%n.pid
SlurmctldLogFile={f}/slurmctld.log
SlurmdLogFile={f}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,sched_min_interval=0,requeue_delay=1
# A node that does not answer is lost after ten seconds, its jobs go back into the queue.
SlurmdTimeout=10
SlurmctldTimeout=10
TCPTimeout=2
MessageTimeout=5
KillWait=5
ReturnToService=2
JobRequeue=1
MailProg=/bin/true
NodeName={names} CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={names} Default=YES MaxTime=INFINITE State=UP
""")
        (f / "mpi.conf").write_text(f"PMIxCliTmpDirBase={PRIVATE}\n")
        (f / "state").mkdir()

    def _background(self, command, name):
        log = open(self.folder / f"{name}.out", "ab")
        return subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def start(self, name):
        (self.folder / f"spool-{name}").mkdir(exist_ok=True)
        self._background(self.nodes[name].command(shutil.which("slurmd"), "-D", "-N", name), f"slurmd-{name}")

    def kill(self, name):
        """The node loses its power, with all that runs there."""
        self.nodes[name].kill()
        self.lost.add(name)

    def replace(self, name):
        """Another machine of that name comes up, when Slurm has missed the one before, after ten seconds."""
        until(lambda: self.states()[name].startswith("down"), 60, f"{name} is missed")
        self.lost.remove(name)
        shutil.rmtree(self.folder / f"spool-{name}")
        self.nodes[name] = Host(int(name[1:]))
        self.start(name)

    def states(self):
        lines = subprocess.run(["sinfo", "-h", "-N", "-o", "%N %t"], capture_output=True, text=True).stdout.split("\n")
        return dict(line.split() for line in lines if line)

    def submit(self, *arguments):
        """The number of the new job."""
        return run("sbatch", "--parsable", *arguments, capture_output=True, text=True).stdout.strip()

    def state(self, job):
        """The states of a job, or of each task of an array, such as `["COMPLETED"]`."""
        return [word.split("=", 1)[1] for word in self.show(job).split() if word.startswith("JobState=")]

    def show(self, job):
        return subprocess.run(["scontrol", "-o", "show", "job", job], capture_output=True, text=True).stdout

    def wait(self, *jobs, seconds=60):
        """Until the jobs have ended; whether all of them ended well."""
        end = time.monotonic() + seconds
        over = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY"}
        while True:
            states = [state for job in jobs for state in self.state(job)]
            for job in jobs:
                # Slurm keeps a job that was requeued back for two minutes. Some seconds it must: its credential was revoked.
                if "PENDING" in self.state(job) and "Reason=BeginTime" in self.show(job):
                    time.sleep(3)
                    subprocess.run(["scontrol", "update", f"jobid={job}", "StartTime=now"], capture_output=True)
            if states and set(states) == {"COMPLETED"}:
                return True
            if states and set(states) <= over:
                # A job that requeues itself looks so for a moment.
                time.sleep(2)
                if set(state for job in jobs for state in self.state(job)) <= over:
                    return False
            if time.monotonic() > end:
                raise TimeoutError(f"jobs {' '.join(jobs)} after {seconds} s: {' '.join(states)}\n{self.logs()}")
            time.sleep(0.1)

    def logs(self):
        return "\n".join(f"--- {p.name}\n{p.read_text(errors='replace')[-1500:]}" for p in sorted(self.folder.glob("*.log")) if p.stat().st_size)
