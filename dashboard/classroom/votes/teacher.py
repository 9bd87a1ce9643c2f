"""The teacher's side: what the class is asked now, what to ask next, and what came of all that was asked."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.classroom import Classroom
from core.classroom.ballot import Ballot, BallotKind, BallotState
from core.errors import ClassError, StorageError
from dashboard.classroom.seat_menu import shown_name
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.votes.asking import shown_question
from dashboard.classroom.votes.exported import votes_offer
from dashboard.classroom.votes.opening import show_opening
from dashboard.classroom.votes.predictions import show_predictions
from dashboard.classroom.votes.result import rounds_of, show_bars, show_result, show_run_link, show_words
from dashboard.shared import services
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.take_home import save_button
from dashboard.shared.trouble import told

_COUNTED = 1.5  # seconds between two counts of the votes
#: What comes next, and the icon of the button that leads there.
_NEXT = {
    BallotState.FIRST: (BallotState.DISCUSSING, "forum"),
    BallotState.DISCUSSING: (BallotState.SECOND, "how_to_vote"),
    BallotState.SECOND: (BallotState.REVEALED, "visibility"),
    BallotState.REVEALED: (BallotState.CLOSED, "check"),
}


def show_current(classroom: Classroom, t: Language) -> None:
    """What the class is asked now, with the teacher's buttons; nothing if it is asked nothing."""
    with told(t, level="warning"):
        ballot = services.store().current_ballot(classroom.code)
        if ballot is not None:
            if classroom.rules.paused and ballot.round:
                st.warning(t("votes.paused"), icon=":material/pause_circle:")
            _show_ballot(ballot, t)


def show_votes(classroom: Classroom, t: Language) -> None:
    """What to ask next, what the class has predicted, and what it was asked before."""
    st.subheader(t("votes.title"), anchor=False)
    with told(t, level="warning"):
        if classroom.is_on and services.store().current_ballot(classroom.code) is None:
            with _later(t("votes.ask"), "votes-asking", "add_comment") as box:
                if box.open:
                    show_opening(classroom, t)
        with _later(t("votes.pooled.title"), "votes-predictions", "timeline") as box:
            if box.open:
                show_predictions(classroom, t)
        _show_earlier(classroom, t)


def _later(label: str, key: str, icon: str) -> Any:
    """A box whose content is made once it is opened."""
    return st.expander(label, icon=f":material/{icon}:", key=key, on_change="rerun")


# What is asked now


def _show_ballot(ballot: Ballot, t: Language) -> None:
    with st.container(border=True, key="votes-current"):
        ticket = ballot.kind is BallotKind.TICKET
        heading = t("votes.ticket.on") if ticket else t(f"votes.state.{ballot.state.value}")
        st.markdown(f"**{t('votes.number', number=ballot.number)}** · {heading}")
        if ballot.is_shown:
            votes = services.store().votes(ballot.id, reader=services.owner())
            show_result(ballot, votes, t, key=f"shown-{ballot.id}")
        else:
            for place, question in enumerate(ballot.questions):
                if place:
                    st.divider()
                show_words(shown_question(question, t), t)
                show_run_link(question, t)
            st.fragment(_count, run_every=_COUNTED if ballot.round else None)(ballot.id, ballot.classroom, t)
        with st.container(horizontal=True, vertical_alignment="center"):
            _steps(ballot, t)
        if not ballot.is_shown:
            _peek(ballot, t)


def _count(ballot: str, classroom: str, t: Language) -> None:
    """How many have answered so far, and nothing else."""
    store = services.store()
    try:
        answered, seats = store.answered(ballot), len(store.seats(classroom))
    except (ClassError, StorageError):  # deleted, or away: the page says which
        return
    share = min(answered / seats, 1.0) if seats else 0.0
    st.progress(share, t("votes.answered", number=answered, seats=seats))


def _steps(ballot: Ballot, t: Language) -> None:
    """The button to the next state, and the way to close before the result is shown."""
    if ballot.kind is BallotKind.TICKET:
        step: tuple[BallotState, str] = (BallotState.CLOSED, "check")
    else:
        step = _NEXT[ballot.state]
    to, icon = step
    name = "ticket" if ballot.kind is BallotKind.TICKET else to.value
    if st.button(
        t(f"votes.go.{name}"),
        key=f"votes-go-{ballot.id}-{to.value}",
        type="primary",
        icon=f":material/{icon}:",
    ):
        _move(ballot, to)
    if ballot.kind is BallotKind.VOTE and not ballot.is_shown:
        with st.popover(t("votes.give_up"), icon=":material/close:"):
            st.markdown(t("votes.give_up.about"))
            if st.button(t("votes.give_up.press"), key=f"votes-give-up-{ballot.id}"):
                _move(ballot, BallotState.CLOSED)


def _move(ballot: Ballot, to: BallotState) -> None:
    # Another browser of the teacher's may have been quicker: then the page shows what is so.
    services.store().move_ballot(ballot.id, to, teacher=services.owner())
    snapshots.forget()
    st.rerun()


def _peek(ballot: Ballot, t: Language) -> None:
    """How it stands, for the teacher alone, who has to press for it each time the page is opened."""
    if not st.toggle(
        t("votes.peek"), key=f"votes-peek-{ballot.id}-{ballot.state.value}", help=t("votes.peek.help")
    ):
        return
    votes = services.store().votes(ballot.id, reader=services.owner())
    st.caption(t("votes.peek.about"))
    rounds = [number for number in rounds_of(ballot, 0) if number == 1 or ballot.state is BallotState.SECOND]
    for place, question in enumerate(ballot.questions):
        if len(ballot.questions) > 1:
            st.markdown(f"**{place + 1}.** {escaped(shown_question(question, t, plain=True).brief)}")
        show_bars(
            question, place, votes, rounds, t, key=f"peek-{ballot.id}-{ballot.state.value}", answer=False
        )


# What was asked before


def _show_earlier(classroom: Classroom, t: Language) -> None:
    store = services.store()
    over = [one for one in store.ballots(classroom.code) if not one.is_on]
    if not over:
        return
    with _later(t("votes.earlier", number=len(over)), "votes-earlier", "history") as box:
        if not box.open:
            return
        names = {
            seat.number: shown_name(seat, t, names=classroom.shown.names)
            for seat in store.seats(classroom.code)
        }
        offer = partial(votes_offer, classroom, names=names, t=t, store=store, teacher=services.owner())
        save_button(offer(over), key="votes-csv")
        chosen = st.selectbox(
            t("votes.earlier.choose"),
            [one.id for one in reversed(over)],
            format_func={one.id: _line(one, t) for one in over}.__getitem__,
            key="votes-earlier-choice",
        )
        ballot = next(one for one in over if one.id == chosen)
        if ballot.kind is BallotKind.VOTE and not ballot.is_shown:
            st.caption(t("votes.earlier.not_shown"))
        show_result(
            ballot,
            store.votes(ballot.id, reader=services.owner()),
            t,
            key=f"earlier-{ballot.id}",
            names=names,
        )
        save_button(offer([ballot]), key=f"votes-csv-{ballot.id}")


def _line(ballot: Ballot, t: Language) -> str:
    asked = shown_question(ballot.questions[0], t, plain=True)
    title = t("votes.ticket.heading") if ballot.kind is BallotKind.TICKET else asked.brief
    return f"{ballot.number}. {title} · {moment(ballot.opened, reader_timezone())}"
