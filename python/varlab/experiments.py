"""Simulations, reports on recorded gradients, replays and saved states: the command's own experiments, run by it and read back.

The command runs in a process of its own, so that Ctrl-C ends it, a fork cannot hang it and its bytes are those of the shell. Tables are read
from its CSV, in which every number brings its bits back.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _command
from ._errors import ParameterError
from ._results import Result

__all__ = ["Experiment", "Table", "checkpoint", "gradients", "replay", "simulate"]


class Table(Result):
    """One of an experiment's tables: columns of numbers or text; an empty cell is NaN."""

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self._columns = dict(columns)

    def columns(self) -> dict[str, np.ndarray]:
        return dict(self._columns)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    @classmethod
    def read(cls, path: Path) -> Table:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        return cls({name: _column([row[index] for row in rows[1:]]) for index, name in enumerate(rows[0])}) if rows else cls({})

    def plot(self, ax: Any = None, *, x: str | None = None, y: str | None = None, **style: Any) -> Any:
        """Draws column ``y`` over column ``x``, by default the second numeric one over the first."""
        from ._figures import axes

        names = [name for name, values in self._columns.items() if values.dtype.kind in "fi"]
        x, y = x or names[0], y or names[1]
        ax = axes(ax)
        ax.plot(self._columns[x], self._columns[y], **{"linewidth": 1.1, **style})
        ax.set_xlabel(x, fontsize=8)
        ax.set_ylabel(y, fontsize=8)
        return ax


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([int(cell) for cell in cells], dtype=np.int64)
    except (ValueError, OverflowError):
        pass
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array(cells, dtype=object)


@dataclass(frozen=True, repr=False)
class Experiment:
    """What an experiment has found: what the command wrote into its folder."""

    tables: dict[str, Table]
    """By the file's name without its ending."""
    arrays: dict[str, np.ndarray]
    """What it wrote as ``.npy``."""
    figures: dict[str, str]
    """SVG by name; empty where gnuplot is not installed."""
    record: dict[str, Any]
    """``run.json``: the command, its version, the settings, the digests of what was read."""
    folder: Path | None
    """Where the files are kept; ``None`` where they are not."""

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def table(self, name: str | None = None) -> Any:
        """A table as ``pandas.DataFrame``; by default the first."""
        return self.tables[name or next(iter(self.tables))].table()

    def plot(self, ax: Any = None, *, table: str | None = None, **style: Any) -> Any:
        """Draws a table by matplotlib (:meth:`Table.plot`); the figures of the command are in :attr:`figures`."""
        return self.tables[table or next(iter(self.tables))].plot(ax, **style)

    def __repr__(self) -> str:
        return f"Experiment(tables: {', '.join(self.tables)}; figures: {', '.join(self.figures) or 'none'})"

    def _repr_html_(self) -> str:
        if self.figures:
            return "".join(svg[svg.index("<svg"):] for svg in self.figures.values())
        return "".join(f"<h4>{name}</h4>{table._repr_html_()}" for name, table in self.tables.items())


def simulate(
    mu: npt.ArrayLike = (0, 0.001, 0.01, 0.1, 1, 10), *, gradients: str | npt.ArrayLike | None = None, beta2: float = 0.999,
    epsilon: float = 0.0, trajectories: int = 5000, iterations: int = 6000, seed: int = 1, output: str | Path | None = None,
    progress: bool | None = None, **options: Any,
) -> Experiment:
    """A Monte Carlo of ψ_t and of the update; what ``varlab simulate`` writes.

    Args:
        mu: means of the gradients; one draw of the noise serves all.
        gradients: a law by name, or recorded values of shape [steps] or [steps, coordinates…], which are drawn from.
        beta2, epsilon: of ψ_t = 1/(√v̂_t + ε).
        trajectories, iterations: how many, and how long each.
        seed: equal seeds give equal bits, for any number of threads and on any processor.
        output: a folder to keep; it must be empty or new unless ``force=True``.
        progress: whether to show a bar; by default where someone is looking.
        options: any other option of the command, ``histogram_steps="5,100"``, ``autocorrelation=0.5``, ``threads=2``.

    Raises:
        ParameterError: for an argument that the command refuses.
        FileNotFoundError: where the command is not installed.

    >>> run = simulate(0, trajectories=200, iterations=20, progress=False)
    >>> run["variance"]["t"][-1]
    np.int64(20)
    """
    arguments = ["--mu", _list(mu), "--beta2", repr(float(beta2)), "--epsilon", repr(float(epsilon)), "--trajectories", str(trajectories),
                 "--iterations", str(iterations), "--seed", str(seed)]
    with tempfile.TemporaryDirectory(prefix="varlab-") as scratch:
        if isinstance(gradients, str):
            arguments += ["--gradients", gradients]
        elif gradients is not None:
            arguments += ["--gradients", f"trace:{_trace(gradients, Path(scratch))}"]
        return _run("simulate", arguments, options, output, progress, "trajectories", scratch)


def gradients(
    source: Any, *, output: str | Path | None = None, progress: bool | None = None, **options: Any,
) -> Experiment:
    """What recorded gradients look like, and ψ_t along them next to the exact law; what ``varlab gradients`` writes.

    Args:
        source: a ``GradientRecorder``, arrays by name, an array of shape [steps] or [steps, coordinates…], a file or files.
        output, progress, options: as in :func:`simulate`.

    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal((300, 8))
    >>> sorted(gradients(noise, progress=False).tables)[:1]
    ['coordinates']
    """
    with tempfile.TemporaryDirectory(prefix="varlab-") as scratch:
        files = source if isinstance(source, (list, tuple)) and all(isinstance(file, (str, Path)) for file in source) else [source]
        paths = [str(_trace(file, Path(scratch))) for file in files]
        return _run("gradients", paths, options, output, progress, "", scratch)


def replay(
    source: Any, optimizer: str | Iterable[str] = "radam", *, like: str = "torch", output: str | Path | None = None,
    progress: bool | None = None, **options: Any,
) -> Experiment:
    """What optimizers would have done with recorded gradients; what ``varlab replay`` writes.

    Args:
        source: as in :func:`gradients`.
        optimizer: names, such as ``["adam", "radam"]``.
        like: whose.
        output, progress, options: as in :func:`simulate`; ``lr``, ``betas``, ``epsilon``, ``array`` for one of several arrays.

    Returns:
        ``arrays["trajectory-NAME"]`` is θ after each step, in double precision.
    """
    names = optimizer if isinstance(optimizer, str) else ",".join(optimizer)
    with tempfile.TemporaryDirectory(prefix="varlab-") as scratch:
        arguments = ["--gradients", str(_trace(source, Path(scratch))), "--optimizer", names, "--like", like]
        return _run("replay", arguments, options, output, progress, "steps", scratch)


def checkpoint(
    source: Any, *, output: str | Path | None = None, progress: bool | None = None, **options: Any,
) -> Experiment:
    """What an optimizer's saved state says of its gradients; what ``varlab checkpoint`` writes.

    Args:
        source: an optimizer's ``state_dict()`` of PyTorch (which needs torch), or a file or files of any format that the command reads.
        output, progress, options: as in :func:`simulate`; ``epsilon`` and ``betas`` for states that do not name theirs.
    """
    with tempfile.TemporaryDirectory(prefix="varlab-") as scratch:
        if isinstance(source, Mapping):
            import torch

            path = Path(scratch) / "state.pt"
            torch.save(dict(source), path)
            paths = [str(path)]
        else:
            paths = [str(path) for path in ([source] if isinstance(source, (str, Path)) else source)]
        return _run("checkpoint", paths, options, output, progress, "", scratch)


def _list(values: npt.ArrayLike) -> str:
    return ",".join(repr(float(value)) for value in np.atleast_1d(np.asarray(values, dtype=np.float64)).reshape(-1))


def _trace(source: Any, scratch: Path) -> Path:
    """A file that the command reads."""
    if isinstance(source, (str, Path)):
        return Path(source)
    if hasattr(source, "arrays"):
        source = source.arrays()
    if isinstance(source, Mapping):
        if not source:
            raise ParameterError("gradients", "no arrays", "must hold one at least")
        path = scratch / "gradients.npz"
        np.savez(path, **{str(name): np.asarray(values) for name, values in source.items()})
    else:
        path = scratch / "gradients.npy"
        np.save(path, np.asarray(source))
    return path


def _run(
    name: str, arguments: list[str], options: Mapping[str, Any], output: str | Path | None, progress: bool | None, unit: str, scratch: str,
) -> Experiment:
    force = bool(options.get("force"))
    for option, value in options.items():
        flag = "--" + option.replace("_", "-")
        if option == "force" or value is None or value is False:
            continue
        if value is True:
            arguments = [*arguments, flag]
        else:
            text = ",".join(map(str, value)) if isinstance(value, (list, tuple, range, np.ndarray)) else str(value)
            arguments = [*arguments, flag, text]
    folder = Path(output) if output is not None else Path(scratch) / "output"
    arguments = [name, *arguments, "--output", str(folder), *(["--force"] if force else [])]
    _command.run(arguments, _is_watched() if progress is None else progress)
    return _read(folder, kept=output is not None)


def _is_watched() -> bool:
    return "ipykernel" in sys.modules or sys.stderr.isatty()


def _read(folder: Path, kept: bool) -> Experiment:
    def named(ending: str) -> list[Path]:
        return sorted(folder.glob(f"*{ending}"), key=lambda path: (not path.stem.startswith(("summary", "variance")), path.stem))

    # A figure's data are beside its script; the tables are the rest.
    figures = {path.stem for path in folder.glob("*.gp")}
    tables = {
        path.stem: Table.read(path) for path in named(".csv")
        if path.stem not in figures and not any(path.stem.startswith(f"{figure}-") for figure in figures)}
    return Experiment(
        tables=tables,
        arrays={path.stem: np.load(path) for path in named(".npy")},
        figures={path.stem: path.read_text(encoding="utf-8") for path in named(".svg")},
        record=json.loads((folder / "run.json").read_text(encoding="utf-8")),
        folder=folder if kept else None)
