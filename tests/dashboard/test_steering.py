"""The teacher's controls: what a press changes, and what students then see."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.classroom import Caps, Pace, Rules
from core.errors import TurningPointError
from core.run import RunState
from core.storage import Store
from dashboard.classroom.steering.fixing import experiment_of
from dashboard.classroom.steering.pacing import paced
from dashboard.classroom.steering.text import in_force
from dashboard.learn import lesson as lessons
from dashboard.shared.language import CODES, language
from tests.dashboard import runs
from tests.dashboard.pages import press, run_again, words
from tests.dashboard.test_classroom import ANN, BEN, TEACHER, page

SAY = language("en")


@pytest.fixture
def code(store: Store) -> str:
    """A class with Ann in it."""
    code = store.open_class(TEACHER).code
    store.join(code, "Ann", ANN)
    return code


def rules(store: Store, code: str) -> Rules:
    return store.classroom(code).rules


def covered(test: AppTest) -> bool:
    """Whether the pause screen stands over a page."""
    return any("turning_point_pause_screen" in str(one.proto) for one in test.get("bidi_component"))


def test_one_panel_sets_everything_and_says_so(store: Store, code: str) -> None:
    board = page(TEACHER, code=code)
    assert SAY("steer.now.nothing") in words(board)
    press(board, "steer-pause")
    assert rules(store, code).paused
    assert covered(page(ANN, page=""))
    assert covered(page(ANN, page="lab"))
    assert not covered(page(BEN, page=""))
    press(board, "steer-pause")
    assert not rules(store, code).paused
    assert not covered(page(ANN, page=""))

    # The pace.
    board.selectbox(key="steer-lesson").select("overfitting")
    press(board, "steer-begin")
    steps = [one.id for one in lessons.lesson("overfitting", "ko").steps]
    assert rules(store, code).pace == Pace(lesson="overfitting", open=tuple(steps[:1]))
    press(board, "steer-next")
    press(board, "steer-next")
    press(board, "steer-back")
    assert rules(store, code).pace == paced("overfitting", 2)
    press(board, "steer-all")
    assert rules(store, code).pace == Pace(lesson="overfitting", open=tuple(steps))
    press(board, "steer-pace-end")
    assert rules(store, code).pace is None

    # Caps.
    board.number_input(key=f"steer-cap-epochs-{code}").set_value(20)
    board.number_input(key=f"steer-cap-waiting-{code}").set_value(2)
    press(board, "steer-caps-set")
    assert rules(store, code).caps == Caps(epochs=20, waiting=2)
    assert "20 epochs, 2 waiting runs" in words(board)

    # A preset, fixed but for what is usual.
    board.selectbox(key="steer-preset").select("digits-first-network")
    press(board, "steer-fix")
    fixed = rules(store, code).fixed
    assert fixed is not None
    assert (fixed.base, fixed.free, fixed.preset) == (
        presets.load("digits-first-network"),
        ("units", "epochs"),
        "digits-first-network",
    )
    press(board, "steer-unfix")
    assert rules(store, code) == Rules(caps=Caps(epochs=20, waiting=2))


def test_runs_are_stopped_and_cleared_with_one_confirmation(store: Store, code: str) -> None:
    waiting = runs.queued(store, owner=ANN)
    runs.over(store, owner=ANN)
    running = runs.running(store, owner=ANN)
    outside = runs.over(store, owner=BEN)
    board = page(TEACHER, code=code)
    assert "3 runs, of which 2 are not over" in words(board)
    press(board, "steer-stop")
    assert store.get(waiting).state is RunState.STOPPED
    assert store.get(running).state is RunState.STOPPING
    assert board.button(key="steer-clear").disabled
    board.checkbox(key="steer-clear-sure").check()
    board = press(run_again(board), "steer-clear")
    assert {run.id for run in store.summaries()} == {running, outside}
    assert SAY("steer.clear.ending", ending=1) in [one.value for one in board.info]
    # A run that is begun meanwhile stays; the one that was ending goes.
    later = runs.over(store, owner=ANN)
    store.finish(running, RunState.STOPPED, runs.DONE[RunState.STOPPED])
    board = run_again(board)
    assert SAY("steer.clear.done", deleted=3) in [one.value for one in board.success]
    assert {run.id for run in store.summaries()} == {outside, later}


@pytest.mark.parametrize("lang", CODES)
def test_what_holds_is_said_in_one_line_each(lang: str) -> None:
    t = language(lang)
    caps = Caps(epochs=3, parameters=4000, samples=500, waiting=1)
    said = in_force(Rules(pace=paced("depth", 2), caps=caps), t)
    assert said.count("\n") == 1
    assert all(number in said for number in ("3", "4,000", "500", "1", lessons.lesson("depth", lang).title))
    assert in_force(Rules(pace=Pace(lesson="gone", open=("x",))), t)


def test_an_experiment_is_taken_from_a_run_or_a_link(store: Store) -> None:
    run = runs.over(store)
    known = store.get(run).experiment
    for typed in (run, f" {run} ", f"https://example.org/run?run={run}&lang=ko", f"/run?run={run}"):
        assert experiment_of(typed, store)[0] == known
    lab = "https://example.org/lab?preset=digits-first-network&epochs=7&free=epochs&lang=ko&run=x"
    assert experiment_of(lab, store) == (
        presets.load("digits-first-network").with_changes(epochs=7),
        "digits-first-network",
    )
    for wrong in ("?lang=ko", "nonsense", "https://example.org/lab?epochs=-1", "?preset=<b>", "x" * 5000):
        with pytest.raises(TurningPointError):
            experiment_of(wrong, store)
