"""Hosts on one machine: each has a network, a host name, processes and a folder of its own, and can be killed or cut off.

Everything lives in namespaces of this process: `enclosed()` starts the program again inside, and whatever it leaves, processes,
links and mounts, goes with it. Needs root; nothing is written outside of /run/varlab, which is a tmpfs of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path("/run/varlab")
# Another tmpfs on every host.
PRIVATE = ROOT / "private"
INSIDE = "VARLAB_CLUSTER_INSIDE"
NEEDED = ["unshare", "nsenter", "ip", "mount"]


def why_not():
    """Why there can be no hosts here; None where there can."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        return f"{', '.join(missing)} missing"
    if os.geteuid() != 0:
        return "needs root"
    # All that a host is made of; a container may allow some of it alone.
    script = "mount --make-rprivate / && mount -t tmpfs none /run && ip link add bridge type bridge && ip link add one type veth peer name two"
    probe = subprocess.run(
        ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script], capture_output=True, text=True)
    return None if probe.returncode == 0 else f"no hosts can be made here ({' '.join(probe.stderr.split()) or 'no reason given'})"


def enclosed():
    """Starts this program again inside namespaces of its own, and ends with its status; returns at once where it is inside."""
    if os.environ.get(INSIDE):
        ROOT.parent.mkdir(exist_ok=True)
        run("mount", "--make-rprivate", "/")
        run("mount", "-t", "tmpfs", "-o", "mode=755", "none", "/run")
        ROOT.mkdir()
        PRIVATE.mkdir()
        # One of its own, so that a host name that is known to no server costs no time.
        hosts = ROOT / "hosts"
        hosts.write_text("127.0.0.1 localhost\n10.77.0.1 head\n" + "".join(f"10.77.0.{k + 1} n{k}\n" for k in range(1, 9)))
        run("mount", "--bind", hosts, "/etc/hosts")
        run("hostname", "head")
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "bridge", "type", "bridge")
        run("ip", "addr", "add", "10.77.0.1/24", "dev", "bridge")
        run("ip", "link", "set", "bridge", "up")
        return
    command = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv]
    child = subprocess.Popen(command, env={**os.environ, INSIDE: "1"})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: child.kill())
    sys.exit(child.wait())


def run(*command, **options):
    """A command that must not fail."""
    return subprocess.run([str(word) for word in command], check=True, **options)


class Host:
    """A host n1, n2, …: its address is 10.77.0.2, 10.77.0.3, …"""

    def __init__(self, number):
        self.name = f"n{number}"
        self.link = f"to-{self.name}"
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.link], capture_output=True)
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0",
            "address", f"02:00:00:00:00:0{number}", "netns", self.name)
        run("ip", "link", "set", self.link, "master", "bridge", "up")
        inside = ["nsenter", f"--net=/run/netns/{self.name}"]
        run(*inside, "ip", "addr", "add", f"10.77.0.{number + 1}/24", "dev", "eth0")
        run(*inside, "ip", "link", "set", "eth0", "up")
        run(*inside, "ip", "link", "set", "lo", "up")
        # Not `ip netns exec`, which hides the cgroups of the machine. What it starts first is the host: with it all its processes go.
        script = f"hostname {self.name}; mount -t tmpfs none /dev/shm; mount -t tmpfs none {PRIVATE}; touch {PRIVATE}/ready; exec sleep infinity"
        self.process = subprocess.Popen(
            [*inside, "unshare", "--uts", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script])
        until(lambda: self._first() is not None and Path(f"/proc/{self._first()}/root{PRIVATE}/ready").exists(), 30, f"{self.name} is up")
        (ROOT / f"{self.name}.pid").write_text(str(self._first()))

    def _first(self):
        """The host's first process, a child of the unshare that made it."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        words = children.read_text().split() if children.exists() else []
        return int(words[0]) if words else None

    def command(self, *words):
        """The words that run a command on the host."""
        return ["nsenter", "-t", str(self._first()), "--net", "--uts", "--mount", "--ipc", "--pid", f"--wd={os.getcwd()}", *map(str, words)]

    def kill(self):
        """As a host that loses its power."""
        self.process.kill()
        self.process.wait()
        subprocess.run(["ip", "link", "del", self.link], capture_output=True)
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)

    def cut(self):
        """Takes the cable out."""
        run("ip", "link", "set", self.link, "down")

    def mend(self):
        run("ip", "link", "set", self.link, "up")


def agent():
    """A program that runs a command on a host, as ssh does, for the launchers of MPI."""
    path = ROOT / "agent"
    path.write_text(
        '#!/bin/sh\n# agent [OPTIONS] HOST COMMAND…\nwhile case "$1" in -*) true;; *) false;; esac; do shift; done\nhost=$1; shift\n'
        'exec nsenter -t "$(cat /run/varlab/$host.pid)" --net --uts --mount --ipc --pid sh -c "$*"\n')
    path.chmod(0o755)
    return path


def until(condition, seconds, what):
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"after {seconds} s it was not so: {what}")
        time.sleep(0.05)
