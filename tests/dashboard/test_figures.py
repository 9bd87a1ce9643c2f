"""What is drawn and tabled equals what was recorded."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from core.analysis.classification import classification_report, largest_confusions
from core.analysis.loss_axis import loss_axis
from core.run import Epoch, RunState
from dashboard.live.live_curves import live_data
from dashboard.live.run_json import run_json
from dashboard.shared import services
from dashboard.shared.charts import colours
from dashboard.shared.charts.class_matrix import PREDICTED, TRUE
from dashboard.shared.charts.predictions import class_bars, confusion
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import CODES, language
from dashboard.shared.run_tables import (
    averages_table,
    confusion_table,
    epoch_table,
    layer_table,
    report_table,
)
from dashboard.shared.samples.matrix_cell import chosen_cell
from tests.dashboard import runs
from tests.dashboard.contrast import contrast

SAY = language("en")
DIGITS = [str(digit) for digit in range(10)]


@pytest.mark.parametrize("page", ["#ffffff", "#14191e"], ids=["light", "dark"])
@pytest.mark.parametrize("colour", [colours.TRAINING, colours.VALIDATION, colours.TURNING_POINT])
def test_lines_stand_out_on_both_pages(colour: str, page: str) -> None:
    assert contrast(colour, page) >= 3


def test_the_matrix_is_drawn_as_counted() -> None:
    figure = confusion(runs.MATRIX, DIGITS, SAY, form="counts")
    cells, words = figure.data
    assert np.array_equal(cells.z, np.array(runs.MATRIX))
    by_place = {(row, column): text for row, column, text in zip(words.y, words.x, words.text, strict=True)}
    assert by_place[3, 3] == "12"
    assert by_place[3, 5] == "1"
    assert by_place[0, 1] == ""
    assert figure.layout.yaxis.range == (9.5, -0.5)  # the first class on top
    assert list(figure.layout.xaxis.ticktext) == DIGITS


def test_the_matrix_as_shares_sums_to_one_in_each_row() -> None:
    cells, words = confusion(runs.MATRIX, DIGITS, SAY, form="shares").data
    assert np.allclose(np.array(cells.z).sum(axis=1), 1)
    assert cells.z[3][5] == pytest.approx(1 / 13)
    assert "92" in words.text
    assert np.array_equal(np.array(cells.customdata)[:, :, 0], np.array(runs.MATRIX))


def test_a_class_without_samples_is_an_empty_row() -> None:
    cells, _ = confusion([[5, 0], [0, 0]], ["a", "b"], SAY, form="shares").data
    assert np.array_equal(cells.z, [[1, 0], [0, 0]])


def test_many_classes_are_coloured_without_words() -> None:
    size = 46
    figure = confusion(
        np.eye(size, dtype=int).tolist(), [f"topic {n}" for n in range(size)], SAY, form="shares"
    )
    assert len(figure.data) == 1


@pytest.mark.parametrize("size", [3, 13])
def test_cells_that_can_be_pressed_know_their_classes(size: int) -> None:
    matrix = np.arange(size * size).reshape(size, size)
    names = [f"class {label}" for label in range(size)]
    figure = confusion(
        matrix.tolist(), names, SAY, form="shares", labels=(2, 0, 1), clickable=True, chosen=(2, 1)
    )
    heatmap, cells = figure.data[0], figure.data[-1]
    assert heatmap.hoverinfo == "skip"  # it lies below and would answer in their place
    for told, text in zip(cells.customdata, cells.text, strict=True):
        true, predicted = int(told[TRUE]), int(told[PREDICTED])
        assert text == f"class {true} → class {predicted}"
        assert told[2] == matrix[true, predicted]
    assert len(cells.x) == 9
    assert (cells.x[5], cells.y[5]) == (2, 1)
    assert chosen_cell({"selection": {"points": [{"customdata": cells.customdata[5]}]}}) == (0, 1)
    frame = figure.layout.shapes[-1]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 2.5, -0.5, 0.5)  # last column, first row


def test_cells_of_many_classes_stand_at_their_names() -> None:
    names = [f"class {label}" for label in range(13)]
    figure = confusion(np.eye(13, dtype=int).tolist(), names, SAY, form="counts", clickable=True)
    assert (figure.data[-1].x[14], figure.data[-1].y[14]) == ("class 1", "class 1")


@pytest.mark.parametrize("event", [None, {}, {"selection": {"points": []}}, {"selection": {"points": [{}]}}])
def test_no_cell_is_chosen_where_none_was_pressed(event: dict[str, Any] | None) -> None:
    assert chosen_cell(event) is None


def test_only_mistakes_leave_the_diagonal_empty() -> None:
    cells, words = confusion(runs.MATRIX, DIGITS, SAY, form="mistakes").data
    assert np.isnan(np.diagonal(cells.z)).all()
    assert [text for text in words.text if text] == ["1", "1"]


def test_a_part_of_the_classes_keeps_their_shares() -> None:
    figure = confusion(runs.MATRIX, DIGITS, SAY, form="shares", labels=(5, 3))
    assert np.allclose(figure.data[0].z, [[1, 0], [1 / 13, 12 / 13]])
    assert list(figure.layout.yaxis.ticktext) == ["5", "3"]


def test_what_explains_a_name_stands_beside_the_pointer_only() -> None:
    figure = confusion([[1, 0], [0, 1]], ["earn (earnings)", "(odd)"], SAY, form="counts")
    assert list(figure.layout.xaxis.ticktext) == ["earn", "(odd)"]
    assert figure.data[0].text[0][1] == "earn (earnings) → (odd)"


def test_many_classes_of_the_same_name_stay_apart() -> None:
    figure = confusion(np.eye(13, dtype=int).tolist(), ["same"] * 13, SAY, form="counts")
    assert len(set(figure.data[0].x)) == 13


def test_words_on_cells_fit_the_page() -> None:
    light = confusion(runs.MATRIX, DIGITS, SAY, form="shares").data[1].textfont.color
    dark = confusion(runs.MATRIX, DIGITS, SAY, form="shares", dark=True).data[1].textfont.color
    assert contrast(light, "#ffffff") > 7
    assert contrast(dark, "#14191e") > 7


def test_the_report_has_every_class_and_three_averages() -> None:
    found = classification_report(runs.MATRIX)
    table = report_table(found, DIGITS, SAY)
    assert len(table) == 10
    assert list(table.iloc[3, 1:]) == [1.0, pytest.approx(12 / 13), pytest.approx(24 / 25), 13]
    averages = averages_table(found, SAY)
    assert list(averages.iloc[0, 1:]) == [pytest.approx(120 / 122)] * 3
    assert averages.iloc[1, 1] == pytest.approx(np.mean([one.precision for one in found.classes]))


def test_confusions_are_tabled_with_their_names() -> None:
    table = confusion_table(largest_confusions(runs.MATRIX), DIGITS, SAY)
    assert table.to_numpy().tolist() == [["3", "5", 1, 100 / 13], ["8", "1", 1, 100 / 13]]


def test_the_epochs_are_tabled_as_recorded() -> None:
    store = services.store()
    run = store.get(runs.over(store))
    table = epoch_table(run.epochs, SAY)
    assert table.shape == (8, 7)
    assert list(table["Validation loss"]) == list(runs.TURNING)
    assert list(table["Epoch"]) == list(range(1, 9))


def test_columns_without_numbers_are_left_out() -> None:
    table = epoch_table([Epoch(1, 0.5, 0.8, None, None, 0.001, 0.1)], SAY)
    assert "Validation loss" not in table
    assert "Training loss" in table


def test_the_layers_are_tabled_as_keras_does() -> None:
    store = services.store()
    table = layer_table(store.get(runs.queued(store)).experiment.summary, SAY)
    assert list(table.iloc[:, 0]) == ["dense (Dense)", "dense_1 (Dense)"]
    assert list(table.iloc[:, 1]) == ["(None, 64)", "(None, 10)"]
    assert list(table.iloc[:, 2]) == [65 * 64, 65 * 10]


def test_the_curves_get_every_epoch_as_recorded() -> None:
    store = services.store()
    data = live_data(store.get(runs.over(store)), SAY)
    assert [epoch["val_loss"] for epoch in data["run"]["epochs"]] == list(runs.TURNING)
    assert [epoch["loss"] for epoch in data["run"]["epochs"]] == [1 / number for number in range(1, 9)]
    assert data["run"]["turning_point"]["loss"] == {"epoch": 4, "value": 0.4, "confirmed": True}
    assert data["validation"] is True


def test_the_curves_get_the_axes_of_all_epochs_though_only_new_ones_are_sent() -> None:
    store = services.store()
    run = store.get(runs.over(store, val_losses=(9.0, *runs.TURNING)))
    told = run_json(run, since=8)
    assert [epoch["number"] for epoch in told["epochs"]] == [9]
    curves = [epoch.loss for epoch in run.epochs], [epoch.val_loss for epoch in run.epochs]
    linear, log = told["loss_axes"]["linear"], told["loss_axes"]["log"]
    assert (tuple(linear["range"]), linear["cut"]) == (loss_axis(curves).range, 1)
    assert log["high"] > 9 > linear["high"]
    assert live_data(run, SAY, scale="log")["scale"] == "log"


@pytest.mark.parametrize("code", CODES)
def test_the_curves_get_their_words(code: str) -> None:
    store = services.store()
    words = live_data(store.get(runs.running(store)), language(code))["words"]
    assert set(words["states"]) >= {state.value for state in RunState}
    assert all(word for name, word in words.items() if name != "ended")


def test_a_failure_is_left_to_the_page_to_say() -> None:
    store = services.store()
    assert live_data(store.get(runs.over(store, RunState.FAILED)), SAY)["words"]["ended"] == ""
    assert live_data(store.get(runs.over(store)), SAY)["words"]["ended"] == "All 8 epochs were trained."


def test_no_number_reaches_the_browser_that_json_does_not_know() -> None:
    store = services.store()
    epochs = live_data(runs.with_nan(store), SAY)["run"]["epochs"]
    numbers = [value for epoch in epochs for value in epoch.values() if isinstance(value, float)]
    assert all(math.isfinite(number) for number in numbers)


def test_the_toolbar_speaks_the_readers_language() -> None:
    config = chart_config(language("ko"))
    assert config["locale"] == "ko"
    assert config["locales"]["ko"]["dictionary"]["Zoom"] == language("ko")("chart.zoom")
    assert config["displaylogo"] is False


def test_bars_of_few_classes_stand_by_label_with_words_at_two_of_them() -> None:
    shares = np.array([0.25, 0.7, 0.05], dtype=np.float32)
    figure = class_bars(shares, ["25%", "70%", "< 5%"], ["a", "b", "c"], SAY, true=0, predicted=1)
    (bars,) = figure.data
    assert list(bars.x) == pytest.approx([0.25, 0.7, 0.05])
    assert bars.text == ("<b>25%</b>", "<b>70%</b>", "&lt; 5%")  # else it would begin a tag
    names = figure.layout.yaxis.ticktext
    assert SAY("sample.bar.true") in names[0]
    assert SAY("sample.bar.predicted") in names[1]
    assert names[2] == "c"
    assert list(bars.marker.pattern.shape) == ["/", "", ""]


def test_bars_of_many_classes_stand_by_probability() -> None:
    shares = np.random.default_rng(1).dirichlet(np.ones(46)).astype(np.float32)
    names = [f"topic {label}" for label in range(46)]
    figure = class_bars(shares, ["x"] * 46, names, SAY, true=7, predicted=7)
    (bars,) = figure.data
    assert list(bars.x) == sorted(shares, reverse=True)
    assert [shares[label] for label in bars.customdata] == list(bars.x)
    marked = [label for label, text in zip(bars.customdata, bars.text, strict=True) if "<b>" in text]
    assert marked == [7]
    assert figure.layout.yaxis.range == (45.5, -0.5)  # the first one on top
