"""How sure a network is, as the run page tells and draws it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from core.analysis.calibration import calibration
from core.datasets import TextDataset
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.errors import DataMissingError
from core.experiment import NoSplit
from core.run import RunState
from core.storage import Store
from core.training import artifact_names
from dashboard.run import epoch_answers
from dashboard.run.confidence import text as decide
from dashboard.run.confidence.figures import calibration_by_epoch, confidences, reliability, tallest_bars
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import opened, words

SAY = language("en")
LABELS = np.arange(200, dtype=np.uint8) % 10


def answers(confidence: float, accuracy: float) -> NDArray[np.float16]:
    """Two hundred answers of one confidence, of which this share is right."""
    taken = LABELS.astype(np.int64)
    taken[round(accuracy * len(taken)) :] += 1
    rest = (1 - confidence) / 9
    found = np.full((len(LABELS), 10), rest)
    found[np.arange(len(LABELS)), taken % 10] = confidence
    return found.astype(np.float16)


#: Epoch 4 is the turning point of `runs.TURNING`; from there on it grows surer, not better.
COURSE = [(0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.8), (0.84, 0.8), (0.88, 0.8), (0.92, 0.8), (0.96, 0.8)]


@pytest.fixture(autouse=True)
def _test_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The labels of these answers in the place of a data set's."""
    texts = RaggedTokens.of([[1]] * len(LABELS))
    made = TextDataset("mnist", ("",) * 10, LABELS, LABELS, texts, texts, Vocabulary(("word",)))
    monkeypatch.setattr(services, "dataset", lambda name: made)


def sure_run(store: Store, **more: Any) -> str:
    """A run that kept its answers."""
    run = runs.over(store, **more)
    artifacts = services.artifacts()
    artifacts.save_array(run, artifact_names.PREDICTED_ROWS, np.arange(len(LABELS)))
    artifacts.save_array(run, artifact_names.PREDICTED_LABELS, LABELS)
    for epoch, course in enumerate(COURSE, start=1):
        artifacts.save_array(run, artifact_names.predictions(epoch), answers(*course))
    artifacts.save_array(run, artifact_names.TEST_PROBABILITIES, answers(0.96, 0.75).astype(np.float32))
    return run


def open_page(run: str, lang: str = "en") -> AppTest:
    return opened("run", lang, state={"run-tabs": language(lang)("run.tab.confidence")}, run=run)


# Decisions


@pytest.mark.parametrize(
    ("here", "end", "kind"),
    [
        ((0.8, 0.8), (0.96, 0.8), "surer"),
        ((0.8, 0.8), (0.96, 0.79), "surer"),
        ((0.8, 0.8), (0.96, 0.7), "surer_worse"),
        ((0.8, 0.7), (0.96, 0.8), "plain"),
        ((0.8, 0.8), (0.8, 0.8), "plain"),
    ],
)
def test_what_became_of_it(here: tuple[float, float], end: tuple[float, float], kind: str) -> None:
    found = [calibration(answers(*each), LABELS) for each in (here, end)]
    said = decide.course(found[0], found[1], 4, 8)
    assert said[0].key == f"calibration.course.{kind}"
    assert all(sentence.said(SAY) for sentence in said)
    assert decide.course(found[0], found[0], 8, 8)[0].key == "calibration.course.same"


@pytest.mark.parametrize(
    ("answer", "kind"), [((0.96, 0.8), "over"), ((0.5, 0.8), "under"), ((0.8, 0.8), "close")]
)
def test_how_sure_it_is(answer: tuple[float, float], kind: str) -> None:
    found = calibration(answers(*answer), LABELS)
    assert decide.state(found)[0].key == f"calibration.state.{kind}"


def test_a_perfect_network_has_no_wrong_answers_to_speak_of() -> None:
    perfect = calibration(np.eye(10)[LABELS], LABELS)
    assert decide.sureness(perfect).key == "calibration.sureness.perfect"
    assert "–" not in decide.sureness(perfect).said(SAY)
    none = calibration(np.eye(10)[(LABELS + 1) % 10], LABELS)
    assert decide.sureness(none).details["right"] == "–"
    assert (none.error, none.accuracy) == (1, 0)


def test_what_was_kept_gives_what_the_probabilities_give(store: Store) -> None:
    run = store.get(sure_run(store))
    back = epoch_answers.read_answers(services.artifacts(), run)
    assert back.answers is not None
    for found, course in zip(decide.by_epoch(back.answers, 15), COURSE, strict=True):
        wanted = calibration(answers(*course), LABELS, n_bins=15)
        assert found.error == pytest.approx(wanted.error)
        assert (found.accuracy, found.samples) == (wanted.accuracy, wanted.samples)


# Figures


def test_the_bars_are_the_bins() -> None:
    random = np.random.default_rng(3)
    shares = random.dirichlet(np.ones(10) * 0.2, len(LABELS))
    found = calibration(shares, LABELS, n_bins=10)
    filled = [one for one in found.bins if one.count]
    accuracy, difference, diagonal = reliability(found, SAY).data
    assert list(accuracy.y) == pytest.approx([one.accuracy for one in filled])
    tops = np.array(difference.base) + np.array(difference.y)
    assert tops.tolist() == pytest.approx([one.confidence for one in filled])
    assert (diagonal.x, diagonal.y) == ((0, 1), (0, 1))
    right, wrong = confidences(found, SAY, tallest=tallest_bars([found])).data
    assert sum(right.y) + sum(wrong.y) == found.samples
    assert list(right.y) == [one.right for one in found.bins]
    assert sum(wrong.y) == found.wrong


def test_two_histograms_have_the_same_scales() -> None:
    first, second = (calibration(answers(*each), LABELS) for each in ((0.8, 0.8), (0.96, 0.5)))
    tallest = tallest_bars([first, second])
    assert tallest == (160, 100)
    ranges = [confidences(each, SAY, tallest=tallest).layout.yaxis2.range for each in (first, second)]
    assert ranges[0] == ranges[1]


def test_the_curves_are_those_of_the_epochs() -> None:
    found = [calibration(answers(*course), LABELS) for course in COURSE]
    found[2] = replace(found[2], confidence_wrong=math.nan)
    accuracy, sure, wrong, error = calibration_by_epoch(range(1, 9), found, SAY, at=4, confirmed=True).data
    assert list(accuracy.y) == pytest.approx([one.accuracy for one in found])
    assert list(sure.y) == pytest.approx([one.confidence for one in found])
    assert wrong.y[2] is None
    assert list(error.y) == pytest.approx([one.error for one in found])


# The page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_grew_surer_but_not_better(store: Store, lang: str) -> None:
    t = language(lang)
    test = open_page(sure_run(store), lang)
    text = words(test)
    details = {"accuracy_here": "80.0%", "accuracy_end": "80.0%"}
    sure = {"confidence_here": "80.0%", "confidence_end": "96.0%"}
    assert t("calibration.course.surer", at=4, last=8, **details, **sure) in text
    assert t("calibration.course.wrong", sure="90%", at=4, last=8, sure_here=0, wrong_here=40,
               sure_end=40, wrong_end=40) in text  # fmt: skip
    assert t("calibration.at.turn", epoch=4) in text
    assert t("calibration.test.about", epoch=8, samples="200") in text
    assert len(test.get("plotly_chart")) == 7


def test_other_bins(store: Store) -> None:
    test = open_page(sure_run(store))
    test.segmented_control(key="calibration-bins").select(5).run()
    assert not test.exception
    assert len(test.get("plotly_chart")) == 7


def test_the_last_epoch_alone(store: Store) -> None:
    run = sure_run(store, val_losses=tuple(1 / number for number in range(1, 9)))
    test = open_page(run)
    assert SAY("calibration.course.same", at=8) in words(test)
    assert SAY("calibration.last") in words(test)
    assert len(test.get("plotly_chart")) == 5


def test_without_validation_the_test_set_is_left(store: Store) -> None:
    run = runs.over(store, val_losses=(None, None), split=NoSplit())
    services.artifacts().save_array(
        run, artifact_names.TEST_PROBABILITIES, answers(0.9, 0.8).astype(np.float32)
    )
    test = open_page(run)
    assert SAY("lookback.no_validation") in words(test)
    assert len(test.get("plotly_chart")) == 2


def test_a_run_that_failed_kept_what_it_had(store: Store) -> None:
    test = open_page(sure_run(store, state=RunState.FAILED))
    assert SAY("calibration.at.turn", epoch=4) in words(test)
    assert SAY("calibration.test") not in words(test)


def test_answers_that_are_no_numbers(store: Store) -> None:
    run = sure_run(store)
    broken = answers(0.9, 0.8).astype(np.float32)
    broken[:3] = np.nan
    services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, broken)
    assert SAY("calibration.left_out", count="3") in words(open_page(run))
    services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, np.full_like(broken, np.nan))
    assert SAY("calibration.no_numbers") in words(open_page(run))


def test_nothing_to_compare_the_answers_with(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = sure_run(store)
    services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, answers(0.9, 0.8)[:5])
    assert SAY("calibration.other_data") in words(open_page(run))

    def missing(name: str) -> TextDataset:
        raise DataMissingError("data_missing", dataset=name, files="mnist.npz")

    monkeypatch.setattr(services, "dataset", missing)
    name = SAY(f"option.dataset.{store.get(run).experiment.dataset}")
    assert SAY("calibration.data_missing", dataset=name) in words(open_page(run))


def test_a_run_without_answers_says_so(store: Store) -> None:
    test = open_page(runs.over(store))
    assert SAY("lookback.missing") in words(test)
    assert artifact_names.TEST_PROBABILITIES in words(test)
