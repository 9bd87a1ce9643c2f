"""What a teacher does, tried by everybody else: nothing is done, and a clear sentence is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core import presets
from core.classroom import Fixed, Rules, Shown
from core.classroom.ballot import BallotKind, BallotState, Question
from core.errors import ClassError, RunError, TurningPointError
from core.storage import Store
from core.storage.store import clear_class
from dashboard.classroom import board_page
from dashboard.classroom.steering import caps, change, clearing, fixing, pacing, panel
from dashboard.shared import ending, services, teaching
from dashboard.shared.language import CODES, language
from dashboard.shared.viewer import Viewer
from tests.dashboard import runs, studies
from tests.dashboard.pages import run_again, words
from tests.dashboard.test_classroom import ANN, BEN, TEACHER, page

OTHER = "other".ljust(22, "_")
#: Who tries: what their cookie says, and whether they sit in the class. The last one has none, or one that was made up.
WHO = {
    "student": ANN,
    "teacher of another class": OTHER,
    "stranger": "stranger".ljust(22, "_"),
    "no cookie": "",
    "command line": "cli",
}
ASKED = Question(text="?", options=("a", "b"), choices=2)
#: What the store does for a teacher: the class, its ballot, who asks.
STORE: dict[str, Callable[[Store, str, str, str], Any]] = {
    "pause": lambda store, code, _, who: store.set_rules(code, lambda r: Rules(paused=True), teacher=who),
    "show": lambda store, code, _, who: store.set_shown(code, lambda s: Shown(guesses=True), teacher=who),
    "rename": lambda store, code, _, who: store.rename_seat(code, 1, "x", teacher=who),
    "remove": lambda store, code, _, who: store.remove_seat(code, 1, teacher=who),
    "end": lambda store, code, _, who: store.end_class(code, teacher=who),
    "delete": lambda store, code, _, who: store.delete_class(code, teacher=who),
    "stop": lambda store, code, _, who: store.stop_runs(code, teacher=who),
    "list": lambda store, code, _, who: store.class_runs(code, teacher=who),
    "clear": lambda store, code, _, who: clear_class(store, code, teacher=who),
    "clear votes": lambda store, code, _, who: store.clear_ballots(code, teacher=who),
    "ask": lambda store, code, _, who: store.open_ballot(code, BallotKind.VOTE, (ASKED,), teacher=who),
    "reveal": lambda store, _, ballot, who: store.move_ballot(ballot, BallotState.DISCUSSING, teacher=who),
}
#: What the widgets of the board call, as a page that was open before would call it.
CALLBACKS: dict[str, Callable[[str], Any]] = {
    "pause": lambda code: panel._set_paused(code, True),
    "pace": lambda code: pacing._open(code, "depth", 1),
    "caps": lambda code: caps._set(code),
    "fix": lambda code: fixing._fix(code, Fixed(experiment=presets.load(presets.FIRST).to_dict())),
    "fix what is chosen": fixing._fix_chosen,
    "stop": clearing._stop,
    "clear": clearing._clear,
    "show": lambda code: change.attempt(
        lambda: services.store().set_shown(code, lambda s: Shown(names=False), teacher=services.owner()),
        board_page.REFUSED,
    ),
}


def everything(store: Store, code: str) -> tuple[object, ...]:
    """All that a teacher could have changed."""
    states = [(run.id, run.title, run.state) for run in store.summaries()]
    found = store.classroom(code)
    return (
        found.rules,
        found.shown,
        found.ended,
        store.seats(code),
        store.ballots(code),
        states,
        store.studies(),
    )


@pytest.fixture
def code(store: Store) -> str:
    """A class with two students, their runs, a study and a ballot; and another class."""
    code = store.open_class(TEACHER).code
    store.open_class(OTHER)
    for name, owner in (("Ann", ANN), ("Ben", BEN)):
        store.join(code, name, owner)
    runs.over(store, owner=BEN)
    runs.running(store, owner=BEN)
    runs.queued(store, owner=BEN)
    store.open_ballot(code, BallotKind.VOTE, (ASKED,), teacher=TEACHER)
    return code


def looks(monkeypatch: pytest.MonkeyPatch, owner: str) -> None:
    """Everything that asks who looks is told this one, from another computer."""
    monkeypatch.setattr(services, "owner", lambda: owner)
    monkeypatch.setattr(services, "viewer", lambda: Viewer(owner, "10.0.0.7"))


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_does_what_a_teacher_does(who: str, store: Store, code: str) -> None:
    ballot = store.ballots(code)[0].id
    before = everything(store, code)
    for name, action in STORE.items():
        with pytest.raises(ClassError) as caught:
            action(store, code, ballot, WHO[who])
        assert caught.value.code == "class_not_teacher", name
        assert all(code in language(lang).error(caught.value) for lang in CODES)
        assert everything(store, code) == before, name


def test_no_callback_does_it_for_anybody_else(
    store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(store, code)
    for owner in WHO.values():
        looks(monkeypatch, owner)
        for name, call in CALLBACKS.items():
            call(code)
            assert everything(store, code) == before, (name, owner)
    looks(monkeypatch, TEACHER)
    CALLBACKS["pause"](code)
    assert store.classroom(code).rules.paused, "as a control: the teacher's own press does something"


def test_students_never_end_each_others_runs_but_their_teacher_does(
    store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, running, waiting = (
        run.id for run in sorted(store.summaries(owner=BEN), key=lambda run: run.created)
    )
    study = studies.recorded(store, studies.repeated(), owner=BEN)
    before = everything(store, code)
    actions: dict[str, Callable[[], Any]] = {
        "stop": lambda: ending.stop_run(running),
        "delete": lambda: ending.delete_run(done),
        "rename": lambda: ending.rename_run(done, "x"),
        "stop study": lambda: ending.stop_study(study),
        "delete study": lambda: ending.delete_study(study),
    }
    for owner in WHO.values():
        looks(monkeypatch, owner)
        for name, action in actions.items():
            with pytest.raises(RunError) as caught:
                action()
            assert caught.value.code == "run_not_yours", (name, owner)
        assert everything(store, code) == before
    looks(monkeypatch, TEACHER)
    with pytest.raises(RunError):
        ending.rename_run(done, "x")
    ending.stop_run(running)
    ending.stop_run(waiting)
    ending.delete_run(done)
    ending.delete_study(study)
    assert {run.id for run in store.summaries(owner=BEN)} >= {running, waiting}
    assert done not in {run.id for run in store.summaries()}
    # With the class ends what its teacher may.
    store.end_class(code, teacher=TEACHER)
    with pytest.raises(RunError):
        ending.delete_run(waiting)


def test_no_address_or_state_shows_a_student_the_teachers_controls(store: Store, code: str) -> None:
    before = everything(store, code)
    forged = {
        "steer-pause": True,
        "steer-clear": True,
        "steer-clear-sure": True,
        "class-end": True,
        "class-delete": True,
        "class-delete-sure": True,
        "class-another": True,
        "class-cleared": 3,
        "class-ending": (code, [run.id for run in store.summaries()]),
    }
    for owner in (ANN, OTHER, "stranger".ljust(22, "_")):
        test = page(owner, code=code, teacher=TEACHER, seat="1")
        for key, value in forged.items():
            test.session_state[key] = value
        test = run_again(test)
        keys = {
            one.key for kind in (test.button, test.checkbox, test.toggle, test.text_input) for one in kind
        }
        assert not {key for key in keys if key and key.startswith(("steer-", "class-end", "class-delete"))}
        assert code not in words(test) or owner == ANN
    assert everything(store, code) == before


def test_what_opens_classes_is_asked_for_where_it_is_done(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Viewer(ANN, "10.0.0.7")
    codes = []
    for action in (
        lambda: teaching.check_may_teach(away),
        lambda: teaching.name_passcode(away, ""),
        lambda: teaching.teach_too(away, store.open_class(TEACHER).code, "x" * 100_000),
    ):
        with pytest.raises(TurningPointError) as caught:
            action()
        codes.append(caught.value.code)
    assert codes == ["teacher_only_here"] * 3
    assert store.classes_taught(ANN) == []
