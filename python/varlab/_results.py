"""What results have in common: tables, figures, and how they show themselves."""

from __future__ import annotations

import html
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Result"]

# Okabe and Ito's colours, each with a dash of its own: told apart in grey too. Those of the command's figures.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (4, 1, 1, 1)), (0, (8, 2)), (0, (2, 1)))


class Result:
    """A frozen dataclass of arrays of one shape: a row for each element, a column for each array."""

    # The array on the horizontal axis, those that are drawn over it, and those whose values tell curves apart.
    _axis: ClassVar[str] = ""
    _curves: ClassVar[tuple[str, ...]] = ()
    _groups: ClassVar[tuple[str, ...]] = ()
    _labels: ClassVar[dict[str, str]] = {}
    _log: ClassVar[str] = ""

    def columns(self) -> dict[str, np.ndarray]:
        """The arrays by name, each flattened in C order."""
        return {field.name: np.atleast_1d(getattr(self, field.name)).reshape(-1) for field in fields(self)}  # type: ignore[arg-type]

    def table(self) -> Any:
        """A ``pandas.DataFrame`` of :meth:`columns`. Raises ``ImportError`` where pandas is not installed.

        polars takes the result itself: ``polars.DataFrame(result)``.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError("table() needs pandas; columns() has the same arrays, and polars.DataFrame(result) works too") from error
        return pandas.DataFrame(self.columns())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        from ._arrow import stream

        return stream(self.columns())

    def plot(self, ax: Axes | None = None, **style: Any) -> Axes:
        """Draws the curves with matplotlib, in the style of the command's figures.

        Args:
            ax: where to draw; ``None`` for new axes of a column's width.
            style: passed on to ``Axes.plot``.

        Raises:
            ImportError: where matplotlib is not installed.
        """
        from ._figures import draw

        return draw(self, ax, style)

    def __repr__(self) -> str:
        columns = self.columns()
        rows = len(next(iter(columns.values()), ()))
        return f"{type(self).__name__}({', '.join(columns)}: {rows} row{'' if rows == 1 else 's'})"

    def _repr_html_(self) -> str:
        columns = self.columns()
        count = len(next(iter(columns.values()), ()))
        # The first and the last rows of a long one.
        shown = list(range(count)) if count <= 12 else [*range(8), -1, *range(count - 3, count)]
        head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{'…' if row < 0 else _text(values[row])}</td>" for values in columns.values()) + "</tr>" for row in shown)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{count} rows</p>"


def _text(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else f"{value:.6g}"
    return html.escape(str(value))
