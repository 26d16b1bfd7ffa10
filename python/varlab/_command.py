"""Finds and runs the command, for what reads and writes files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path

from ._errors import CommandError, ParameterError

__all__ = ["find", "run"]


def find() -> Path:
    """The command: that of ``VARLAB_COMMAND``, that of this installation, or one on the path, in this order.

    Raises:
        FileNotFoundError: where there is none.
    """
    given = os.environ.get("VARLAB_COMMAND")
    if given:
        if Path(given).is_file():
            return Path(given)
        raise FileNotFoundError(f"VARLAB_COMMAND names {given}, where there is no file")
    schemes = [sysconfig.get_path("scripts")]
    user = f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        schemes.append(sysconfig.get_path("scripts", user))
    for folder in schemes:
        if folder and (Path(folder) / "varlab").is_file():
            return Path(folder) / "varlab"
    found = shutil.which("varlab")
    if found:
        return Path(found)
    raise FileNotFoundError("the command varlab is not installed with this package; VARLAB_COMMAND can name one")


def run(arguments: list[str], progress: Callable[[str], None] | None = None) -> None:
    """Runs the command to its end. Ctrl-C ends it, and leaves nothing half-written.

    Args:
        arguments: without the program.
        progress: gets each line of the progress bar.

    Raises:
        ParameterError: for an argument that the command refuses.
        CommandError: for any other failure; missing gnuplot is none, since all but the pictures is there.
    """
    lines: list[str] = []

    def read(stream) -> None:  # type: ignore[no-untyped-def]
        line = b""
        while byte := stream.read(1):
            if byte not in b"\r\n":
                line += byte
                continue
            take(line)
            line = b""
        take(line)

    def take(line: bytes) -> None:
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return
        lines.append(text)
        if progress is not None:
            progress(text)

    process = subprocess.Popen(
        [str(find()), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        # Its own group: the terminal's Ctrl-C reaches this process alone, which then ends the command.
        start_new_session=True)
    reader = threading.Thread(target=read, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except BaseException:
            process.kill()
            process.wait()
        raise
    reader.join()
    if process.returncode in (0, 69):
        return
    errors = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    message = " ".join(errors).removeprefix("Error: ") or f"the command ended with status {process.returncode}"
    if process.returncode == 64:
        name, _, rest = message.partition(" ")
        value, _, rule = rest.partition(": ")
        raise ParameterError(name, value, rule or message)
    raise CommandError(message, process.returncode)


def note(text: str) -> None:
    """Says something that is no result."""
    print(text, file=sys.stderr)
