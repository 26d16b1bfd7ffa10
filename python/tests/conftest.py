"""What the tests share. They run against the installed wheel, outside of the repository."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from varlab import _command


@pytest.fixture(scope="session")
def command() -> Path:
    """The command of the same version, against whose numbers the package's are held."""
    try:
        return _command.find()
    except FileNotFoundError:
        pytest.skip("the wheel was built without the command, and VARLAB_COMMAND names none")


@pytest.fixture(scope="session")
def table(command):
    """Runs a subcommand and returns its table as columns of text."""

    def run(*arguments: str) -> dict[str, list[str]]:
        done = subprocess.run([command, *arguments, "--format", "csv"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        rows = list(csv.reader(done.stdout.splitlines()))
        return {name: [row[index] for row in rows[1:]] for index, name in enumerate(rows[0])}

    return run


def numbers(texts: list[str]) -> list[float]:
    """Cells as the doubles that they are, an empty one as NaN."""
    return [float(text) if text else float("nan") for text in texts]


def interrupted(program: str) -> tuple[int, str, float]:
    """Sends SIGINT to a Python program a second after it has said "begun": its exit status, what else it wrote, and after how many seconds it ended."""
    # A shell that started the tests in the background has SIGINT ignored.
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    with process:
        try:
            assert process.stdout.readline() == "begun\n"
            time.sleep(1)
            begin = time.monotonic()
            process.send_signal(signal.SIGINT)
            status = process.wait(timeout=60)
            return status, process.stdout.read(), time.monotonic() - begin
        finally:
            process.kill()
