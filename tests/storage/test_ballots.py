"""What classes are asked and what they say, on every back end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.classroom.ballot import (
    BallotKind,
    BallotState,
    Question,
    has_answered,
    own_question,
    shift,
    tally,
)
from core.errors import ClassError
from core.storage import Artifacts, Store

QUESTION = own_question("Overfitting already?", ["yes", "no", "cannot be said"], right=2)
FORWARD = (
    BallotState.FIRST,
    BallotState.DISCUSSING,
    BallotState.SECOND,
    BallotState.REVEALED,
    BallotState.CLOSED,
)


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(ClassError) as caught:
        action()
    assert caught.value.code == code


def a_class(store: Store, *students: str) -> str:
    code = store.open_class("teacher").code
    for name in students:
        store.join(code, name, name)
    return code


def test_peer_instruction_from_the_first_vote_to_the_end(store: Store) -> None:
    code = a_class(store, "ann", "bo", "cem")
    before = store.classroom(code).version
    ballot = store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher")
    assert (ballot.number, ballot.state, ballot.round, ballot.questions) == (
        1,
        BallotState.FIRST,
        1,
        (QUESTION,),
    )
    assert store.current_ballot(code) == ballot
    refused("ballot_open", lambda: store.open_ballot(code, BallotKind.TICKET, [QUESTION], teacher="teacher"))

    store.vote(ballot.id, 0, owner="ann", in_round=1)
    store.vote(ballot.id, 1, owner="ann", in_round=1)
    store.vote(ballot.id, 2, owner="bo", in_round=1)
    assert store.answered(ballot.id) == 2
    assert [vote.choice for vote in store.votes_of(ballot.id, "ann")] == [1]
    assert store.classroom(code).version > before
    # Nobody but the teacher learns how it stands before both votes are over.
    for reader in ("ann", "somebody", ""):
        refused("ballot_hidden", lambda reader=reader: store.votes(ballot.id, reader=reader))
    assert len(store.votes(ballot.id, reader="teacher")) == 2

    for place, state in enumerate(FORWARD[1:], start=1):
        for wrong in {*FORWARD[: place + 1], *FORWARD[place + 1 :]} - {state, BallotState.CLOSED}:
            assert not store.move_ballot(ballot.id, wrong, teacher="teacher")
        assert store.move_ballot(ballot.id, state, teacher="teacher")
        assert not store.move_ballot(ballot.id, state, teacher="teacher"), "of two who press, one succeeds"
        if state is BallotState.DISCUSSING:
            refused("ballot_over", lambda: store.vote(ballot.id, 0, owner="ann", in_round=1))
            assert store.answered(ballot.id) == 2
        if state is BallotState.SECOND:
            refused("ballot_over", lambda: store.vote(ballot.id, 0, owner="cem", in_round=1))
            refused("ballot_hidden", lambda: store.votes(ballot.id, reader="ann"))
            for name in ("ann", "bo", "cem"):
                store.vote(ballot.id, 2, owner=name, in_round=2)
    votes = store.votes(ballot.id, reader="ann")
    assert tally(QUESTION, votes).counts == (0, 1, 1)
    assert tally(QUESTION, votes, in_round=2).counts == (0, 0, 3)
    found = shift(QUESTION, votes)
    assert found is not None
    assert (found.stayed_right, found.became_right, found.both) == (1, 1, 2)
    over = store.ballot(ballot.id)
    assert (over.is_on, over.is_shown, store.current_ballot(code)) == (False, True, None)
    for in_round in (0, 1, 2, 3):
        refused(
            "ballot_over", lambda in_round=in_round: store.vote(ballot.id, 0, owner="ann", in_round=in_round)
        )
    second = store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher")
    assert [one.id for one in store.ballots(code)] == [ballot.id, second.id]
    assert store.ballot(second.id).number == 2


def test_a_ticket_is_answered_until_it_is_closed(store: Store) -> None:
    code = a_class(store, "ann", "bo")
    refused("ballot_questions", lambda: store.open_ballot(code, BallotKind.TICKET, [], teacher="teacher"))
    refused(
        "ballot_questions",
        lambda: store.open_ballot(code, BallotKind.VOTE, [QUESTION] * 2, teacher="teacher"),
    )
    ticket = store.open_ballot(code, BallotKind.TICKET, [QUESTION] * 3, teacher="teacher")
    for place in (0, 1, 2, 1):
        store.vote(ticket.id, place, owner="ann", in_round=1, place=place)
    store.vote(ticket.id, 0, owner="bo", in_round=1)
    votes = store.votes(ticket.id, reader="teacher")
    assert (store.answered(ticket.id), len(votes), has_answered(ticket, votes)) == (1, 4, 1)
    for state in FORWARD[1:4]:
        assert not store.move_ballot(ticket.id, state, teacher="teacher")
    assert store.move_ballot(ticket.id, BallotState.CLOSED, teacher="teacher")
    refused("ballot_over", lambda: store.vote(ticket.id, 1, owner="bo", in_round=1))
    refused("ballot_hidden", lambda: store.votes(ticket.id, reader="ann"))


def test_what_is_forged_or_of_another_class_is_refused(store: Store) -> None:
    code, other = a_class(store, "ann"), a_class(store, "eve")
    ballot = store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher")
    for who in ("eve", "somebody", "", "teacher"):
        refused("ballot_not_seated", lambda who=who: store.vote(ballot.id, 0, owner=who, in_round=1))
    for choice in (-1, 3, 10**9, True, "0", None, 1.0):
        refused("ballot_choice", lambda choice=choice: store.vote(ballot.id, choice, owner="ann", in_round=1))
    for place in (-1, 1, False):
        refused(
            "ballot_choice",
            lambda place=place: store.vote(ballot.id, 0, owner="ann", in_round=1, place=place),
        )
    for name in ("", "nothing", "a" * 10_000, "\0", "' or 1=1 --", "\ud800"):
        for call in (
            lambda name=name: store.vote(name, 0, owner="ann", in_round=1),
            lambda name=name: store.votes(name, reader="teacher"),
            lambda name=name: store.move_ballot(name, BallotState.CLOSED, teacher="teacher"),
            lambda name=name: store.answered(name),
        ):
            refused("unknown_ballot", call)
    store.open_class("other teacher")
    for who in ("ann", "other teacher", ""):
        refused(
            "class_not_teacher", lambda who=who: store.move_ballot(ballot.id, BallotState.CLOSED, teacher=who)
        )
        refused(
            "class_not_teacher",
            lambda who=who: store.open_ballot(other, BallotKind.VOTE, [QUESTION], teacher=who),
        )
    assert store.ballot(ballot.id) == ballot
    assert store.votes(ballot.id, reader="teacher") == []


def test_who_leaves_counts_no_more_and_who_comes_back_counts_once(store: Store) -> None:
    code = a_class(store, "ann", "bo")
    first = store.open_ballot(code, BallotKind.TICKET, [QUESTION], teacher="teacher")
    store.vote(first.id, 0, owner="ann", in_round=1)
    store.move_ballot(first.id, BallotState.CLOSED, teacher="teacher")
    ballot = store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher")
    store.vote(ballot.id, 0, owner="ann", in_round=1)
    store.vote(ballot.id, 0, owner="bo", in_round=1)
    store.leave(code, "ann")
    store.remove_seat(code, 2, teacher="teacher")
    assert store.answered(ballot.id) == 0
    refused("ballot_not_seated", lambda: store.vote(ballot.id, 0, owner="bo", in_round=1))
    store.join(code, "ann", "ann")
    store.vote(ballot.id, 1, owner="ann", in_round=1)
    assert [(vote.seat, vote.choice) for vote in store.votes(ballot.id, reader="teacher")] == [(3, 1)]
    assert len(store.votes(first.id, reader="teacher")) == 1, "what was closed stays as it was"
    store.end_class(code, teacher="teacher")
    assert store.ballot(ballot.id).state is BallotState.CLOSED
    refused("class_ended", lambda: store.vote(ballot.id, 0, owner="ann", in_round=1))
    refused("class_ended", lambda: store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher"))
    store.delete_class(code, teacher="teacher")
    refused("unknown_ballot", lambda: store.ballot(ballot.id))


def test_many_vote_and_two_teachers_press_at_once(store: Store) -> None:
    names = [f"student {number}" for number in range(12)]
    code = a_class(store, *names)
    ballot = store.open_ballot(code, BallotKind.VOTE, [QUESTION], teacher="teacher")

    def vote(number: int) -> None:
        store.vote(ballot.id, number % 3, owner=names[number % len(names)], in_round=1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote, range(24)))
        moved = list(
            pool.map(
                lambda _: store.move_ballot(ballot.id, BallotState.DISCUSSING, teacher="teacher"), range(8)
            )
        )
    assert moved.count(True) == 1
    assert tally(QUESTION, store.votes(ballot.id, reader="teacher")).counts == (4, 4, 4)


def test_own_words_are_plain_and_bounded() -> None:
    found = own_question("  What\u202e does it\nlearn? ", [" a ", "", "b\0", ""], right=2)
    assert (found.text, found.options, found.right, found.choices) == (
        "  What does it\nlearn?",
        ("a", "b"),
        1,
        2,
    )
    assert own_question("?", ["a", "b"]).right is None
    for code, call in {
        "question_empty": lambda: own_question(" \n", ["a", "b"]),
        "question_long": lambda: own_question("a" * 10_000, ["a", "b"]),
        "choice_long": lambda: own_question("?", ["a" * 199, "b"]),
        "question_choices": lambda: own_question("?", ["a", " "]),
        "choice_twice": lambda: own_question("?", ["a", "a "]),
        "question_right": lambda: own_question("?", ["a", "b", ""], right=2),
    }.items():
        refused(code, call)
    refused("question_choices", lambda: own_question("?", "abcdef"))


class OfABallot(RuleBasedStateMachine):
    """Any order of presses: what is kept is what a plain model of the rules keeps, and states only move forward."""

    store: Store

    @initialize()
    def open(self) -> None:
        self.code = a_class(self.store, "ann", "bo")
        self.ballot = self.store.open_ballot(self.code, BallotKind.VOTE, [QUESTION], teacher="teacher").id
        self.state = BallotState.FIRST
        self.said: dict[tuple[int, int], int] = {}
        self.revealed = False

    @rule(who=st.sampled_from(["ann", "bo"]), choice=st.integers(-1, 3), in_round=st.integers(0, 3))
    def vote(self, who: str, choice: int, in_round: int) -> None:
        on = {BallotState.FIRST: 1, BallotState.SECOND: 2}.get(self.state)
        if on == in_round and 0 <= choice < 3:
            seat = self.store.vote(self.ballot, choice, owner=who, in_round=in_round).seat
            self.said[seat, in_round] = choice
        else:
            refused(
                "ballot_over" if on != in_round else "ballot_choice",
                lambda: self.store.vote(self.ballot, choice, owner=who, in_round=in_round),
            )

    @precondition(lambda self: self.state is not BallotState.CLOSED)
    @rule(to=st.sampled_from(FORWARD))
    def move(self, to: BallotState) -> None:
        follows = FORWARD.index(to) == FORWARD.index(self.state) + 1 or to is BallotState.CLOSED
        assert self.store.move_ballot(self.ballot, to, teacher="teacher") == follows
        if follows:
            self.state = to
            self.revealed |= to is BallotState.REVEALED

    @rule(to=st.sampled_from(FORWARD))
    def move_what_is_closed(self, to: BallotState) -> None:
        if self.state is BallotState.CLOSED:
            assert not self.store.move_ballot(self.ballot, to, teacher="teacher")

    @invariant()
    def holds(self) -> None:
        found = self.store.ballot(self.ballot)
        assert (found.state, found.is_shown, found.is_on) == (
            self.state, self.revealed, self.state is not BallotState.CLOSED,
        )  # fmt: skip
        kept = {
            (vote.seat, vote.round): vote.choice for vote in self.store.votes(self.ballot, reader="teacher")
        }
        assert kept == self.said
        if not self.revealed:
            refused("ballot_hidden", lambda: self.store.votes(self.ballot, reader="ann"))


def test_any_order_of_presses(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ballots")
    OfABallot.store = Store(f"sqlite:///{folder / 'runs.sqlite3'}", Artifacts(str(folder / "artifacts")))
    try:
        OfABallot.TestCase.settings = settings(max_examples=10, stateful_step_count=10, deadline=None)
        test = OfABallot.TestCase()
        test.runTest()
    finally:
        OfABallot.store.close()


def test_a_question_of_the_bank_is_kept_with_its_facts(store: Store) -> None:
    code = a_class(store)
    asked = Question(item="gap", run="recorded-x", facts={"loss": 0.1, "epoch": 3}, choices=4, right=1)
    ballot = store.open_ballot(code, BallotKind.VOTE, [asked], teacher="teacher")
    assert store.ballot(ballot.id).questions == (asked,)
