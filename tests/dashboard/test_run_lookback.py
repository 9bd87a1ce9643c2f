"""Looking back at any epoch of a run: what the page says, what the browser gets, what is not there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest

from core.analysis import training_dynamics
from core.analysis.confusion_reading import flows
from core.analysis.turning_point import turning_point
from core.errors import DataMissingError
from core.experiment import NoSplit
from core.run import Run, RunState
from core.storage import Artifacts, Store
from core.training import artifact_names
from dashboard.run import epoch_answers
from dashboard.run.epoch_answers import read_answers, remarks, span_words
from dashboard.run.flow_figure import least_share
from dashboard.run.look_back import figures
from dashboard.run.look_back.epoch_player import Rest, player_data, rest_of
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.matrix_words import column_sentence, flow_sentence, row_sentence
from tests.dashboard import runs
from tests.dashboard.pages import opened, words

SAY = language("en")
SAMPLES = 60


@pytest.fixture
def artifacts() -> Artifacts:
    return services.artifacts()


def keep(
    artifacts: Artifacts, run: str, epochs: int = 8, *, samples: int = SAMPLES, units: int = 10, seed: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    """Predictions as a worker keeps them; the labels, and (epochs, samples, units)."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, max(2, units), samples).astype(np.uint8)
    raw = (
        random.dirichlet(np.ones(units), (epochs, samples))
        if units > 1
        else random.random((epochs, samples, 1))
    )
    if units > 1:
        # More and more answers are right.
        for epoch in range(epochs):
            known = random.random(samples) < 0.4 + 0.05 * min(epoch, 10)
            raw[epoch, known] = 0.3 * raw[epoch, known] + 0.7 * np.eye(units)[labels[known]]
    artifacts.save_array(
        run, artifact_names.PREDICTED_ROWS, np.arange(1_000, 1_000 + samples, dtype=np.int64)
    )
    artifacts.save_array(run, artifact_names.PREDICTED_LABELS, labels)
    for number, one in enumerate(raw.astype(np.float16), start=1):
        artifacts.save_array(run, artifact_names.predictions(number), one)
    return labels, raw.astype(np.float16)


def open_tab(run: str, lang: str = "en") -> AppTest:
    return opened("run", lang, state={"run-tabs": language(lang)("run.tab.lookback")}, run=run)


def said_of(store: Store, artifacts: Artifacts, run: str) -> list[str]:
    found = store.get(run)
    return [one.key for one in remarks(found, read_answers(artifacts, found))]


# What is read


def test_all_epochs_are_read_as_they_were_kept(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    back = read_answers(artifacts, store.get(run))
    assert back.answers is not None
    assert back.answers.epochs == tuple(range(1, 9))
    np.testing.assert_array_equal(back.answers.labels, labels)
    np.testing.assert_array_equal(back.answers.predicted, raw.argmax(axis=2))
    assert said_of(store, artifacts, run) == ["lookback.samples.first"]


def test_of_many_epochs_some_are_chosen_and_the_turning_point_is_one(
    store: Store, artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epoch_answers, "MOST_EPOCHS", 10)
    losses = [1 / epoch if epoch <= 23 else 0.1 * epoch for epoch in range(1, 61)]
    run = runs.over(store, val_losses=losses, epochs=60)
    keep(artifacts, run, 60, samples=5)
    back = read_answers(artifacts, store.get(run))
    assert back.answers is not None
    assert back.epochs == 60
    assert len(back.answers.epochs) <= 11
    assert {1, 23, 60} <= set(back.answers.epochs)
    assert said_of(store, artifacts, run) == ["lookback.samples.first", "lookback.thinned"]


def test_damaged_epochs_and_those_without_numbers_are_left_out(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    keep(artifacts, run)
    artifacts.save_bytes(run, artifact_names.predictions(2), b"no array")
    artifacts.save_array(run, artifact_names.predictions(3), np.full((SAMPLES, 10), math.nan, np.float16))
    artifacts.save_array(run, artifact_names.predictions(4), np.zeros((3, 10), np.float16))
    back = read_answers(artifacts, store.get(run))
    assert back.answers is not None
    assert back.answers.epochs == (1, 5, 6, 7, 8)
    assert said_of(store, artifacts, run) == ["lookback.samples.first", "lookback.unreadable"]


def test_what_is_not_there_is_said(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    assert said_of(store, artifacts, run) == ["lookback.missing"]
    keep(artifacts, run, epochs=5)  # as of a run that went on where another one had lost its files
    assert said_of(store, artifacts, run) == ["lookback.samples.first", "lookback.some_kept"]
    artifacts.delete(run)
    assert said_of(store, artifacts, run) == ["lookback.missing"]
    broken = runs.over(store)
    keep(artifacts, broken)
    for epoch in range(1, 9):
        artifacts.save_bytes(broken, artifact_names.predictions(epoch), b"")
    assert said_of(store, artifacts, broken) == ["lookback.unreadable.all"]


def test_spans_are_written_briefly() -> None:
    assert span_words(((1, 1), (3, 7))) == "1, 3–7"
    assert span_words(tuple((2 * n, 2 * n) for n in range(1, 9))) == "2, 4, 6, 8, 10, 12, …"
    assert span_words(()) == ""


# What the browser gets


def filled(matrix: np.ndarray) -> list[int]:
    """The cells of a matrix as the browser gets them."""
    return [number for cell, count in enumerate(matrix.ravel().tolist()) if count for number in (cell, count)]


def data_of(run: Run, artifacts: Artifacts, labels: tuple[int, ...] = tuple(range(10))) -> dict[str, Any]:
    back = read_answers(artifacts, run)
    assert back.answers is not None
    turn = turning_point(run.epochs).loss
    names = decide.class_names(run.experiment.dataset, SAY)
    return player_data(run, back.answers, turn, names, labels, SAY, form="shares", at=4)


def test_the_browser_gets_the_numbers_of_each_epoch(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    data = data_of(store.get(run), artifacts)
    for place in range(8):
        expected = confusion_matrix(labels, raw[place].argmax(axis=1), labels=range(10))
        assert data["matrices"][place] == filled(expected)
        assert data["right"][place] == np.trace(expected)
        assert data["sizes"] == expected.sum(axis=1).tolist()
        for label, share in enumerate(data["shares"][place]):
            assert share == pytest.approx(expected[label, label] / expected[label].sum(), abs=1e-4)
    assert data["turn"]["place"] == 3
    assert data["turn"]["confirmed"]
    assert data["turn"]["label"] == SAY("lookback.turn.label", epoch=4)
    assert data["curves"]["validation"] == list(runs.TURNING)


def test_of_many_classes_the_browser_gets_those_shown(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    data = data_of(store.get(run), artifacts, labels=(7, 2))
    expected = confusion_matrix(labels, raw[0].argmax(axis=1), labels=[7, 2])
    assert data["matrices"][0] == filled(expected)
    assert data["sizes"] == [int((labels == 7).sum()), int((labels == 2).sum())]
    assert data["right"][0] == int((labels == raw[0].argmax(axis=1)).sum())


def test_numbers_that_json_does_not_know_become_none(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store, val_losses=(0.9, math.nan, 0.5))
    keep(artifacts, run, 3, samples=4)
    data = data_of(store.get(run), artifacts)
    assert data["curves"]["validation"] == [0.9, None, 0.5]
    assert None in data["shares"][0]  # four samples of ten classes


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"epoch": 3}, Rest(3)),
        ({"epoch": 3, "true": 1, "predicted": 9}, Rest(3, (1, 9))),
        ({"epoch": 3, "true": 1, "predicted": 10}, Rest(3)),
        ({"epoch": 3, "true": "1", "predicted": None}, Rest(3)),
        ({"epoch": 4}, None),
        ({"epoch": [3]}, None),
        ("3", None),
        (None, None),
    ],
)
def test_only_what_can_be_is_taken_from_a_browser(told: object, expected: Rest | None) -> None:
    assert rest_of(told, (1, 2, 3), 10) == expected


# Figures


def test_figures_show_what_was_counted(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    keep(artifacts, run)
    back = read_answers(artifacts, store.get(run)).answers
    assert back is not None
    turn = turning_point(store.get(run).epochs).loss
    bars = figures.learned_and_forgotten(back, turn, SAY)
    gained, lost = training_dynamics.flips(back.right)
    assert list(bars.data[0].y) == gained.tolist()
    assert list(bars.data[1].y) == (-lost).tolist()
    assert not any("-" in text for text in bars.layout.yaxis.ticktext)
    course = figures.answer_course(back, 3, 4, turn, SAY)
    np.testing.assert_allclose(course.data[0].y, back.of_true[:, 3].astype(float))
    assert list(course.data[1].x) == [
        e for e, right in zip(back.epochs, back.right[:, 3], strict=True) if right
    ]
    assert list(course.data[2].x) == [
        e for e, right in zip(back.epochs, back.right[:, 3], strict=True) if not right
    ]


@pytest.mark.parametrize("most", [0, 1, 3, 7, 12, 46, 350, 1_000])
def test_ticks_are_round_and_few(most: int) -> None:
    step = figures.tick_step(most)
    assert most // step <= 4
    assert step == 1 or most // step >= 1
    assert str(step).rstrip("0") in ("1", "2", "5")


# The page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_begins_at_the_turning_point(store: Store, artifacts: Artifacts, lang: str) -> None:
    t = language(lang)
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    test = open_tab(run, lang)
    shown = words(test)
    wrong = int((labels != raw[3].argmax(axis=1)).sum())
    assert t("lookback.mistakes", epoch=4) in shown
    assert t("lookback.mistakes.about", wrong=wrong, samples=SAMPLES) in shown
    assert t("lookback.turn.here") in shown
    validation = store.get(run).experiment.validation_size
    assert t("lookback.samples.first", samples=SAMPLES, validation=f"{validation:,}") in shown


def test_another_epoch_is_compared_with_the_turning_point(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    right = raw.argmax(axis=2) == labels
    test = open_tab(run)
    for epoch, key in ((8, "after"), (2, "before")):
        test.session_state[f"lookback-at-{run}"] = epoch
        test.run()
        lost, gained = right[3] & ~right[epoch - 1], ~right[3] & right[epoch - 1]
        told = SAY(f"lookback.turn.{key}", epoch=4, wrong=int(lost.sum()), right=int(gained.sum()))
        assert told in words(test)
    which = test.segmented_control(key="lookback-which")
    assert which.value == "wrong"
    which.set_value("newly_right").run()
    assert not test.exception


def test_what_was_learned_and_forgotten_when_is_the_other_part(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    right = raw.argmax(axis=2) == labels
    test = open_tab(run)
    test.segmented_control(key="lookback-part").set_value("courses").run()
    assert not test.exception
    test.radio(key="lookback-course").set_value("never").run()
    never = int((~right).all(axis=0).sum())
    share = f"{never / SAMPLES:.1%}"
    assert SAY("lookback.course.never", count=never, share=share) in test.radio(key="lookback-course").options


def test_the_matrix_of_the_epoch_is_read_in_words_and_drawn_as_flows(
    store: Store, artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[dict[str, Any]] = []
    monkeypatch.setattr("dashboard.run.matrix_reading.matrix_reader", lambda data, key: read.append(data))
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    test = open_tab(run)
    names = decide.class_names("digits", SAY)
    for epoch in (4, 8):
        test.session_state[f"lookback-at-{run}"] = epoch
        test.run()
        matrix = confusion_matrix(labels, raw[epoch - 1].argmax(axis=1), labels=range(10)).tolist()
        assert SAY("lookback.reading", epoch=epoch) in words(test)
        assert read[-1]["rows"] == [row_sentence(matrix, label, names, SAY) for label in range(10)]
        assert read[-1]["columns"] == [column_sentence(matrix, label, names, SAY) for label in range(10)]
    test.segmented_control(key="lookback-form-3").select("flows").run()
    assert not test.exception
    told = flow_sentence(flows(matrix, range(10), least_share(10)), names, SAY)
    assert escaped(told) in words(test)
    figures_of = [one.proto.spec for one in test.get("plotly_chart")]
    assert sum('"sankey"' in spec for spec in figures_of) == 1


def test_one_cell_alone_can_be_looked_at(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    labels, raw = keep(artifacts, run)
    taken = raw[3].argmax(axis=1)
    first = int(np.flatnonzero(labels != taken)[0])
    test = open_tab(run)
    test.selectbox(key="lookback-cell-true").set_value(int(labels[first]))
    test.selectbox(key="lookback-cell-predicted").set_value(int(taken[first])).run()
    assert not test.exception
    assert SAY("lookback.nothing") not in words(test)
    test.selectbox(key="lookback-cell-predicted").set_value(int(labels[first])).run()
    assert SAY("lookback.nothing") in words(test)


def test_an_open_sample_tells_its_course(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store)
    keep(artifacts, run)
    back = read_answers(artifacts, store.get(run)).answers
    assert back is not None
    first = training_dynamics.sample_prediction(back, 3, int(training_dynamics.mistaken(back, 3)[0]))
    test = open_tab(run)
    test.session_state["lookback-wrong-open"] = first.row
    test.run()
    spans = span_words(training_dynamics.correct_spans(back.epochs, back.right[:, first.row - 1_000]))
    assert not test.exception
    name = decide.class_names("digits", SAY)[first.true]
    key = "lookback.course" if spans else "lookback.course.unknown"
    assert SAY(key, row=f"{first.row:,}", name=name, epochs=spans) in words(test)


def test_without_the_data_the_numbers_are_still_there(
    store: Store, artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise DataMissingError("data_missing", dataset=name, files="")

    monkeypatch.setattr(services, "dataset", missing)
    run = runs.over(store)
    keep(artifacts, run)
    shown = words(open_tab(run))
    assert SAY("lookback.mistakes", epoch=4) in shown
    assert SAY("lookback.data_missing", dataset=SAY("option.dataset.digits")) in shown


def test_a_run_without_validation_says_so(store: Store) -> None:
    run = runs.over(store, val_losses=(None, None), split=NoSplit())
    assert SAY("lookback.no_validation") in words(open_tab(run))


def test_a_run_without_kept_predictions_says_so(store: Store) -> None:
    assert SAY("lookback.missing") in words(open_tab(runs.over(store, RunState.STOPPED)))
