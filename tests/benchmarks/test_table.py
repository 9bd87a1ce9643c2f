"""The table of `benchmarks/all.py`: its arithmetic, what it keeps, and that README says what was measured."""

from __future__ import annotations

import json
import math
import statistics
import tomllib
from pathlib import Path

import numpy as np
import pytest

from benchmarks import all as table_of_all
from benchmarks import plain_course
from benchmarks.table import Figure, Kept, Machine, between, geometric_mean, listed, markdown, number
from core import presets
from core.datasets.preparation import split_rows

MACHINE = Machine("A processor", 2, 24, "3.11.7", {"keras": "3.15.1"})
HERE = "imdb-multi-hot"


def pair(fit: float, course: float, in_order: float | None = None, *, quick: bool = False) -> dict:
    """One sample as the processes give it."""
    plain = {"course": course, "whole": 20.0, "megabytes": 8000.0}
    if in_order is not None:
        plain["in_order"] = in_order
    return {"ours": {"fit": fit, "whole": 5.0, "megabytes": 1000.0}, "plain": plain, "quick": quick}


def filled() -> Kept:
    kept = Kept(MACHINE)
    for number_, preset in enumerate(table_of_all.PRESETS):
        for one, fit in enumerate((1.0, 3.0, 2.0), 1):
            kept.add("training", f"{preset} {one}", pair(fit, 10.0 + number_), 60.0, "2026-11-29")
    return kept


def test_ratios_are_medians_over_pairs_against_the_quicker_plain_way() -> None:
    samples = {f"{HERE} 1": pair(2, 10, 8), f"{HERE} 2": pair(1, 10, 12), f"{HERE} 3": pair(9, 10, 30)}
    found = table_of_all.ratios(samples, HERE)
    assert found["training"] == statistics.median((2 / 8, 1 / 10, 9 / 10))
    assert (found["whole"], found["memory"], found["pairs"]) == (0.25, 0.125, 3)
    assert table_of_all.ratios(samples, "imdb-lstm") == {}


def test_the_mean_is_geometric_and_only_of_all_ten() -> None:
    assert geometric_mean([0.1, 0.4]) == pytest.approx(0.2)
    assert math.isnan(geometric_mean([]))
    kept = filled()
    first, *_ = table_of_all.figures(kept)
    each = [2 / (10 + number_) for number_ in range(1, 11)]
    assert first.value == pytest.approx(float(np.exp(np.mean(np.log(each)))))
    assert first.goal == 0.25
    del kept.samples("training")["imdb-lstm 1"], kept.samples("training")["imdb-lstm 2"]
    del kept.samples("training")["imdb-lstm 3"]
    assert not any("mean" in one.name for one in table_of_all.figures(kept))


def test_each_preset_has_the_goal_that_was_set() -> None:
    goals = {one.name: one.goal for one in table_of_all.figures(filled())}
    for preset, training, whole in (
        ("fashion-deep", 0.5, 0.5),
        ("imdb-lstm", 0.8, 0.5),
        ("mnist-convnet", 0.8, 0.5),
        ("reuters-multi-hot", 0.25, 0.5),
        ("imdb-multi-hot", 0.5, 0.25),
        ("digits-first-network", None, None),
    ):
        assert goals[f"{preset}: training of plain Keras'"] == training
        assert goals[f"{preset}: whole command of plain Keras'"] == whole
    assert goals["imdb-multi-hot: memory of plain Keras'"] == 0.13


def test_goals_are_missed_by_more_and_by_what_is_no_number() -> None:
    assert Figure("a", "b", 0.5, goal=0.5).met
    assert not Figure("a", "b", 0.51, goal=0.5).met
    assert not Figure("a", "b", math.nan, goal=0.5).met
    assert Figure("a", "b", 9.0).met is None


def test_tables_are_markdown_with_units_and_what_was_missed() -> None:
    assert markdown(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"
    assert [number(v, u) for v, u in ((0.2, ""), (1234.5, "MB"), (1.5, "s"), (None, "s"))] == [
        "0.20", "1,234 MB", "1.50 s", "",
    ]  # fmt: skip
    last = listed([Figure("x", "waits", 2.5, "s", 2.0, "cold")]).splitlines()[-1]
    assert last == "| waits (cold) | 2.50 s | ≤ 2.00 s **missed** |"


def test_quick_figures_are_called_so() -> None:
    kept = filled()
    assert "3 pairs" in table_of_all.told(kept)
    assert "quick" not in table_of_all.told(kept)
    kept.samples("training")[f"{HERE} 1"]["quick"] = True
    assert "quick: plain Keras trained for at most 4 epochs" in table_of_all.told(kept)


def test_a_measurement_broken_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for, broken = [], {"b 1"}

    def part(asked: table_of_all.Asked) -> table_of_all.Samples:
        for key in ("a 1", "b 1", "c 1"):
            yield key, lambda key=key: call(key)

    def call(key: str) -> dict:
        asked_for.append(key)
        if key in broken:
            raise ChildProcessError("killed")
        return pair(1, 10)

    monkeypatch.setitem(table_of_all.PARTS, "training", part)
    path, asked = tmp_path / "figures.json", table_of_all.Asked(tmp_path)
    (trouble,) = table_of_all.measure(Kept(MACHINE), ["training"], asked, path)
    assert "b 1: killed" in trouble
    broken.clear()
    kept = Kept.load(path)
    assert (kept.machine, table_of_all.measure(kept, ["training"], asked, path)) == (MACHINE, [])
    assert asked_for == ["a 1", "b 1", "c 1", "b 1"]
    assert set(Kept.load(path).samples("training")) == {"a 1", "b 1", "c 1"}


def test_a_process_that_fails_says_what_it_said() -> None:
    with pytest.raises(ChildProcessError, match="the reason"):
        table_of_all.process(["-c", "raise SystemExit('the reason')"], table_of_all.ENVIRONMENT)
    found, seconds, megabytes = table_of_all.process(
        ["-c", "print('x'); print('[1]')"], table_of_all.ENVIRONMENT
    )
    assert (found, seconds > 0, megabytes > 1) == ([1], True, True)


@pytest.mark.parametrize("preset", table_of_all.PRESETS)
def test_the_plain_way_has_the_same_samples_and_settings(preset: str) -> None:
    experiment = presets.load(preset)
    found = tomllib.loads((plain_course.PRESETS / f"{preset}.toml").read_text(encoding="utf-8"))
    numbers = np.arange(5_000)
    if experiment.split.kind == "first":
        found["split"]["count"] = 1_000
        split = experiment.split.model_copy(update={"count": 1_000})
    else:
        split = experiment.split
    rows = split_rows(split, np.zeros(5_000, np.uint8))
    trained, _, kept, *_ = plain_course.split(found, numbers, numbers, [], [])
    assert list(trained) == list(rows.training)
    assert kept is None if experiment.split.kind == "none" else set(kept) == set(rows.validation)
    assert found["optimizer"]["learning_rate"] == 0.001  # Keras' own, which the plain way leaves to it
    for row in found["layers"]:
        assert not any(row.get(name) for name in ("l1", "l2", "return_sequences"))
        assert (row.get("padding", "valid"), row.get("stride", 1)) == ("valid", 1)


def test_epochs_left_out_take_the_median_of_those_after_the_first() -> None:
    assert plain_course.left({"epochs": 10}, [0.0, 5.0, 6.0, 7.0, 9.0]) == 6 * 1.0
    assert plain_course.left({"epochs": 2}, [0.0, 5.0, 6.0]) == 0.0


def test_text_between_markers_is_replaced_and_nothing_else() -> None:
    assert between("a <b> old <e> z", "<b>", "<e>", "new") == "a <b>\nnew\n<e> z"
    with pytest.raises(ValueError, match="once each"):
        between("<e> <b>", "<b>", "<e>", "new")


def test_readme_says_what_was_measured() -> None:
    text = table_of_all.README.read_text(encoding="utf-8")
    kept = Kept.load(table_of_all.FIGURES)
    new = between(text, table_of_all.BEGIN, table_of_all.END, table_of_all.told(kept))
    assert new == text, "python benchmarks/all.py --write-readme"
    assert json.loads(table_of_all.FIGURES.read_text(encoding="utf-8"))["machine"]["processor"] in text
