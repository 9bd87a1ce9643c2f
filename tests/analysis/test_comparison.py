"""Wilson, McNemar and Holm against statsmodels and mlxtend; differing settings."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mlxtend.evaluate import mcnemar as mlxtend_mcnemar
from mlxtend.evaluate import mcnemar_table
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from core.analysis.significance import holm, mcnemar, wilson_interval
from core.experiment.setting_differences import setting_differences
from core.presets import load

three = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
answers = st.lists(three, min_size=1, max_size=80)


@given(st.integers(1, 30_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@example((0, 1))
@example((1, 1))
@example((10_000, 10_000))
def test_wilson_as_statsmodels(pair: tuple[int, int]) -> None:
    found = wilson_interval(*pair)
    assert (found.low, found.high) == pytest.approx(proportion_confint(*pair, method="wilson"), abs=1e-6)
    assert found.share == pair[0] / pair[1]
    assert 0 <= found.low <= found.share <= found.high <= 1


@pytest.mark.parametrize("pair", [(1, 0), (2, 1), (-1, 5)])
def test_wilson_refuses_what_is_no_share(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(*pair)


@given(answers)
@example([(0, 0, 0)])  # one sample, both right
@example([(0, 1, 0)])  # one sample, one right
@example([(1, 2, 2)] * 9)  # never right, no disagreement
@example([(0, 0, 1), (1, 1, 1), (1, 1, 1)])  # a perfect network against a constant one
@example([(0, 0, 1), (0, 1, 0)] * 7)  # as often the one as the other
def test_mcnemar_as_statsmodels_and_mlxtend(rows: list[tuple[int, int, int]]) -> None:
    labels, first, second = np.array(rows).T
    found = mcnemar(first == labels, second == labels)
    table = mcnemar_table(labels, first, second)
    assert (found.only_first, found.only_second) == (table[0, 1], table[1, 0])
    assert found.p == pytest.approx(statsmodels_mcnemar(table, exact=True).pvalue, abs=1e-6)
    if found.only_first + found.only_second:  # mlxtend divides by zero without disagreement
        assert found.p == pytest.approx(mlxtend_mcnemar(table, exact=True)[1], abs=1e-6)
    else:
        assert found.p == 1.0
    turned = mcnemar(second == labels, first == labels)
    assert (turned.only_first, turned.only_second, turned.p) == (found.only_second, found.only_first, found.p)


@given(st.integers(0, 12_000), st.integers(0, 12_000))
@example(0, 25_000)
def test_mcnemar_of_many_disagreements(one: int, other: int) -> None:
    first = np.repeat([True, False], [one, other])
    found = mcnemar(first, ~first)
    oracle = statsmodels_mcnemar([[0, one], [other, 0]], exact=True).pvalue
    assert found.p == pytest.approx(oracle, abs=1e-6)
    if oracle > 1e-290:
        assert math.log10(found.p) == pytest.approx(math.log10(oracle), abs=1e-6)


def test_mcnemar_refuses_other_samples() -> None:
    with pytest.raises(ValueError, match="not the same samples"):
        mcnemar(np.ones(3, dtype=bool), np.ones(4, dtype=bool))


@pytest.fixture(scope="module")
def little_garbage() -> Iterator[None]:
    """statsmodels' Holm collects garbage at each call, which among many loaded modules takes its time."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("little_garbage")
@given(st.lists(st.floats(0, 1), min_size=1, max_size=45))
@example([0.02, 0.02, 0.02])
@example([0.04, 0.01, 0.03, 0.005])
def test_holm_as_statsmodels(ps: list[float]) -> None:
    assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1].tolist(), abs=1e-6)


def test_holm_of_nothing() -> None:
    assert holm([]) == ()


def test_differences_name_only_what_differs() -> None:
    shallow, deep = load("fashion-shallow"), load("fashion-deep")
    names = {one.setting for one in setting_differences(shallow, deep)}
    assert "layers.1.units" in names
    assert "epochs" not in names
    assert setting_differences(deep, deep) == ()
