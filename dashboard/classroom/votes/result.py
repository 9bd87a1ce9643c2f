"""The result of a ballot on a page: both rounds side by side, what discussing changed, what the choices stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from core.classroom.ballot import Ballot, BallotKind, Question, Vote, shift, tally
from dashboard.classroom.votes.asking import LETTERS, Asked, shown_question
from dashboard.classroom.votes.figures import rounds_figure, said_rounds
from dashboard.shared.chart import show_chart
from dashboard.shared.language import Language
from dashboard.shared.page_links import run_link
from dashboard.shared.theme import table_height

if TYPE_CHECKING:
    import pandas as pd


def show_words(asked: Asked, t: Language, *, right: int | None = None, mine: int | None = None) -> None:
    """A question and its choices in large letters; the right one and one's own are marked."""
    st.markdown(f"#### {asked.text}" if "\n" not in asked.text else asked.text)
    for place, choice in enumerate(asked.choices):
        marks = ""
        if place == right:
            marks += f" :green-badge[:material/check: {t('votes.right')}]"
        if place == mine:
            marks += f" :blue-badge[{t('votes.mine')}]"
        st.markdown(f"**{LETTERS[place]}**&ensp;{choice}{marks}")


def show_run_link(question: Question, t: Language) -> None:
    """The way to the run that a question is about; nothing if it is about none."""
    if question.run:
        run_link(question.run, t("votes.run.open"))


def rounds_of(ballot: Ballot, place: int) -> tuple[int, ...]:
    """The rounds that are counted of a question."""
    return (1,) if ballot.kind is BallotKind.TICKET else (1, 2)


def show_question_result(
    ballot: Ballot,
    place: int,
    votes: Sequence[Vote],
    t: Language,
    *,
    key: str,
    mine: int | None = None,
    saved: bool = True,
) -> None:
    """A question of a ballot with all that came of it; `saved` where a picture of the bars may be wanted."""
    question = ballot.questions[place]
    asked = shown_question(question, t)
    show_words(asked, t, right=question.right, mine=mine)
    show_bars(question, place, votes, rounds_of(ballot, place), t, key=key, answer=True, saved=saved)
    _show_shift(question, votes, t)
    if asked.explanation:
        st.info(asked.explanation, icon=":material/lightbulb:")
    show_run_link(question, t)
    if asked.stands_for:
        with st.expander(t("votes.stands_for"), icon=":material/psychology:"):
            for letter, meaning in zip(LETTERS, asked.stands_for, strict=False):
                st.markdown(f"**{letter}**&ensp;{meaning}")


def show_bars(
    question: Question,
    place: int,
    votes: Sequence[Vote],
    rounds: Sequence[int],
    t: Language,
    *,
    key: str,
    answer: bool,
    saved: bool = True,
) -> None:
    """The bars alone, of these rounds; with the answer marked or not."""
    found = [tally(question, votes, place=place, in_round=number) for number in rounds]
    right = question.right if answer else None
    show_chart(
        rounds_figure(found, t, right=right),
        t,
        key=f"{key}-{place}",
        alt=said_rounds(found, t, right=right),
        name=f"votes-{key}" if saved else None,
    )


def _show_shift(question: Question, votes: Sequence[Vote], t: Language) -> None:
    found = shift(question, votes)
    if found is None or not found.both:
        return
    st.markdown(
        t(
            "votes.shift",
            both=found.both,
            before=found.stayed_right + found.became_wrong,
            after=found.stayed_right + found.became_right,
            gained=found.became_right,
            lost=found.became_wrong,
        )
    )


def answer_table(
    ballot: Ballot, votes: Sequence[Vote], names: Mapping[int, str], t: Language
) -> pd.DataFrame:
    """One line a seat: its number, what it is called, and the letter that it chose to each question and round."""
    import pandas as pd  # what stands on every page imports this module, and no other needs it so early

    said = {(vote.seat, vote.place, vote.round): vote.choice for vote in votes}
    seats = sorted({*names, *(vote.seat for vote in votes)})
    columns: dict[str, list[object]] = {
        t("votes.table.seat"): list(seats),
        t("votes.table.name"): [names.get(seat, t("votes.table.gone")) for seat in seats],
    }
    for place, question in enumerate(ballot.questions):
        for number in rounds_of(ballot, place):
            label = (
                t("votes.table.question", number=place + 1)
                if ballot.kind is BallotKind.TICKET
                else t(f"votes.round.{number}")
            )
            columns[label] = [_marked(said.get((seat, place, number)), question) for seat in seats]
    return pd.DataFrame(columns)


def _marked(choice: int | None, question: Question) -> str:
    if choice is None:
        return ""
    return f"{LETTERS[choice]} ✓" if choice == question.right else LETTERS[choice]


def show_result(
    ballot: Ballot, votes: Sequence[Vote], t: Language, *, key: str, names: Mapping[int, str] | None = None
) -> None:
    """All questions of a ballot, and with names who answered what."""
    for place in range(len(ballot.questions)):
        if place:
            st.divider()
        show_question_result(ballot, place, votes, t, key=key)
    if names is not None:
        table = answer_table(ballot, votes, names, t)
        if not table.empty:
            st.dataframe(table, hide_index=True, height=table_height(table), key=f"{key}-table")
