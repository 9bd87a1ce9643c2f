"""What a class is asked: peer instruction in two rounds, or an exit ticket. Records and rules; storage keeps them.

Peer instruction (Eric Mazur, 1997) goes: everyone votes alone, neighbours discuss, everyone votes again, and only then
the result and the answer are shown. Whoever knows how the others voted follows them instead of thinking; so before the
second vote is over, a result is given to nobody but the browser that teaches the class (`Ballots.votes`), and pages
show it there only to who presses for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.errors import ClassError
from core.plain_text import as_note, as_title

FEWEST_CHOICES, MOST_CHOICES = 2, 5
MOST_QUESTIONS = 3
"""Of an exit ticket."""
LONGEST_QUESTION, LONGEST_CHOICE = 500, 160
"""Characters of a teacher's own words."""


class BallotKind(StrEnum):
    """What a ballot is for."""

    VOTE = "vote"  # one question in two rounds
    TICKET = "ticket"  # one to three questions, once


class BallotState(StrEnum):
    """How far a ballot is; it only moves forward. A ticket goes from `first` to `closed`."""

    FIRST = "first"  # everyone votes alone
    DISCUSSING = "discussing"  # nobody votes
    SECOND = "second"
    REVEALED = "revealed"  # both results and the answer are seen
    CLOSED = "closed"


#: From where each state of a vote is reached; it is closed from anywhere, as when the bell rings.
_BEFORE: Mapping[BallotState, frozenset[BallotState]] = {
    BallotState.DISCUSSING: frozenset({BallotState.FIRST}),
    BallotState.SECOND: frozenset({BallotState.DISCUSSING}),
    BallotState.REVEALED: frozenset({BallotState.SECOND}),
    BallotState.CLOSED: frozenset(BallotState) - {BallotState.CLOSED},
}
_ROUNDS = {BallotState.FIRST: 1, BallotState.SECOND: 2}


def states_before(kind: BallotKind, state: BallotState) -> frozenset[BallotState]:
    """The states from which a ballot may move to this one; none if it never does."""
    if kind is BallotKind.TICKET:
        return frozenset({BallotState.FIRST}) if state is BallotState.CLOSED else frozenset()
    return _BEFORE.get(state, frozenset())


class Question(BaseModel):
    """A question with choices: an item of the bank, about a run if it takes one, or a teacher's own words.

    What of it follows from a run is taken down when it is asked, so that it stays what it was while the run goes on.

    Attributes:
        item: The name of the item; "" for own words.
        run: The run whose numbers it names; "" if none.
        facts: These numbers, by the names that the item has for them.
        text: The teacher's own words; "" for an item, whose words follow from the language of who reads.
        options: The teacher's own choices; () for an item.
        choices: How many choices there are.
        right: The place of the right one, from 0; None where there is no right or wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Annotated[str, Field(max_length=64)] = ""
    run: Annotated[str, Field(max_length=64)] = ""
    facts: Mapping[str, int | float | str] = {}
    text: Annotated[str, Field(max_length=LONGEST_QUESTION)] = ""
    options: tuple[Annotated[str, Field(max_length=LONGEST_CHOICE)], ...] = ()
    choices: Annotated[int, Field(ge=FEWEST_CHOICES, le=MOST_CHOICES)]
    right: int | None = None


def own_question(text: str, options: Iterable[str], right: int | None = None) -> Question:
    """A question in a teacher's own words, plain text throughout.

    Args:
        options: The choices; those that are empty are left out.
        right: The place of the right one among all that were given.

    Raises:
        ClassError: If the question or a choice is too long ("question_long", "choice_long"), if there is no question
            ("question_empty"), if there are not two to five choices ("question_choices"), two of them the same
            ("choice_twice"), or the right one is empty or none of them ("question_right").
    """
    asked = as_note(text[: 10 * LONGEST_QUESTION])
    if not asked:
        raise ClassError("question_empty")
    if len(asked) > LONGEST_QUESTION:
        raise ClassError("question_long", received=len(text), most=LONGEST_QUESTION)
    given = [as_title(option) for option in options]
    if any(len(one) > LONGEST_CHOICE for one in given):
        raise ClassError("choice_long", most=LONGEST_CHOICE)
    kept = [one for one in given if one]
    if not FEWEST_CHOICES <= len(kept) <= MOST_CHOICES:
        raise ClassError("question_choices", received=len(kept), least=FEWEST_CHOICES, most=MOST_CHOICES)
    twice = next((one for place, one in enumerate(kept) if one in kept[:place]), None)
    if twice is not None:
        raise ClassError("choice_twice", received=twice)
    if right is not None and not (0 <= right < len(given) and given[right]):
        raise ClassError("question_right")
    place = None if right is None else kept.index(given[right])
    return Question(text=asked, options=tuple(kept), choices=len(kept), right=place)


@dataclass(frozen=True)
class Ballot:
    """A question to a class in two rounds, or an exit ticket."""

    id: str
    classroom: str  # the code of the class
    number: int  # from 1, in the order in which the class was asked
    kind: BallotKind
    questions: tuple[Question, ...]  # one of a vote
    state: BallotState
    opened: datetime  # UTC
    revealed: datetime | None  # when its result was shown to the class (UTC); None if it was not
    ended: datetime | None  # when it was closed (UTC)

    @property
    def round(self) -> int:
        """In which round votes are taken now, 1 or 2; 0 if they are not."""
        return _ROUNDS.get(self.state, 0)

    @property
    def is_on(self) -> bool:
        """Whether it is what the class is asked now."""
        return self.state is not BallotState.CLOSED

    @property
    def is_shown(self) -> bool:
        """Whether everyone in the class may see the result and the answer."""
        return self.revealed is not None


def check_choice(ballot: Ballot, place: int, choice: int) -> None:
    """Refuse what is none of the choices of a question; `place` is the question's, from 0.

    Raises:
        ClassError: "ballot_choice".
    """
    # A forged value may be anything, and True is an int.
    whole = type(place) is int and type(choice) is int
    if (
        not whole
        or not 0 <= place < len(ballot.questions)
        or not 0 <= choice < ballot.questions[place].choices
    ):
        raise ClassError("ballot_choice")


@dataclass(frozen=True)
class Vote:
    """What a seat said to a question."""

    seat: int  # its number
    round: int  # 1 or 2
    place: int  # of the question, from 0
    choice: int  # from 0
    moment: datetime  # when it was last changed (UTC)


@dataclass(frozen=True)
class Tally:
    """How the seats voted on a question in a round: how many for each choice."""

    counts: tuple[int, ...]

    @property
    def votes(self) -> int:
        """How many voted."""
        return sum(self.counts)

    def share(self, choice: int) -> float:
        """Of all who voted those for this choice, 0 to 1; 0 if nobody did."""
        return self.counts[choice] / self.votes if self.votes else 0.0


def tally(question: Question, votes: Iterable[Vote], *, place: int = 0, in_round: int = 1) -> Tally:
    """Count the votes on one question of a ballot in one round."""
    counts = [0] * question.choices
    for vote in votes:
        if (vote.place, vote.round) == (place, in_round):
            counts[vote.choice] += 1
    return Tally(tuple(counts))


@dataclass(frozen=True)
class Shift:
    """What became of those who voted twice, by whether they were right the first and the second time."""

    stayed_right: int
    became_right: int
    became_wrong: int
    stayed_wrong: int

    @property
    def both(self) -> int:
        """How many voted in both rounds."""
        return self.stayed_right + self.became_right + self.became_wrong + self.stayed_wrong


def shift(question: Question, votes: Iterable[Vote]) -> Shift | None:
    """What discussing has changed; None where there is no right answer."""
    if question.right is None:
        return None
    found: dict[int, dict[int, bool]] = {}
    for vote in votes:
        found.setdefault(vote.seat, {})[vote.round] = vote.choice == question.right
    both = [(said[1], said[2]) for said in found.values() if len(said) == 2]
    return Shift(
        both.count((True, True)),
        both.count((False, True)),
        both.count((True, False)),
        both.count((False, False)),
    )


def has_answered(ballot: Ballot, votes: Collection[Vote]) -> int:
    """How many seats have answered all that is asked in the round that is on, or was last."""
    last = ballot.round or max((vote.round for vote in votes), default=1)
    places: dict[int, set[int]] = {}
    for vote in votes:
        if vote.round == last:
            places.setdefault(vote.seat, set()).add(vote.place)
    return sum(len(answered) == len(ballot.questions) for answered in places.values())


def check_questions(kind: BallotKind, questions: Sequence[Question]) -> None:
    """Refuse a ballot without a question, or with more than its kind has.

    Raises:
        ClassError: "ballot_questions".
    """
    most = MOST_QUESTIONS if kind is BallotKind.TICKET else 1
    if not 1 <= len(questions) <= most:
        raise ClassError("ballot_questions", received=len(questions), most=most)
