"""How results show themselves, with whatever of pandas, polars and matplotlib is there."""

from __future__ import annotations

import dataclasses
import doctest
import gc
import importlib
import pkgutil

import numpy as np
import pytest

import varlab
from varlab import _arrow


@pytest.fixture
def law():
    return varlab.exact_moments([3, 10, 100], mu=[[0.0], [1.0]])


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(varlab.__path__) if module.name not in ("torch", "optax", "libvarlabc")])
def test_examples(name):
    module = importlib.import_module(f"varlab.{name}")
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).failed == 0


def test_the_package_example():
    assert doctest.testmod(varlab, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).failed == 0


def test_every_public_name_is_documented():
    for name in varlab.__all__:
        if name != "__version__" and callable(getattr(varlab, name)):
            assert getattr(varlab, name).__doc__, name


def test_frozen(law):
    with pytest.raises(dataclasses.FrozenInstanceError):
        law.mean = None


def test_columns_and_html(law):
    columns = law.columns()
    assert list(columns) == ["beta2", "mu", "epsilon", "t", "mean", "mean_square", "variance"]
    np.testing.assert_array_equal(columns["mu"], [0, 0, 0, 1, 1, 1])
    assert "6 rows" in repr(law)
    assert law._repr_html_().count("<tr>") == 7
    assert "…" in varlab.exact_moments(range(3, 100))._repr_html_()
    assert varlab.exact_moments(5).columns()["t"].tolist() == [5]


def test_pandas(law):
    pytest.importorskip("pandas")
    table = law.table()
    assert list(table.columns) == list(law.columns()) and len(table) == 6
    assert table["t"].dtype == np.int64


def test_polars_takes_a_result(law):
    polars = pytest.importorskip("polars")
    for _ in range(3):
        frame = polars.DataFrame(law)
        assert frame.columns == list(law.columns())
        np.testing.assert_array_equal(frame["variance"].to_numpy(), law.columns()["variance"])
        del frame
        gc.collect()
    assert not _arrow._held and not _arrow._capsules


def test_a_stream_that_nobody_reads_is_released(law):
    held = len(_arrow._held)
    capsule = law.__arrow_c_stream__()
    assert len(_arrow._held) == held + 1
    del capsule
    gc.collect()
    assert len(_arrow._held) == held


def test_figure(law):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    matplotlib.interactive(True)
    ax = law.plot()
    # What a notebook shows its figures by.
    assert matplotlib.is_interactive()
    matplotlib.interactive(False)
    assert ax.get_xscale() == "log" and ax.get_yscale() == "log" and len(ax.lines) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["μ = 0", "μ = 1"]
    assert law.plot(ax) is ax and len(ax.lines) == 4
    varlab.schedule().plot()
