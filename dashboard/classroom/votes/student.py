"""What a student is asked: large choices, what one has chosen, and what to do meanwhile."""

from __future__ import annotations

import streamlit as st

from core.classroom.ballot import Ballot, BallotKind, BallotState, Vote
from core.errors import ClassError
from dashboard.classroom.votes.asking import LETTERS, shown_question
from dashboard.classroom.votes.result import show_question_result, show_words
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.trouble import Refusal, told

_REFUSED = Refusal("votes-refused")
_STYLE = """<style>
[class*="st-key-vote-choice-"] button { min-height: 3.5rem; text-align: left; }
[class*="st-key-vote-choice-"] button, [class*="st-key-vote-choice-"] button > div { justify-content: flex-start; }
[class*="st-key-vote-choice-"] button p { font-size: 1.05rem; white-space: normal; }
</style>"""


def show_asked(ballot: str, t: Language, *, key: str) -> None:
    """A ballot that is on, to be answered; only this part runs again when something in it is pressed."""
    st.fragment(_panel)(ballot, t, key)


def show_asked_beside(ballot: Ballot, t: Language) -> None:
    """The same on any other page: a line above it, whose answers open over the page and leave it as it is."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="votes-beside"):
        st.markdown(f":material/how_to_vote: **{_heading(ballot, t)}**", width="stretch")
        with st.popover(t(f"votes.beside.{_to_do(ballot)}"), type="primary", width="content"):
            show_asked(ballot.id, t, key="beside")


def tell_refused(t: Language) -> None:
    """Why what was pressed last was not counted; nothing if it was."""
    with st.container():
        _REFUSED.tell(t)


def _to_do(ballot: Ballot) -> str:
    """What the button above a page leads to: "answer", "wait" or "look"."""
    if ballot.round:
        return "answer"
    return "look" if ballot.state is BallotState.REVEALED else "wait"


def _heading(ballot: Ballot, t: Language) -> str:
    return (
        t("votes.ticket.heading")
        if ballot.kind is BallotKind.TICKET
        else t(f"votes.heading.{ballot.state.value}")
    )


def _panel(of: str, t: Language, key: str) -> None:
    tell_refused(t)
    with told(t, level="warning"):
        store, owner = services.store(), services.owner()
        try:
            ballot = store.ballot(of)
        except ClassError:  # deleted with its class
            st.caption(t("votes.closed"))
            return
        mine = {(vote.place, vote.round): vote.choice for vote in store.votes_of(of, owner)}
        st.html(_STYLE)
        if ballot.round:
            _answer(ballot, mine, t, key)
        elif ballot.state is BallotState.DISCUSSING:
            _discuss(ballot, mine, t)
        elif ballot.state is BallotState.REVEALED:
            votes: list[Vote] = store.votes(of, reader=owner)
            st.markdown(f"**{t('votes.heading.revealed')}**")
            show_question_result(
                ballot, 0, votes, t, saved=False, key=f"{key}-result", mine=mine.get((0, 2), mine.get((0, 1)))
            )
        else:
            st.caption(t("votes.closed"))


def _answer(ballot: Ballot, mine: dict[tuple[int, int], int], t: Language, key: str) -> None:
    """The choices of the round that is on."""
    number = ballot.round
    if ballot.kind is BallotKind.TICKET:
        st.caption(t("votes.ticket.about", number=len(ballot.questions)))
    else:
        st.caption(t(f"votes.about.{ballot.state.value}"))
    for place, question in enumerate(ballot.questions):
        asked, chosen = shown_question(question, t), mine.get((place, number))
        st.markdown(f"##### {asked.text}" if "\n" not in asked.text else asked.text)
        if number == 2 and (before := mine.get((place, 1))) is not None:
            st.caption(t("votes.before", letter=LETTERS[before]))
        for choice, text in enumerate(asked.choices):
            st.button(
                f"{'✓ ' if choice == chosen else ''}**{LETTERS[choice]}**&ensp;{text}",
                key=f"vote-choice-{key}-{ballot.id}-{number}-{place}-{choice}",
                type="primary" if choice == chosen else "secondary",
                width="stretch",
                on_click=_vote,
                args=(ballot.id, number, place, choice),
            )
    missing = sum((place, number) not in mine for place in range(len(ballot.questions)))
    if not missing:
        st.success(t("votes.kept"), icon=":material/check_circle:")
    elif missing < len(ballot.questions):
        st.caption(t("votes.missing", number=missing))


def _vote(ballot: str, number: int, place: int, choice: int) -> None:
    with _REFUSED.kept():  # the round ended, or the seat was freed, while the page stood there
        services.store().vote(ballot, choice, owner=services.owner(), in_round=number, place=place)


def _discuss(ballot: Ballot, mine: dict[tuple[int, int], int], t: Language) -> None:
    st.info(t("votes.discuss"), icon=":material/forum:")
    show_words(shown_question(ballot.questions[0], t), t, mine=mine.get((0, 1)))
