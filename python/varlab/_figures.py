"""Figures by matplotlib, sized for a column of a paper, legible in grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._results import COLORS, DASHES, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# 85 mm, the width of a column.
WIDTH = 85 / 25.4

FONTS = ["Liberation Sans", "Arial", "DejaVu Sans"]

_SIGNS = {"mu": "μ", "beta1": "β1", "beta2": "β2", "epsilon": "ε", "t": "t"}


def axes(ax: Axes | None = None, height: float = 0.66) -> Axes:
    """New axes of matplotlib in the style of varlab's figures, for curves of your own beside its numbers.

    A column wide (85 mm), 8 point; lines take the colours of Okabe and Ito with dashes, so that they differ in grey too.

    Args:
        ax: given axes are returned as they are.
        height: of the figure, as a multiple of its width.

    Raises:
        ImportError: where matplotlib is missing.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plot() needs matplotlib") from error
    if ax is None:
        # Not by rc_context: the first figure of a notebook turns matplotlib's interactive mode on, and its end would turn that off again.
        _, ax = plt.subplots(figsize=(WIDTH, WIDTH * height), dpi=150, layout="constrained")
        ax.set_prop_cycle(color=COLORS, linestyle=DASHES, linewidth=[1.1] * len(COLORS))
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_linewidth(0.6)
        ax.tick_params(which="both", labelsize=8, width=0.6, length=2.5, labelfontfamily=FONTS)
        for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
            text.set(fontsize=8, fontfamily=FONTS)
        ax.grid(True, which="major", color="#e4e4e4", linewidth=0.5)
        ax.set_axisbelow(True)
    return ax


def draw(result: Result, ax: Axes | None, style: dict[str, Any]) -> Axes:
    columns = result.columns()
    # Only what differs tells curves apart.
    groups = [name for name in result._groups if len(np.unique(columns[name])) > 1]
    ax = axes(ax)
    keys = list(zip(*(columns[name] for name in groups))) if groups else [()] * len(columns[result._axis])
    lines = 0
    for curve in result._curves:
        for key in dict.fromkeys(keys):
            chosen = np.array([other == key for other in keys])
            x, y = columns[result._axis][chosen], columns[curve][chosen]
            order = np.argsort(x, kind="stable")
            parts = [f"{_SIGNS.get(name, name)} = {value:g}" if isinstance(value, (int, float, np.number)) else str(value)
                     for name, value in zip(groups, key)]
            if len(result._curves) > 1:
                parts.insert(0, result._labels.get(curve, curve))
            given = {"color": COLORS[lines % len(COLORS)], "linestyle": DASHES[lines % len(DASHES)], "linewidth": 1.1, **style}
            ax.plot(x[order], y[order], label=", ".join(parts) or None, marker="o" if len(x) == 1 else None, markersize=3, **given)
            lines += 1
    _scale(ax, result, columns)
    ax.set_xlabel(result._labels.get(result._axis, result._axis), fontsize=8)
    if len(result._curves) == 1:
        ax.set_ylabel(result._labels.get(result._curves[0], result._curves[0]), fontsize=8)
    if lines > 1:
        ax.legend(fontsize=7, frameon=False)
    return ax


def _scale(ax: Axes, result: Result, columns: dict[str, np.ndarray]) -> None:
    def spans(names: tuple[str, ...]) -> bool:
        values = np.concatenate([columns[name] for name in names]).astype(float)
        values = values[np.isfinite(values)]
        return bool(len(values)) and values.min() > 0 and values.max() > 20 * values.min()

    if "x" in result._log and spans((result._axis,)):
        ax.set_xscale("log")
    if "y" in result._log and spans(result._curves):
        ax.set_yscale("log")
