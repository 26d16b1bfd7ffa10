"""Finds and runs the command, for what reads and writes files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sysconfig
import threading
from pathlib import Path
from typing import Any

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


def run(arguments: list[str], progress: bool = False) -> None:
    """Runs the command to its end. Ctrl-C ends it, and leaves nothing half-written.

    Args:
        arguments: without the program.
        progress: shows a bar, by tqdm where that is installed.

    Raises:
        ParameterError: for an argument that the command refuses.
        CommandError: for any other failure; missing gnuplot is none, since all but the pictures is there.
    """
    bar = _bar(arguments[0]) if progress else None
    # The command draws a bar on a terminal alone.
    reading, writing = os.openpty() if bar is not None else os.pipe()
    lines: list[str] = []
    # Its own session: the terminal's Ctrl-C reaches this process alone, which then ends the command.
    process = subprocess.Popen(
        [str(find()), *arguments, *([] if bar is not None else ["--quiet"])], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=writing,
        start_new_session=True)
    os.close(writing)
    reader = threading.Thread(target=_read, args=(reading, lines, bar), daemon=True)
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
    finally:
        reader.join()
        if bar is not None:
            bar.close()
    if process.returncode in (0, 69):
        return
    message = " ".join(line.removeprefix("varlab: ").removeprefix("Error: ") for line in lines if not line.startswith(("Usage", "See ", "note:")))
    message = message or f"the command ended with status {process.returncode}"
    if process.returncode == 64:
        name, _, rest = message.partition(" ")
        value, _, rule = rest.partition(": ")
        if name.startswith("--") and rule:
            raise ParameterError(name.removeprefix("--"), value, rule)
        raise ParameterError("arguments", " ".join(arguments[:1]), message)
    raise CommandError(message, process.returncode)


def _bar(name: str) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=100, desc=name, unit="%", leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed} < {remaining}")


def _read(descriptor: int, lines: list[str], bar: Any) -> None:
    """Takes what the command says: the bar's redrawn lines apart, the others to be told."""
    rest = b""
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while True:
            try:
                piece = stream.read(4096)
            except OSError:
                # A terminal whose other end is closed.
                break
            if not piece:
                break
            *whole, rest = re.split(rb"[\r\n]+", rest + piece)
            for line in whole:
                _take(line, lines, bar)
    _take(rest, lines, bar)


def _take(line: bytes, lines: list[str], bar: Any) -> None:
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line.decode("utf-8", "replace")).strip()
    percent = re.match(r"\[[= ]*\]\s+(\d+)%", text)
    if percent is None:
        if text:
            lines.append(text)
    elif bar is not None:
        bar.update(int(percent[1]) - bar.n)
