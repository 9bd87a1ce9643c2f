"""How long a run will take is said before it is begun, and what to make smaller where that is too long."""

from __future__ import annotations

import math

import pytest

from core import presets
from core.experiment.duration import duration
from core.experiment.link import from_link
from core.run import RunState
from core.storage import Store
from dashboard.shared.formats import about_time
from dashboard.shared.language import CODES, language
from dashboard.shared.training import outlook, smaller
from tests.dashboard import runs
from tests.dashboard.pages import opened, press, words
from tests.dashboard.test_study_plan import past

FIRST = presets.load(presets.PLAIN)
#: Some five hours on two cores.
LONG = {"preset": "mini-reviews", "encoding": "padded:2000:200", "epochs": "1000"} | {
    "layers": "embedding:2000:64,lstm:256:return_sequences=true,lstm:256,dense:1:sigmoid"
}
#: One epoch of it takes several minutes.
HOPELESS = LONG | {"encoding": "padded:2000:2000", "batch_size": "32"}


def test_without_finished_runs_it_is_the_estimate() -> None:
    expected = outlook(FIRST, [], 120)
    assert expected.seconds == duration(FIRST).of(FIRST.epochs)
    assert not expected.too_long
    assert expected.fitting == expected.planned == FIRST.epochs


def test_a_computer_that_was_slow_is_slow() -> None:
    known = duration(FIRST)
    runs_there = [past(FIRST, 4 * known.of(FIRST.epochs), name) for name in "abc"]
    assert outlook(FIRST, runs_there, 0).seconds == pytest.approx(4 * known.of(FIRST.epochs))
    # Runs on other data say how fast the computer is where there are none on these.
    other = presets.load("mini-reviews")
    assert outlook(other, runs_there, 0).seconds == pytest.approx(4 * duration(other).of(other.epochs))
    # One strange run says little.
    odd = [*runs_there, past(FIRST, 1e9, "d")]
    assert outlook(FIRST, odd, 0).seconds == pytest.approx(4 * known.of(FIRST.epochs))
    assert outlook(FIRST, odd[3:], 0).seconds == pytest.approx(10 * known.of(FIRST.epochs))


def test_as_many_epochs_fit_as_the_limit_has_room_for() -> None:
    experiment = FIRST.with_changes(epochs=1000)
    slow = [past(experiment, 3_600.0)]
    expected = outlook(experiment, slow, 2)
    assert expected.too_long
    assert not expected.hopeless
    assert 0 < expected.fitting < 1000
    smaller = outlook(experiment.with_changes(epochs=expected.fitting), slow, 2)
    assert not smaller.too_long
    assert not outlook(experiment, slow, 0).too_long
    assert math.isinf(outlook(experiment, slow, 0).limit)
    assert outlook(presets.follow(HOPELESS)[0], [], 1).hopeless


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "a few seconds"),
        (44, "about 40 s"),
        (100, "about 2 min"),
        (5_000, "about 83 min"),
        (7_200, "about 2.0 h"),
        (20.5 * 3_600, "about 20 h"),
        (1e6, "about 12 days"),
    ],
)
def test_a_time_is_said_no_finer_than_it_is_known(seconds: float, said: str) -> None:
    assert about_time(seconds, language("en")) == said
    assert about_time(seconds, language("ko"))


@pytest.mark.parametrize("lang", CODES)
def test_the_lab_says_how_long_it_takes(lang: str, store: Store) -> None:
    t = language(lang)
    expected = outlook(FIRST, [], 120)
    assert t("lab.time", time=about_time(expected.seconds, t)) in words(opened("lab", lang))


def test_a_run_that_is_too_long_is_said_in_advance_and_made_to_fit_by_one_press() -> None:
    experiment = presets.follow(LONG)[0]
    expected = outlook(experiment, [], 120)
    assert 0 < expected.fitting < 1000
    test = opened("lab", **LONG)
    assert "one run may take 120 min here" in words(test)
    assert f"after about {expected.fitting} of 1000 epochs" in words(test)
    assert not next(one for one in test.button if one.label == "Train").disabled
    press(test, "fit-time")
    assert test.session_state["lab"].draft.epochs == expected.fitting
    assert "one run may take" not in words(test)


def test_a_run_of_which_nothing_can_come_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_RUN_MINUTES", "1")
    test = opened("lab", **HOPELESS)
    assert "One epoch alone takes" in words(test)
    assert next(one for one in test.button if one.label == "Train").disabled


def test_the_limit_of_the_settings_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_RUN_MINUTES", "0")
    assert "one run may take" not in words(opened("lab", **HOPELESS))


def test_a_study_of_runs_that_are_too_long_is_said_in_advance(store: Store) -> None:
    test = opened("lab", state={"study-form": True, "study-kind": "repeat"}, **LONG)
    assert "The longest of its runs takes" in words(test)
    short = opened("lab", state={"study-form": True, "study-kind": "repeat"})
    assert "The longest of its runs takes" not in words(short)
    assert "on this computer" in words(short)


def test_the_lab_judges_by_the_runs_that_were_finished_here(store: Store) -> None:
    experiment = from_link({"epochs": "30"}, FIRST)
    for number in range(70):  # more than any computer has workers
        run = store.add(experiment.with_changes(seed=number), owner="x")
        assert store.start(run, "w")
        for epoch in runs.epochs(runs.TURNING)[:1]:
            store.record_epoch(run, epoch)
        store.finish(
            run, RunState.FINISHED, runs.DONE[RunState.FINISHED], timing=runs.Timing(0.1, 20, 0.1, 1)
        )
    past_runs = store.summaries(states={RunState.FINISHED})
    t = language("en")
    wanted = outlook(FIRST, past_runs, 120).seconds
    assert wanted > 2 * duration(FIRST).of(FIRST.epochs)
    assert t("lab.time", time=about_time(wanted, t)) in words(opened("lab"))


@pytest.mark.parametrize(
    ("name", "epochs", "change"),
    [("digits-wrong-labels", 1000, "epochs"), ("mnist-convnet", 8, "train_limit")],
)
def test_a_smaller_setting_is_offered_where_it_is_long_until_there_are_results(
    name: str, epochs: int, change: str
) -> None:
    experiment = presets.load(name).with_changes(epochs=epochs)
    seconds = duration(experiment).of(epochs)
    slow = [past(experiment, 4 * seconds)]
    expected = outlook(experiment, slow, 0)
    assert smaller(experiment, expected, None) is None
    offered = smaller(experiment, expected, 120.0)
    assert offered is not None
    assert list(offered) == [change]
    found = experiment.with_changes(**offered)
    assert not found.problems
    assert outlook(found, slow, 0).seconds < 0.7 * expected.seconds
    # What is short itself is not the reason of the wait, and nobody is asked to give up anything for it.
    short = experiment.with_changes(epochs=1)
    assert smaller(short, outlook(short, [], 0), 1000.0) is None


def test_the_lab_offers_a_smaller_setting_and_takes_it(store: Store) -> None:
    for number in range(70):  # more than any computer has workers
        store.add(FIRST.with_changes(seed=number), owner="others", expected=600.0)
    test = opened("lab", preset="digits-first-network", epochs="1000", batch_size="4")
    assert "Other trainings wait too" in words(test)
    press(test, "smaller")
    assert test.session_state["lab"].draft.epochs < 1000
    assert "Other trainings wait too" not in words(test)
