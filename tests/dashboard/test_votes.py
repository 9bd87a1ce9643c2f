"""Asking a class: the teacher's side, the students' side, what is shown when, and what is taken home."""

from __future__ import annotations

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from core.classroom import Shown
from core.classroom.ballot import BallotKind, BallotState, own_question
from core.classroom.pooled import pooled
from core.errors import ClassError
from core.storage import Store
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.votes.exported import votes_offer
from dashboard.classroom.votes.figures import pooled_figure, rounds_figure
from dashboard.classroom.votes.predictions import class_predictions
from dashboard.shared.language import language
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard.pages import opened, press, press_label, words
from tests.dashboard.runs import over, running

TEACHER, ANN, BEN, EVE = (name.ljust(22, "_") for name in ("teacher", "ann", "ben", "eve"))
HOSTILE = "=1+1 **<b>x</b>** $a$ [l](http://x) :material/home:"
T = language("en")


def page(owner: str, lang: str = "en", at: str = "class", **parameters: str) -> AppTest:
    """The page as a browser sees it that asks now."""
    snapshots.forget()
    return opened(at, lang, state={OWNER_COOKIE: owner}, **parameters)


@pytest.fixture
def code(store: Store) -> str:
    """A class with two students."""
    code = store.open_class(TEACHER).code
    store.join(code, "=Ann", ANN)
    store.join(code, "Ben", BEN)
    return code


def choices(test: AppTest) -> list[str]:
    return [one.label for one in test.button if "vote-choice" in str(one.key)]


def test_a_teacher_and_two_students_go_through_a_vote(store: Store, code: str) -> None:
    teacher = page(TEACHER)
    teacher.session_state["votes-asking"] = True
    teacher.run()
    teacher.selectbox(key="votes-item").select("gap").run()
    assert "Is the network overfitting at epoch 14 already?" in words(teacher)
    assert "right" not in [one.value for one in teacher.markdown]
    press(teacher, "votes-open")
    ballot = store.current_ballot(code)
    assert ballot is not None
    assert (ballot.kind, ballot.questions[0].run) == (BallotKind.VOTE, "recorded-mnist-three-layers")
    assert "0 of 2 seats have answered" in str([one.proto.text for one in teacher.get("progress")])

    ann, ben = page(ANN), page(BEN, "ko")
    assert len(choices(ann)) == 4
    press(ann, f"vote-choice-seat-{ballot.id}-1-0-0")
    press(ann, f"vote-choice-seat-{ballot.id}-1-0-1")
    press(ben, f"vote-choice-seat-{ballot.id}-1-0-2")
    assert [one[0] for one in choices(ann)] == ["*", "✓", "*", "*"]
    assert [one[0] for one in choices(page(ANN))] == ["*", "✓", "*", "*"], "reloaded, it is still so"
    # Everything that a student's page holds says nothing of how others voted, nor what is right.
    assert not page(ANN).get("plotly_chart")
    assert "usually the lower one" not in words(page(ANN))

    teacher = page(TEACHER)
    assert not teacher.get("plotly_chart")
    teacher.toggle(key=f"votes-peek-{ballot.id}-first").set_value(True).run()
    assert len(teacher.get("plotly_chart")) == 1
    press(teacher, f"votes-go-{ballot.id}-discussing")
    assert not teacher.get("plotly_chart"), "the next state begins without a look"

    # The page of a student that is behind: what it sends is refused with a sentence, and it shows what is so.
    press(ann, f"vote-choice-seat-{ballot.id}-1-0-3")
    assert "This round is over" in ann.warning[0].value
    assert "Talk to your neighbour" in ann.info[0].value
    assert [vote.choice for vote in store.votes_of(ballot.id, ANN)] == [1]

    press(teacher, f"votes-go-{ballot.id}-second")
    ann = page(ANN, at="lab")
    assert "second vote" in words(ann)
    assert "The first time you chose B" in words(ann)
    press(ann, f"vote-choice-beside-{ballot.id}-2-0-2")
    ben = page(BEN)
    press(ben, f"vote-choice-seat-{ballot.id}-2-0-2")
    press(teacher, f"votes-go-{ballot.id}-revealed")
    for test in (teacher, page(ANN), page(BEN, at="run")):
        assert len(test.get("plotly_chart")) == 1
        assert "Of 2 who voted twice, **1** was right at first and **2** after talking" in words(test)
        assert "usually the lower one" in test.info[0].value
    press(teacher, f"votes-go-{ballot.id}-closed")
    assert store.current_ballot(code) is None
    # What is closed stays closed, whoever comes back with what address.
    assert not choices(page(ANN))
    assert not choices(page(ANN, ballot=ballot.id, vote="1"))
    teacher = page(TEACHER)
    teacher.session_state["votes-earlier"] = True
    teacher.run()
    assert list(teacher.dataframe[0].value.iloc[0]) == [1, "=Ann", "B", "C ✓"]


def test_own_words_are_checked_shown_as_typed_and_put_on_a_ticket(store: Store, code: str) -> None:
    teacher = page(TEACHER)
    teacher.session_state["votes-asking"] = True
    teacher.session_state["votes-kind"] = BallotKind.TICKET
    teacher.session_state["votes-source"] = "own"
    teacher.run()
    press_label(teacher, "Add to the ticket")
    assert "There is no question yet" in teacher.warning[0].value
    teacher.text_area(key="votes-own-text").input(HOSTILE)
    for place, text in enumerate((HOSTILE, "no")):
        teacher.text_input(key=f"votes-own-{place}").input(text)
    teacher.selectbox(key="votes-own-right").select(1)
    press_label(teacher, "Add to the ticket")
    teacher.session_state["votes-source"] = "bank"
    teacher.run()
    press(teacher, "votes-open")
    press(teacher, "votes-open")
    assert not [one for one in teacher.button if one.key == "votes-open"], "three questions are enough"
    press(teacher, "votes-ticket-2")
    press(teacher, "votes-open-ticket")
    ticket = store.current_ballot(code)
    assert ticket is not None
    assert (len(ticket.questions), ticket.questions[0].text) == (2, HOSTILE)

    ann = page(ANN, at="lab")
    assert "exit ticket" in words(ann)
    assert r"\=1+1" in words(ann) or r"=1+1 \*\*" in words(ann)
    press(ann, f"vote-choice-beside-{ticket.id}-1-0-1")
    assert "Still to answer: 1." in words(ann)
    press(ann, f"vote-choice-beside-{ticket.id}-1-1-0")
    assert "Your answer is kept" in ann.success[0].value
    press(page(TEACHER), f"votes-go-{ticket.id}-closed")
    press(ann, f"vote-choice-beside-{ticket.id}-1-1-1")
    assert "This round is over" in ann.warning[0].value

    store.set_shown(code, lambda shown: Shown(names=False), teacher=TEACHER)
    teacher = page(TEACHER)
    teacher.session_state["votes-earlier"] = True
    teacher.run()
    assert len(teacher.get("plotly_chart")) == 2
    table = teacher.dataframe[0].value
    assert list(table.iloc[0])[2:] == ["B ✓", "A"]
    assert "Ann" not in str(table)


def test_who_does_not_teach_the_class_has_no_buttons(store: Store, code: str) -> None:
    ballot = store.open_ballot(code, BallotKind.VOTE, [own_question("?", "ab")], teacher=TEACHER)
    other = store.open_class(EVE).code
    store.set_rules(code, lambda rules: rules.model_copy(update={"paused": True}), teacher=TEACHER)
    assert "nobody can answer" in page(TEACHER).warning[0].value
    for owner, parameters in ((ANN, {}), (EVE, {"code": code}), (EVE, {"code": other}), ("", {"code": code})):
        test = page(owner, **parameters)
        assert not [one for one in test.button if "votes-go" in str(one.key)]
        with pytest.raises(ClassError):
            store.move_ballot(ballot.id, BallotState.CLOSED, teacher=owner)
    # Somebody of another class, with a page that is still open.
    ann = page(ANN)
    store.remove_seat(code, 1, teacher=TEACHER)
    press(ann, f"vote-choice-seat-{ballot.id}-1-0-0")
    assert store.answered(ballot.id) == 0


def test_the_table_is_harmless_and_complete(store: Store, code: str) -> None:
    first = store.open_ballot(
        code, BallotKind.VOTE, [own_question(HOSTILE, ["@a", "b"], right=1)], teacher=TEACHER
    )
    store.vote(first.id, 0, owner=ANN, in_round=1)
    store.move_ballot(first.id, BallotState.DISCUSSING, teacher=TEACHER)
    store.move_ballot(first.id, BallotState.SECOND, teacher=TEACHER)
    store.vote(first.id, 1, owner=ANN, in_round=2)
    store.move_ballot(first.id, BallotState.CLOSED, teacher=TEACHER)
    names = {seat.number: seat.nickname for seat in store.seats(code)}
    offer = votes_offer(store.classroom(code), store.ballots(code), names, T, store=store, teacher=TEACHER)
    assert offer.make is not None
    made = offer.make()
    assert isinstance(made, str)
    rows = list(csv.DictReader(io.StringIO(made.lstrip("\ufeff"))))
    assert len(rows) == 2
    assert rows[0]["name"] == "'=Ann"
    assert rows[0]["text"] == f"'{HOSTILE}"
    assert (rows[0]["round_1"], rows[0]["round_2"], rows[0]["right_answer"]) == ("'@a", "b", "b")
    assert (rows[0]["right_1"], rows[0]["right_2"], rows[1]["round_1"]) == ("0", "1", "")
    assert rows[0]["moment"].endswith("+00:00")
    stranger = votes_offer(store.classroom(code), store.ballots(code), names, T, store=store, teacher=ANN)
    assert stranger.make is not None
    with pytest.raises(ClassError, match="shown only after"):
        stranger.make()


def test_predictions_are_pooled_and_held_back_until_they_are_shown(store: Store, code: str) -> None:
    runs = [over(store, owner=owner, covered=True, lesson="overfitting.turn") for owner in (ANN, BEN)]
    other = running(store, owner=ANN, covered=True)
    assert class_predictions(store.classroom(code)) == ()
    for run, epoch in zip(runs, (4, 6), strict=True):
        store.predict(run, epoch, owner=store.get(run).owner)
    store.predict(other, 2, owner=ANN)
    hidden = class_predictions(store.classroom(code))
    assert [(one.lesson, one.number, one.predicted, one.true) for one in hidden] == [
        ("overfitting.turn", 2, (), ()), ("", 1, (), ()),
    ]  # fmt: skip
    teacher = page(TEACHER)
    teacher.session_state["votes-predictions"] = True
    teacher.run()
    assert "predicted by 2" in words(teacher)
    assert not teacher.get("plotly_chart")
    shown = store.set_shown(code, lambda shown: Shown(guesses=True), teacher=TEACHER)
    lesson, free = class_predictions(shown)
    assert (lesson.predicted, lesson.true, lesson.right, lesson.distance) == (
        ((4, 1), (6, 1)),
        ((4, 2),),
        1,
        1.0,
    )
    assert (free.predicted, free.true, free.distance) == (((2, 1),), (), None)
    teacher.run()
    assert len(teacher.get("plotly_chart")) == 2
    assert "exactly right: 1" in words(teacher)
    figure = pooled_figure(lesson, T)
    assert [list(bar.x) for bar in figure.data] == [[4, 6], [4]]
    assert pooled([], revealed=True) == ()


def test_no_run_is_asked_about_whose_twin_is_covered(store: Store, code: str) -> None:
    over(store, owner=ANN)
    over(store, owner=BEN, covered=True)
    teacher = page(TEACHER)
    teacher.session_state["votes-asking"] = True
    teacher.run()
    teacher.selectbox(key="votes-item").select("more-epochs").run()
    runs = teacher.selectbox(key="votes-run-more-epochs")
    mine = [option for option in runs.options if "Ann" in option]
    assert len(mine) == 1
    assert not [option for option in runs.options if "Ben" in option]
    runs.select(store.summaries(owner=ANN)[0].id).run()
    assert "still has to predict" in teacher.warning[0].value
    assert teacher.button(key="votes-open").disabled


def test_the_figure_of_two_rounds(store: Store, code: str) -> None:
    from core.classroom.ballot import Tally

    figure = rounds_figure((Tally((3, 1)), Tally((0, 0))), T, right=1)
    assert [list(bar.x) for bar in figure.data] == [[75.0, 25.0], [0.0, 0.0]]
    assert list(figure.data[0].y) == ["A", "B ✓"]
    assert list(figure.data[0].text) == ["3 (75%)", "1 (25%)"]
