"""The teacher's controls: what a press changes, and what students then see."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.classroom import Caps, Fixed, Pace, Rules
from core.classroom.ballot import BallotKind, BallotState, Question
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
ASKED = Question(text="?", options=("a", "b"), choices=2)


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
    # A question is seen in spite of the pause; nothing more.
    ballot = store.open_ballot(code, BallotKind.VOTE, (ASKED,), teacher=TEACHER)
    assert not covered(page(ANN, page="lab"))
    with pytest.raises(TurningPointError):
        runs.queued(store, owner=ANN)
    store.move_ballot(ballot.id, BallotState.DISCUSSING, teacher=TEACHER)
    assert covered(page(ANN, page="lab"))
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
    fixed = Fixed(experiment=presets.load(presets.FIRST).to_dict(), preset=presets.FIRST)
    assert t("steer.now.above") in in_force(Rules(fixed=fixed, caps=Caps(epochs=1)), t)
    assert t("steer.now.above") not in in_force(Rules(fixed=fixed, caps=Caps(epochs=1000)), t)


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


def test_a_student_sees_only_what_is_open(store: Store, code: str) -> None:
    base = presets.load("digits-first-network")
    fixed = Fixed(experiment=base.to_dict(), free=("epochs",), preset="digits-first-network")
    before = page(ANN, page="lab", preset="mnist-three-layers")
    store.set_rules(code, lambda _: Rules(fixed=fixed, caps=Caps(epochs=9, samples=10)), teacher=TEACHER)
    lab = run_again(before)
    assert lab.session_state["lab"].draft == base
    said = words(lab)
    assert SAY("lab.of_class", settings="Epochs") in said
    assert "Seed" in said
    assert SAY("lab.cap.epochs", most=9) in said
    assert "at most 9" in said
    widgets = [*lab.number_input, *lab.selectbox, *lab.toggle]
    assert [one.key.rpartition(":")[2] for one in widgets if (one.key or "").startswith("lab:")] == ["epochs"]
    train = next(one for one in lab.button if one.label == SAY("lab.train"))
    assert train.disabled
    # What the student changed is there after a reload.
    again = page(ANN, page="lab", preset="digits-first-network", epochs="8")
    assert again.session_state["lab"].draft == base.with_changes(epochs=8)
    # Neither another link, nor what the lab of a link has, nor a forged draft opens it.
    assert not [one for one in lab.button if one.key == "lab-open-everything"]
    home = page(ANN, page="")
    assert next(one for one in home.button if one.label == SAY("home.start")).disabled
    assert "Your teacher has fixed this setting" in words(home)
    other = page(ANN, page="lab", preset="mnist-three-layers", free="all")
    assert other.session_state["lab"].draft == base
    # It ends with the class, and nothing of it stays in the address.
    store.end_class(code, teacher=TEACHER)
    lab = run_again(lab)
    assert lab.session_state["lab"].freedom.is_whole
    assert "free" not in lab.query_params
    assert SAY("lab.cap.epochs", most=9) not in words(lab)


def test_steps_that_are_not_open_are_closed_by_every_way(store: Store, code: str) -> None:
    store.set_rules(code, lambda _: Rules(pace=paced("overfitting", 2)), teacher=TEACHER)
    steps = lessons.lesson("overfitting", "en").steps
    opened = page(ANN, page="learn", lesson="overfitting", step=steps[1].id)
    assert steps[1].title in words(opened)
    assert opened.button(key="lesson-next").disabled
    assert not [one for one in opened.button if one.key == "view-teacher"]
    closed = page(ANN, page="learn", lesson="overfitting", step=steps[2].id)
    assert SAY("learn.closed.step", number=3, open=2) in words(closed)
    assert steps[2].task not in words(closed)
    for parameters in ({"lesson": "depth"}, {"lesson": "overfitting", "view": "teacher"}):
        other = page(ANN, page="learn", **parameters)
        assert SAY("learn.closed.go") in [one.label for one in other.button]
        assert steps[0].title not in words(other)
    press(other, "lesson-open-step")
    assert other.query_params["step"] == steps[1].id
    assert steps[1].title in words(other)
    assert ":material/lock:" in words(page(ANN, page="learn"))
    # The teacher, and whoever sits in no class, see everything.
    for who in (TEACHER, BEN):
        assert steps[4].title in words(page(who, page="learn", lesson="overfitting", step=steps[4].id))
