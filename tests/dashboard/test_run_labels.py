"""Labels wrong on purpose: said in the lab and on the run's page, and when they were learned by heart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.memorization import (
    ANSWERS,
    LabelHistory,
    label_shares,
    memorization,
    memorized_since,
    watched_samples,
)
from core.analysis.turning_point import Turn, turning_point_of
from core.experiment import Experiment, NoSplit, ReplacedLabels, ShuffledLabels
from core.storage import Artifacts, Store
from core.training import artifact_names
from dashboard.run.exported import run_page
from dashboard.run.look_back import figures, text
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.run_words import class_names, label_note, settings_of
from tests.dashboard import runs
from tests.dashboard.pages import opened, words
from tests.training.experiments import experiment_on_texts

SAY = language("en")
NOISY = ReplacedLabels(share=0.25)
#: Of 40 wrongly labelled samples, so many are answered with the wrong label and with the true class after each epoch.
AS_GIVEN, AS_TRUE = (2, 3, 4, 8, 16, 24, 30, 36), (10, 24, 32, 28, 20, 12, 6, 2)


@pytest.fixture
def artifacts() -> Artifacts:
    return services.artifacts()


def course(right: int = 60) -> LabelHistory:
    """40 wrongly labelled samples of ten classes and some others, of which ever more are answered rightly."""
    true = np.arange(40 + right) % 10
    given = np.where(np.arange(40 + right) < 40, (true + 1) % 10, true)
    samples = watched_samples(np.arange(40 + right) + 5, true.astype(np.uint8), given.astype(np.uint8))
    answers = np.zeros((8, 40 + right), dtype=ANSWERS)
    for epoch, (as_given, as_true) in enumerate(zip(AS_GIVEN, AS_TRUE, strict=True)):
        predicted = (true + 2) % 10
        predicted[:as_given] = given[:as_given]
        predicted[40 - as_true : 40] = true[40 - as_true : 40]
        predicted[40 : 40 + right * (epoch + 1) // 8] = true[40 : 40 + right * (epoch + 1) // 8]
        answers["predicted"][epoch] = predicted
        answers["of_given"][epoch] = np.where(predicted == given, 0.8, 0.1)
        answers["of_true"][epoch] = np.where(predicted == true, 0.75, 0.125)
    return LabelHistory(tuple(range(1, 9)), samples, answers)


def keep(artifacts: Artifacts, run: str, history: LabelHistory) -> None:
    artifacts.save_array(run, artifact_names.WATCHED, history.samples)
    for epoch, answers in zip(history.epochs, history.answers, strict=True):
        artifacts.save_array(run, artifact_names.watched(epoch), answers)


def open_tab(run: str, lang: str = "en", **state: object) -> AppTest:
    tab = {"run-tabs": language(lang)("run.tab.lookback")}
    return opened("run", lang, state={**tab, **state}, run=run)


# The run's page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_course_is_told_with_its_numbers(store: Store, artifacts: Artifacts, lang: str) -> None:
    t = language(lang)
    run = runs.over(store, labels=NOISY)
    keep(artifacts, run, course())
    shown = words(open_tab(run, lang))
    for sentence in (
        t("lookback.labels.watched", wrong="40", right="60"),
        t("lookback.labels.truth", epoch=3, true="80.0%", given="10.0%"),
        t("lookback.labels.then", by_heart=6, epoch=8, given="90.0%", true="5.0%"),
        t("lookback.labels.turn", epoch=4, given="20.0%", end="90.0%"),
        t("labels.note.replaced", wrong="262", samples="1,050", share="25.0%"),
    ):
        assert sentence in shown


def test_the_figure_shows_the_shares(store: Store) -> None:
    history = course()
    turn = turning_point_of(store.get(runs.over(store))).loss
    right, as_true, as_given = figures.labels_learned(history.epochs, label_shares(history), turn, SAY).data
    assert list(as_given.y) == [count / 40 for count in AS_GIVEN]
    assert list(as_true.y) == [count / 40 for count in AS_TRUE]
    assert list(right.y) == pytest.approx([(60 * epoch // 8) / 60 for epoch in range(1, 9)])
    assert len(figures.labels_learned(history.epochs, label_shares(course(0)), turn, SAY).data) == 2
    one = figures.label_course(history, 0, class_names("digits", SAY), turn, SAY)
    np.testing.assert_allclose(one.data[0].y, history.answers["of_true"][:, 0].astype(float))
    np.testing.assert_allclose(one.data[1].y, history.answers["of_given"][:, 0].astype(float))


def test_samples_are_sorted_by_what_became_of_them(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store, labels=NOISY)
    keep(artifacts, run, course())
    test = open_tab(run)
    which = test.segmented_control(key="lookback-labels-which")
    assert which.options == [
        SAY("lookback.labels.which.by_heart", count=36),
        SAY("lookback.labels.which.truth", count=2),
        SAY("lookback.labels.which.neither", count=2),
    ]
    test.session_state["lookback-labels-by_heart-open"] = 5 + 20  # with its label from epoch 6 on
    test.run()
    assert not test.exception
    told = SAY("lookback.labels.course.by_heart", row=25, true="0", given="1", epochs="2–5", since=6)
    assert told in words(test)
    which.set_value("neither").run()
    assert not test.exception


@pytest.mark.parametrize(
    ("sample", "key", "details"),
    [
        (0, "lookback.labels.never.by_heart", {"since": 1}),
        (20, "lookback.labels.course.by_heart", {"since": 6, "epochs": "2–5"}),
        (39, "lookback.labels.course", {"epochs": "1–8", "predicted": "9"}),
        (37, "lookback.labels.course", {"epochs": "1–7", "predicted": "9"}),
    ],
)
def test_one_sample_in_words(sample: int, key: str, details: dict[str, Any]) -> None:
    history = course()
    since = memorized_since(history)
    told = text.label_course(history, sample, since, class_names("digits", SAY))
    assert told.key == key
    assert details.items() <= told.details.items()
    card = text.label_card(history, sample, since, class_names("digits", SAY), SAY, narrow=True)
    assert card.row == sample + 5
    assert card.lines[:2] == (str(sample % 10), SAY("lookback.labels.card.label", name=(sample + 1) % 10))


NONE = Turn(None, float("nan"), confirmed=False, epochs_after=0)


def keys(experiment: Experiment, history: LabelHistory, turn: Turn = NONE) -> list[str]:
    shares = label_shares(history)
    found = memorization(history, shares)
    return [one.key for one in text.labels_sentences(experiment, history, shares, found, turn)]


def test_only_what_is_so_is_said(store: Store) -> None:
    def of(**changes: Any) -> Experiment:
        return store.get(runs.queued(store, **changes)).experiment

    whole, before = course(), course()
    early = LabelHistory(before.epochs[:4], before.samples, before.answers[:4])
    first = ["lookback.labels.watched", "lookback.labels.truth"]
    assert keys(of(labels=NOISY), whole) == [*first, "lookback.labels.then"]
    assert keys(of(labels=NOISY), early) == [*first, "lookback.labels.not_yet"]
    # From labels that say nothing no rule can come, whatever chance did.
    end = ["lookback.labels.watched", "lookback.labels.end"]
    assert keys(of(labels=ShuffledLabels()), whole) == [*end, "lookback.labels.known"]
    assert keys(of(labels=ShuffledLabels()), early) == end
    most = ReplacedLabels(share=0.95)
    assert keys(of(labels=most), course(0)) == [
        "lookback.labels.watched.wrong",
        "lookback.labels.end",
        "lookback.labels.known",
    ]


def test_of_two_classes_the_wrong_one_can_be_the_rule() -> None:
    history = course()
    samples = history.samples.copy()
    samples["true"], samples["given"] = samples["true"] % 2, samples["given"] % 2
    answers = history.answers.copy()
    answers["predicted"] %= 2
    binary = LabelHistory(history.epochs, samples, answers)
    mostly = experiment_on_texts(labels={"kind": "replaced", "share": 0.7})
    assert keys(mostly, binary) == ["lookback.labels.watched", "lookback.labels.turned"]


def test_without_validation_the_labels_are_looked_back_at_all_the_same(
    store: Store, artifacts: Artifacts
) -> None:
    run = runs.over(store, val_losses=(None,) * 8, split=NoSplit(), labels=NOISY)
    keep(artifacts, run, course())
    shown = words(open_tab(run))
    assert SAY("lookback.labels.truth", epoch=3, true="80.0%", given="10.0%") in shown
    assert SAY("lookback.no_validation") in shown


def test_what_was_not_kept_or_is_damaged_is_said(store: Store, artifacts: Artifacts) -> None:
    run = runs.over(store, labels=NOISY)
    assert SAY("lookback.labels.missing") in words(open_tab(run))
    other = runs.over(store, labels=ShuffledLabels())
    keep(artifacts, other, course())
    artifacts.save_bytes(other, artifact_names.WATCHED, b"no array")
    test = open_tab(other)
    assert SAY("lookback.labels.title") not in words(test)
    assert SAY("lookback.missing") in words(test)  # and the page goes on


def test_a_run_with_right_labels_has_no_word_of_it(store: Store) -> None:
    for labels in ({"kind": "given"}, ReplacedLabels(share=0)):
        shown = words(open_tab(runs.over(store, labels=labels)))
        assert SAY("lookback.labels.title") not in shown
        assert SAY("lookback.labels.missing") not in shown
        assert "Label noise" not in shown


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_what_is_taken_home_has_the_curves_and_the_note(
    store: Store, artifacts: Artifacts, lang: str
) -> None:
    t = language(lang)
    run = runs.over(store, labels=NOISY)
    keep(artifacts, run, course())
    page = run_page(store.get(run), t, None)
    assert t("lookback.labels.title") in page
    assert t("lookback.labels.turn", epoch=4, given="20.0%", end="90.0%") in page
    assert t("labels.note.replaced", wrong="262", samples="1,050", share="25.0%") in page
    assert t("lookback.labels.title") not in run_page(store.get(runs.over(store)), t, None)


def test_two_runs_are_compared_by_their_labels(store: Store) -> None:
    both = [runs.over(store), runs.over(store, labels=NOISY)]
    shown = words(opened("compare", runs=",".join(both)))
    assert SAY("field.labels") in shown


# The lab


def test_the_lab_sets_them_and_says_what_that_means(monkeypatch: pytest.MonkeyPatch) -> None:
    test = opened("lab", preset="digits-first-network")
    box = next(one for one in test.selectbox if one.label == SAY("field.labels"))
    assert box.value == "given"
    assert "Label noise" not in words(test)
    box.set_value("replaced").run()
    assert not test.exception
    assert test.query_params["labels"] in ("replaced", ["replaced"])
    assert SAY("labels.note.replaced", wrong="262", samples="1,050", share="25.0%") in words(test)
    share = next(one for one in test.number_input if one.label == SAY("field.share"))
    share.set_value(0.4).run()
    assert test.query_params["labels"] in ("replaced:0.4", ["replaced:0.4"])
    assert SAY("labels.note.replaced", wrong="420", samples="1,050", share="40.0%") in words(test)
    next(one for one in test.selectbox if one.label == SAY("field.labels")).set_value("shuffled").run()
    assert SAY("labels.note.shuffled", samples="1,050") in words(test)
    assert not [one for one in test.number_input if one.label == SAY("field.share")]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_link_opens_them_and_settings_name_them(store: Store, lang: str) -> None:
    t = language(lang)
    test = opened("lab", lang, preset="digits-first-network", labels="replaced:0.3")
    assert t("labels.note.replaced", wrong="315", samples="1,050", share="30.0%") in words(test)
    experiment = store.get(runs.queued(store, labels=NOISY)).experiment
    listed = settings_of(experiment, t)
    assert listed[t("field.labels")] == f"{t('option.labels.replaced')} · {t('field.share')} 0.25"
    assert label_note(experiment.with_changes(labels={"kind": "given"}), t) is None
