"""What a class was asked and what its seats said, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.classroom.ballot import Ballot, Question, Vote
from core.export.spreadsheet import spreadsheet

_COLUMNS = (
    "ballot",
    "kind",
    "question",
    "text",
    "run",
    "seat",
    "name",
    "round_1",
    "round_2",
    "right_answer",
    "right_1",
    "right_2",
    "moment",
)
Words = Callable[[Question], tuple[str, Sequence[str]]]
"""The text of a question and its choices, as plain text."""


def votes_csv(
    ballots: Iterable[tuple[Ballot, Sequence[Vote]]], names: Mapping[int, str], words: Words
) -> str:
    """One line for each question and seat, also for those that said nothing.

    Whether a choice was right is 1 or 0, nothing where there is no right one or no choice; the moment, in UTC, is that
    of the last change.

    Args:
        ballots: Each with what was said to it.
        names: What each seat is called; one that has left the class has no name.
    """
    return spreadsheet(
        _COLUMNS, (row for ballot, votes in ballots for row in _rows(ballot, votes, names, words))
    )


def _rows(
    ballot: Ballot, votes: Sequence[Vote], names: Mapping[int, str], words: Words
) -> Iterator[dict[str, Any]]:
    said = {(vote.place, vote.seat, vote.round): vote for vote in votes}
    for place, question in enumerate(ballot.questions):
        text, choices = words(question)
        for seat in sorted({*names, *(vote.seat for vote in votes)}):
            first, second = (said.get((place, seat, number)) for number in (1, 2))
            last = second or first
            yield {
                "ballot": ballot.number,
                "kind": ballot.kind.value,
                "question": place + 1,
                "text": text,
                "run": question.run,
                "seat": seat,
                "name": names.get(seat, ""),
                "round_1": _choice(first, choices),
                "round_2": _choice(second, choices),
                "right_answer": None if question.right is None else choices[question.right],
                "right_1": _right(first, question),
                "right_2": _right(second, question),
                "moment": None if last is None else last.moment.isoformat(timespec="seconds"),
            }


def _choice(vote: Vote | None, choices: Sequence[str]) -> str | None:
    return None if vote is None else choices[vote.choice]


def _right(vote: Vote | None, question: Question) -> int | None:
    return None if vote is None or question.right is None else int(vote.choice == question.right)
