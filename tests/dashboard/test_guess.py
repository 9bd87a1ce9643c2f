"""Which of two runs will win: asked before the test results are seen, kept, and told beside the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from core.analysis.agreement import pairwise_tests
from core.comparison import ComparisonPrediction
from core.run import Run, RunState
from core.storage import Store
from dashboard.compare.exported import comparison_page
from dashboard.compare.take_home import comparison_groups, comparison_pictures
from dashboard.live.winner import runs_to_see
from dashboard.live.winner.question import Onlooker, question_of
from dashboard.live.winner.text import Outcome, outcome_messages, outcome_of, when_said
from dashboard.shared import services
from dashboard.shared.compare_address import Wish
from dashboard.shared.hiding import PREDICT_FIRST
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import opened, press, run_again, words
from tests.dashboard.test_covered_runs import sent
from tests.dashboard.test_verdicts import answering, judged

SAY = language("en")
ME = Onlooker("student")
#: What 40 and 10 wrong answers of 297 come to, as pages and files write it.
OF_TEST = ("86.53", "0.8653", "86.5%", "96.63", "0.9663", "96.6%", "p < 0.001", "p-value", "McNemar")


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: "student")


@pytest.fixture
def labels() -> NDArray[np.uint8]:
    return services.dataset("digits").y_test


@pytest.fixture
def pair(store: Store, labels: NDArray[np.uint8]) -> Callable[..., list[str]]:
    """Two runs of which the second is clearly better."""

    def made(**more: Any) -> list[str]:
        return [
            judged(store, answering(labels, range(wrong)), seed=seed, **more)
            for seed, wrong in ((1, 40), (2, 10))
        ]

    return made


def found_in(text: str) -> list[str]:
    return [secret for secret in OF_TEST if secret in text]


# When it is asked


def test_it_is_asked_of_two_tested_runs_on_one_data_set(store: Store) -> None:
    open_, other, running = (
        store.get(run) for run in (runs.over(store), runs.over(store, seed=3), runs.running(store))
    )
    sealed = store.get(runs.over(store, sealed=True))
    theirs = replace(sealed, owner="somebody")
    covered = store.get(runs.over(store, covered=True, sealed=True))
    elsewhere = store.get(runs.over(store, dataset="mnist"))
    failed = store.get(runs.over(store, RunState.FAILED))
    wishing = replace(ME, wishes=True)

    def stage(*some: Run, looks: Onlooker = wishing) -> str:
        question = question_of(some, looks)
        return question.stage if question.obstacle is None else question.obstacle.key.rpartition(".")[2]

    assert stage(open_, other) == "ask"
    assert stage(open_, other, looks=ME) == "none"
    assert stage(open_, sealed, looks=ME) == "ask"
    assert stage(open_, running) == stage(sealed, running, looks=ME) == "wait"
    assert stage(open_, covered) == "covered"
    assert stage(open_) == stage(open_, other, sealed) == "two"
    assert stage(open_, elsewhere) == "other_data"
    assert stage(open_, theirs) == "of_another"
    assert stage(open_, theirs, looks=replace(ME, also_of=("somebody",))) == "ask"
    assert stage(open_, failed) == stage(sealed, replace(sealed, state=RunState.FAILED)) == "no_test"
    said = ComparisonPrediction(None, True, datetime.now(UTC), ())
    assert question_of((open_, other), ME, said).stage == "told"


# What is told


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    ("wrong", "truth", "judged_as"),
    [
        ((40, 10), "second", {"first": "other", "second": "right", "none": "missed"}),
        ((10, 40), "first", {"first": "right", "second": "other", "none": "missed"}),
        ((12, 15), "none", {"first": "not_shown", "second": "not_shown", "none": "right"}),
        ((12, 12), "none", {"first": "not_shown", "second": "not_shown", "none": "right"}),
    ],
)
def test_a_guess_is_told_beside_what_the_exact_test_shows(
    store: Store,
    labels: NDArray[np.uint8],
    wrong: tuple[int, int],
    truth: str,
    judged_as: dict[str, str],
    lang: str,
) -> None:
    t = language(lang)
    both = [store.get(runs.over(store, seed=seed)) for seed in (1, 2)]
    names = {both[0].id: "first", both[1].id: "second"}
    answers = {run.id: answering(labels, range(count)) for run, count in zip(both, wrong, strict=True)}
    (test,) = pairwise_tests(labels, answers)
    alone = abs(wrong[0] - wrong[1])
    p = binomtest(alone, alone).pvalue if alone else 1.0
    assert test.p == pytest.approx(p)
    assert (truth == "none") == (p >= 0.05)
    for guessed, result in judged_as.items():
        winner = next((run for run, name in names.items() if name == guessed), None)
        said = ComparisonPrediction(winner, False, datetime.now(UTC), ())
        outcome = Outcome(said, (both[0], both[1]), test)
        assert outcome.truth == truth
        messages = outcome_messages(outcome, {run: name.upper() for run, name in names.items()})
        assert [one.key for one in messages[::2]] == [
            "guess.said.none" if winner is None else "guess.said.run",
            f"guess.judged.{result}",
        ]
        told = messages[1].said(t)
        assert "297" in told
        if alone:
            assert all(str(number) in told for number in (*wrong, alone))
        if truth != "none":
            assert told.count("**") == 2
            assert truth.upper() in told.split("**")[1]
    shown = Outcome(ComparisonPrediction(None, True, datetime.now(UTC), ()), (both[0], both[1]), test)
    assert [one.key for one in outcome_messages(shown, names)][::2] == ["guess.said.shown"]


def test_where_the_answers_are_gone_the_accuracies_are_told(
    store: Store, pair: Callable[..., list[str]]
) -> None:
    ids = pair()
    said = store.predict_winner("student", ids, ids[1])
    services.artifacts().delete(ids[0])
    outcome = outcome_of(store.get_many(ids), said)
    assert outcome.truth == "unknown"
    told = " ".join(one.said(SAY) for one in outcome_messages(outcome, dict(zip(ids, "AB", strict=True))))
    assert "86.53%" in told
    assert "96.63%" in told
    assert when_said(said, UTC).key == "guess.made.none"


# The page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_two_sealed_runs_are_guessed_on_the_page_and_opened_by_it(
    store: Store, pair: Callable[..., list[str]], lang: str
) -> None:
    t, ids = language(lang), pair(sealed=True)
    test = opened("compare", lang, runs=",".join(ids))
    assert t("guess.curtain") in words(test)
    assert t("guess.opens", sealed=2, dataset=t("option.dataset.digits"), looks=0) in words(test)
    assert t("verdicts.title") not in words(test)
    assert [one.label for one in test.text_area] == [t("notes.hypothesis")], "notes may be written"
    assert not found_in(sent(test))
    assert "0.4000" in sent(test), "validation stays in sight"
    assert test.button(key="guess-submit").disabled
    run_again(test.radio(key=f"guess-{','.join(sorted(ids))}").set_value(ids[0]))
    press(test, "guess-submit")
    assert [run.opening.looks for run in store.get_many(ids) if run.opening is not None] == [1, 2]
    told = words(test)
    assert t("guess.said.run", winner="A") in told
    assert t("guess.judged.other") in told
    assert t("verdicts.title") in told
    assert "96.63" in sent(test)
    again = words(opened("compare", lang, runs=",".join(reversed(ids))))
    assert t("guess.said.run", winner="B") in again, "whatever the letters are now"
    page = comparison_page(Wish().joined_by(ids), {}, ME, UTC, t)
    assert t("guess.judged.other").replace("**", "") in page


def test_a_curtain_by_the_address_or_the_switch_falls_by_a_guess_or_a_press(
    store: Store, pair: Callable[..., list[str]]
) -> None:
    ids = pair()
    address = {"runs": ",".join(ids)}
    assert found_in(sent(opened("compare", "en", **address)))
    assert SAY("guess.curtain") in words(opened("compare", "en", state={PREDICT_FIRST: True}, **address))
    test = opened("compare", "en", guess="1", **address)
    assert not found_in(sent(test))
    # Whoever turns the page's switch changes the address, and sees what it hides.
    run_again(test.toggle(key="compare-guess").set_value(False))
    assert "guess" not in test.query_params
    assert found_in(sent(test))
    run_again(test.toggle(key="compare-guess").set_value(True))
    assert "1" in test.query_params["guess"]
    press(test, "guess-show")
    assert SAY("guess.said.shown") in words(test)
    assert found_in(sent(test))
    assert store.predicted_winner("student", ids).shown  # type: ignore[union-attr]
    assert SAY("guess.said.shown") in words(opened("compare", "en", **address))


def test_two_windows_and_forged_choices_get_a_sentence(store: Store, pair: Callable[..., list[str]]) -> None:
    ids = pair(sealed=True)
    test = opened("compare", "en", runs=",".join(ids))
    store.show_winner("student", ids)
    press(test, "guess-show")
    assert SAY("error.comparison_decided") in words(test)
    assert SAY("guess.said.shown") in words(test)
    forged = words(opened("compare", "en", runs=",".join(ids), guess="<b>x"))
    assert "The address asks for `guess` = " in forged
    elsewhere = f"{ids[0]},{runs.over(store, dataset='mnist')}"
    for named, said in ((ids[0], "two"), (elsewhere, "other_data")):
        assert SAY(f"guess.not.{said}") in words(opened("compare", "en", runs=named, guess="1"))


# Behind the curtain nothing tells


@pytest.mark.parametrize("sealed", [True, False])
def test_no_way_of_comparing_tells_what_is_behind_the_curtain(
    store: Store, pair: Callable[..., list[str]], sealed: bool
) -> None:
    ids = pair(sealed=sealed)
    looks = replace(ME, wishes=not sealed)
    wish = replace(Wish().joined_by(ids), guess=not sealed)
    store.annotate_comparison("somebody", ids, saw="B has 96.63%")
    for choices in (
        {},
        {"show": "loss", "layout": "apart"},
        {"base": ids[1], "align": "seconds", "hide": ids[0]},
    ):
        page = opened("compare", "en", state={"take-home": True}, **{**wish.parameters(), **choices})
        assert not found_in(sent(page)), choices
    question, seen = runs_to_see(ids, looks)
    assert question.stage == "ask"
    assert [run.evaluation for run in seen] == [None, None]
    for group in comparison_groups(wish, looks, UTC, SAY):
        for offer in group.offers:
            if offer.make is not None:
                content = offer.make()
                text = content if isinstance(content, str) else _unpacked(content)
                assert not found_in(text), offer.key
    pictures = comparison_pictures(wish, seen, looks, SAY)
    assert [one.key for one in pictures] == ["loss", "accuracy"]
    for picture in pictures:
        assert picture.make is not None
        assert not found_in(json.dumps(str(picture.make())))
    # And afterwards all of it is there.
    store.predict_winner("student", ids, None)
    _, seen = runs_to_see(ids, looks)
    assert "matrix" in [one.key for one in comparison_pictures(wish, seen, looks, SAY)]
    made = {one.key: one for group in comparison_groups(wish, looks, UTC, SAY) for one in group.offers}
    assert found_in(made["table"].make())  # type: ignore[misc, arg-type]


def _unpacked(content: bytes) -> str:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
