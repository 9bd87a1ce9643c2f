"""Bands, turning points and cells of several runs, against pandas as an independent judge."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import presets
from core.analysis.bands import (
    band,
    cells,
    last,
    lowest,
    measured,
    spread,
    thins_out,
    turns,
)
from core.run import Epoch, Evaluation, Run, RunState
from tests.analysis.runs import stored

NUMBERS = st.one_of(
    st.floats(-1e6, 1e6, allow_subnormal=False), st.sampled_from([math.nan, math.inf, -math.inf])
)
LONG = (0.9, 0.6, 0.45, 0.40, 0.44, 0.49, 0.55, 0.60)


def epochs(val_losses: Sequence[float | None], *, accuracy: float = 0.5) -> tuple[Epoch, ...]:
    return tuple(
        Epoch(number, 1 / number, accuracy, loss, None if loss is None else accuracy, 0.001, 0.1)
        for number, loss in enumerate(val_losses, start=1)
    )


def run(
    name: str = "a",
    val_losses: Sequence[float | None] = LONG,
    state: RunState = RunState.FINISHED,
    *,
    accuracy: float = 0.5,
    test: float | None = None,
) -> Run:
    return stored(
        name,
        presets.load(presets.PLAIN),
        state=state,
        epochs=epochs(val_losses, accuracy=accuracy),
        evaluation=None if test is None else Evaluation(0.5, test, ((1,),)),
    )


@settings(max_examples=40)  # pandas takes its time
@given(st.lists(st.lists(NUMBERS, max_size=6), max_size=6))
def test_a_band_is_what_pandas_finds(curves: list[list[float]]) -> None:
    found = band([epochs(curve) for curve in curves], "val_loss")
    rows = [(number, value) for curve in curves for number, value in enumerate(curve, start=1)]
    frame = pd.DataFrame(rows, columns=["epoch", "value"])
    frame["finite"] = frame["value"].where(frame["value"].abs() < math.inf).astype(float)
    groups = frame.groupby("epoch")["finite"]
    assert [point.epoch for point in found] == list(groups.groups)
    assert [point.runs for point in found] == groups.count().tolist()
    for name, judged in (
        ("mean", groups.mean()),
        ("low", groups.quantile(0.1)),
        ("high", groups.quantile(0.9)),
    ):
        told = [getattr(point, name) for point in found]
        assert told == pytest.approx(judged.tolist(), rel=1e-9, abs=1e-6, nan_ok=True)


def test_a_band_of_one_run_is_its_curve() -> None:
    for point, value in zip(band([epochs(LONG)], "val_loss"), LONG, strict=True):
        assert (point.runs, point.mean, point.low, point.high) == (1, value, value, value)


@pytest.mark.parametrize("curves", [[], [()], [(), ()]])
def test_without_epochs_there_is_no_band(curves: list[tuple[Epoch, ...]]) -> None:
    assert band(curves, "loss") == ()
    assert lowest(()) is None


def test_without_validation_there_is_a_band_of_the_training_only() -> None:
    curves = [epochs((None, None))]
    assert band(curves, "val_loss") == ()
    assert [point.mean for point in band(curves, "loss")] == [1, 0.5]


def test_a_run_that_broke_does_not_count() -> None:
    points = band([epochs((0.5, math.nan)), epochs((0.7, 0.6, 0.5))], "val_loss")
    assert [point.runs for point in points] == [2, 1, 1]
    broken = band([epochs((math.inf,))], "val_loss")[0]
    assert broken.runs == 0
    assert math.isnan(broken.mean)


def test_the_lowest_mean_is_one_of_all_runs() -> None:
    points = band([epochs((0.9, 0.4, 0.5)), epochs((0.7, 0.6, 0.7, 0.1))], "val_loss")
    best = lowest(points)
    assert best is not None
    assert (best.epoch, best.mean) == (2, pytest.approx(0.5))
    assert lowest(band([epochs((math.nan,))], "val_loss")) is None


def test_where_a_band_thins_out() -> None:
    assert thins_out(band([epochs(LONG), epochs(LONG)], "val_loss")) is None
    assert thins_out(band([epochs(LONG), epochs(LONG[:3])], "val_loss")) == 4
    assert thins_out(band([epochs(LONG), epochs((0.5, math.nan))], "val_loss")) == 2
    assert thins_out(()) is None


@settings(max_examples=40)  # pandas takes its time
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20))
def test_a_spread_is_what_pandas_finds(values: list[float]) -> None:
    found, judged = spread(values), pd.Series(values)
    assert found is not None
    assert (found.n, found.low, found.high) == (judged.count(), judged.min(), judged.max())
    assert found.mean == pytest.approx(judged.mean(), abs=1e-9)
    if len(values) == 1:
        assert found.deviation is None
    else:
        assert found.deviation == pytest.approx(judged.std(), rel=1e-6, abs=1e-9)


def test_nothing_has_no_spread() -> None:
    assert spread([]) is None


def test_turning_points_reached_and_not_reached_stay_apart() -> None:
    found = turns(
        [
            run("late", (0.9, *LONG)),
            run("early"),
            run("falls", (0.9, 0.5)),
            run("none", (None, None)),
            run("zero", ()),
        ]
    )
    assert [(one.run, one.epoch) for one in found.reached] == [("early", 4), ("late", 5)]
    assert [(one.run, one.epoch) for one in found.open] == [("falls", 2)]
    assert not {"none", "zero"} & {turned.run for turned in (*found.reached, *found.open)}
    assert found.spread == spread([4, 5])
    assert turns([]).spread is None


def test_what_is_measured() -> None:
    one = run(test=0.75)
    assert measured(one, "val_loss") == 0.40
    assert measured(one, "val_accuracy") == 0.5
    assert measured(one, "turning_point") == 4
    assert measured(one, "gap") == pytest.approx(0.6 - 1 / 8)
    assert measured(one, "test_accuracy") == 0.75
    assert last(one, "val_loss") == 0.60
    assert measured(run(val_losses=(0.9, 0.5)), "turning_point") is None
    for measure in ("val_loss", "val_accuracy", "turning_point", "gap", "test_accuracy"):
        assert measured(run(val_losses=()), measure) is None  # type: ignore[arg-type]
        assert measured(run(val_losses=(None,)), measure) is None  # type: ignore[arg-type]
    assert measured(run(val_losses=(0.5, math.nan)), "gap") is None
    assert measured(run(val_losses=(0.5, math.nan)), "val_loss") == 0.5
    assert last(run(val_losses=()), "loss") is None
    assert last(run(val_losses=(0.5, math.inf)), "val_loss") is None


@settings(max_examples=40)  # pandas takes its time
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from([1, 2]), st.floats(0, 1), st.sampled_from(RunState)
        ),
        max_size=12,
    )
)
def test_cells_are_what_pandas_finds(rows: list[tuple[str, int, float, RunState]]) -> None:
    runs = [
        ((one, two), run(str(n), state=state, test=value)) for n, (one, two, value, state) in enumerate(rows)
    ]
    found = cells(runs, "test_accuracy")
    frame = pd.DataFrame(rows, columns=["one", "two", "value", "state"])
    groups = frame.groupby(["one", "two"], sort=False)
    assert set(found) == set(groups.groups)
    assert list(found) == list(dict.fromkeys((one, two) for one, two, *_ in rows))
    for levels, group in groups:
        cell = found[levels]  # type: ignore[index]
        finished = group.loc[group["state"] == "finished", "value"]
        assert (cell.levels, cell.runs) == (levels, len(group))
        assert list(cell.values) == finished.tolist()
        if len(finished):
            assert cell.spread is not None
            assert cell.spread.n == finished.count()
            assert cell.spread.mean == pytest.approx(finished.mean())
            assert (cell.spread.low, cell.spread.high) == (finished.min(), finished.max())
        else:
            assert cell.spread is None
