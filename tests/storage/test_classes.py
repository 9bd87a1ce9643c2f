"""Classes and their seats, on every back end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.classroom import Caps, Rules, Shown
from core.classroom.classroom import MOST_SEATS
from core.classroom.names import LONGEST_NICKNAME, as_code, as_nickname, new_code, same_name
from core.errors import ClassError
from core.experiment import Experiment
from core.run import Epoch, Reason, RunState
from core.storage import Store


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(ClassError) as caught:
        action()
    assert caught.value.code == code


def test_a_class_is_opened_joined_and_ended(store: Store, experiment: Experiment) -> None:
    opened, other = store.open_class("teacher", title="3\u202e반"), store.open_class("somebody")
    assert (opened.title, opened.rules, opened.shown, opened.is_on) == ("3반", Rules(), Shown(), True)
    assert as_code(opened.code) == opened.code != other.code
    assert store.add(experiment, owner="ann")
    assert store.count(classroom=opened.code) == 0

    ann = store.join(opened.code, "  앤 ", "ann")
    assert (ann.number, ann.nickname, store.seat("ann")) == (1, "앤", ann)
    again = store.join(opened.code, "another name", "ann")
    assert (again.number, again.nickname) == (1, "앤"), "the seat is the browser's"
    run = store.add(experiment, owner="ann")
    assert [one.id for one in store.summaries(classroom=opened.code)] == [run]
    assert (store.get(run).classroom, store.seats(other.code)) == (opened.code, [])

    # In another class, and back.
    store.join(other.code, "Ann", "ann")
    assert store.get(store.add(experiment, owner="ann")).classroom == other.code
    store.join(opened.code, "", "ann")
    seat = store.seat("ann")
    assert seat is not None
    assert seat.classroom == opened.code

    ended = store.end_class(opened.code, teacher="teacher")
    assert not ended.is_on
    assert store.end_class(opened.code, teacher="teacher").ended == ended.ended
    refused("class_ended", lambda: store.join(opened.code, "late", "late"))
    seat = store.seat("ann")
    assert seat is not None
    assert seat.classroom == other.code
    store.leave(other.code, "ann")
    assert store.seat("ann") is None
    assert len(store.seats(opened.code)) == 1
    store.delete_class(opened.code, teacher="teacher")
    refused("unknown_class", lambda: store.classroom(opened.code))
    assert store.get(run).classroom == opened.code, "runs stay"


def test_nicknames_are_told_apart(store: Store) -> None:
    code = store.open_class("teacher").code
    store.join(code, "Café", "a")
    for alike in ("cafe\u0301", "ＣＡＦＥ\u0301", " C a f é "):
        refused("nickname_taken", lambda name=alike: store.join(code, name, "b"))
    refused("nickname_empty", lambda: store.join(code, "\u200b\u202e\n", "b"))
    refused("nickname_long", lambda: store.join(code, "a" * 10_000, "b"))
    store.join(code, "<script>alert(1)", "b")
    refused("nickname_taken", lambda: store.rename_seat(code, 2, "CAFÉ", teacher="teacher"))
    assert store.rename_seat(code, 2, "보라\u202e", teacher="teacher").nickname == "보라"
    assert store.rename_seat(code, 1, "CAFÉ", teacher="teacher").nickname == "CAFÉ", (
        "its own name in capitals"
    )
    store.remove_seat(code, 2, teacher="teacher")
    assert (store.join(code, "보라", "c").number, store.seat("b")) == (3, None), "no number is given twice"
    refused("unknown_seat", lambda: store.rename_seat(code, 2, "x", teacher="teacher"))


def test_only_who_teaches_changes_a_class(store: Store) -> None:
    code, other = store.open_class("teacher").code, store.open_class("other").code
    store.join(code, "Ann", "ann")
    before = store.classroom(code)
    for who in ("ann", "other", ""):
        for change in (
            lambda who=who: store.set_rules(code, lambda rules: Rules(paused=True), teacher=who),
            lambda who=who: store.set_shown(code, lambda shown: Shown(names=False), teacher=who),
            lambda who=who: store.rename_seat(code, 1, "x", teacher=who),
            lambda who=who: store.remove_seat(code, 1, teacher=who),
            lambda who=who: store.end_class(code, teacher=who),
            lambda who=who: store.delete_class(code, teacher=who),
        ):
            refused("class_not_teacher", change)
    assert (store.classroom(code), store.teaches(code, "ann"), store.teaches("nothing", "ann")) == (
        before,
        False,
        False,
    )
    store.let_teach(code, "projector")
    store.let_teach(code, "projector")
    caps = Rules(caps=Caps(epochs=20))
    assert store.set_rules(code, lambda _: caps, teacher="projector").rules == caps
    changed = store.set_shown(
        code, lambda shown: shown.model_copy(update={"names": False}), teacher="teacher"
    )
    assert (changed.rules, changed.shown, changed.version > before.version) == (
        caps,
        Shown(names=False),
        True,
    )
    assert [one.code for one in store.classes_taught("projector")] == [code]
    assert store.teacher_of("projector", "ann")
    assert not store.teacher_of("other", "ann")
    assert [one.code for one in store.classes_taught("other")] == [other]


def test_many_join_at_once_and_one_too_many_is_told(store: Store) -> None:
    code = store.open_class("teacher").code

    def join(number: int) -> int:
        return store.join(code, f"student {number}", f"browser {number}").number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(join, range(MOST_SEATS)))
    assert sorted(numbers) == list(range(1, MOST_SEATS + 1))
    refused("class_full", lambda: join(MOST_SEATS))
    assert join(3) == numbers[3]


def test_codes_are_read_as_they_are_typed() -> None:
    code = new_code()
    assert as_code(f" {code[:3].lower()}-{code[3:]} ") == code
    for wrong in ("", "ABCDEF", code + "B", "１２３４５６", "<b>", "B" * 10_000):
        refused("class_code", lambda text=wrong: as_code(text))
    assert same_name("Ａnn a") == same_name("aNNA") != same_name("Anna2")
    assert len(as_nickname("가" * LONGEST_NICKNAME)) == LONGEST_NICKNAME


def test_the_newest_runs_of_a_class_and_their_last_epochs(store: Store, experiment: Experiment) -> None:
    code = store.open_class("teacher").code
    assert store.teachers(code) == {"teacher"}
    for owner in ("ann", "ben"):
        store.join(code, owner, owner)
    finished, failed = (store.add(experiment, owner="ann", worker="worker") for _ in range(2))
    assert store.finish(finished, RunState.FINISHED, Reason("all_epochs", {"epochs": 1}))
    assert store.finish(failed, RunState.FAILED, Reason("waiting"))
    waiting = store.add(experiment, owner="ann")
    covered = store.add(experiment, owner="ben", worker="worker", covered=True)
    open_ = store.add(experiment, owner="ben", worker="worker")
    store.add(experiment, owner="somebody")
    assert [run.id for run in store.newest_runs(code)] == [finished, waiting, open_]
    assert store.newest_runs("BCDFGH") == []

    epochs = [Epoch(number, 1 / number, 0.5, 1 / number, 0.5, 0.1, 0.1) for number in range(1, 6)]
    for run in (covered, open_):
        for epoch in epochs:
            store.record_epoch(run, epoch)
    wanted = (covered, open_, waiting, "no run", "nosuchrun")
    assert store.recent_epochs(wanted, 2) == {open_: tuple(epochs[3:])}
    store.reveal(covered, owner="ben")
    assert store.recent_epochs(wanted, 9) == {open_: tuple(epochs), covered: tuple(epochs)}
    assert store.recent_epochs((), 9) == {}
