"""Choosing what to ask: an item of the bank about a run, or a teacher's own words."""

from __future__ import annotations

import streamlit as st

from core import recorded
from core.classroom import Classroom
from core.classroom.ballot import MOST_CHOICES, MOST_QUESTIONS, BallotKind, Question, own_question
from core.classroom.question_facts import FACTS
from core.run import Run, RunSummary
from dashboard.classroom.seat_menu import shown_name
from dashboard.classroom.snapshot import snapshots
from dashboard.classroom.votes.asking import (
    LETTERS,
    ask_item,
    check_gives_nothing_away,
    shown_question,
)
from dashboard.classroom.votes.bank import Item, items
from dashboard.classroom.votes.result import show_run_link, show_words
from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.run_words import name_of
from dashboard.shared.trouble import told

_TICKET = "votes-ticket-questions"
_OFFERED = 60
"""The newest runs of the class that a question may be about."""
_LOOKED_THROUGH = 2_000
"""Runs of a class among which a covered twin is looked for."""
_LONGEST_TYPED = 2_000
"""More than a question may have: what is too long is to be said, not cut in silence."""


def show_opening(classroom: Classroom, t: Language) -> None:
    """Choose what the class is asked next, see it as students will, and open it."""
    kind = choose(
        t("votes.kind"), tuple(BallotKind), lambda one: t(f"votes.kind.{one.value}"), key="votes-kind"
    )
    st.caption(t(f"votes.kind.{kind.value}.about"))
    if kind is BallotKind.TICKET:
        _show_ticket(classroom, t)
        if len(_ticket()) >= MOST_QUESTIONS:
            return
    press = t("votes.open.vote") if kind is BallotKind.VOTE else t("votes.open.add")
    source = choose(
        t("votes.source"), ("bank", "own"), lambda one: t(f"votes.source.{one}"), key="votes-source"
    )
    question = _from_bank(classroom, t, press=press) if source == "bank" else _own(t, press=press)
    if question is None:
        return
    if kind is BallotKind.VOTE:
        _open(classroom, kind, (question,), t)
    else:
        st.session_state[_TICKET] = (*_ticket(), question)
        st.rerun()


def _open(classroom: Classroom, kind: BallotKind, questions: tuple[Question, ...], t: Language) -> None:
    with told(t, level="warning"):
        store = services.store()
        for question in questions:  # one on a ticket was chosen a while ago
            if question.run:
                check_gives_nothing_away(store.get(question.run), _runs_of(classroom))
        store.open_ballot(classroom.code, kind, questions, teacher=services.owner())
        st.session_state.pop(_TICKET, None)
        snapshots.forget()
        st.rerun()


# An exit ticket


def _ticket() -> tuple[Question, ...]:
    kept = st.session_state.get(_TICKET, ())
    return tuple(one for one in kept if isinstance(one, Question))[:MOST_QUESTIONS]


def _show_ticket(classroom: Classroom, t: Language) -> None:
    """What is on the ticket so far, and the button that opens it."""
    questions = _ticket()
    for place, question in enumerate(questions):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            asked = shown_question(question, t, plain=True)
            st.markdown(f"**{place + 1}.** {escaped(asked.brief)}", width="stretch")
            if st.button(
                t("votes.ticket.remove"),
                key=f"votes-ticket-{place}",
                icon=":material/close:",
                type="tertiary",
            ):
                st.session_state[_TICKET] = questions[:place] + questions[place + 1 :]
                st.rerun()
    if not questions:
        st.caption(t("votes.ticket.empty", most=MOST_QUESTIONS))
        return
    if st.button(
        t("votes.open.ticket", number=len(questions)),
        key="votes-open-ticket",
        type="primary",
        icon=":material/confirmation_number:",
    ):
        _open(classroom, BallotKind.TICKET, questions, t)


# From the bank


def _from_bank(classroom: Classroom, t: Language, *, press: str) -> Question | None:
    bank = items(t.code)
    name = st.selectbox(
        t("votes.item"),
        list(bank),
        format_func=lambda one: bank[one].title,
        key="votes-item",
        persist_state="session",
    )
    item = bank[name]
    of_class = _runs_of(classroom)
    names = _run_names(item, classroom, of_class, t)
    # Another item has another list, and the choice in it begins anew.
    chosen = st.selectbox(t("votes.run"), list(names), format_func=names.__getitem__, key=f"votes-run-{name}")
    question: Question | None = None
    with told(t, level="warning"):
        run = services.store().get(chosen) if chosen else None
        if run is not None:
            check_gives_nothing_away(run, of_class)
        question = ask_item(item, run)
        with st.container(border=True):
            show_words(shown_question(question, t), t)
        show_run_link(question, t)
    pressed = st.button(
        press, key="votes-open", type="primary", icon=":material/how_to_vote:", disabled=question is None
    )
    return question if pressed else None


def _run_names(item: Item, classroom: Classroom, of_class: list[RunSummary], t: Language) -> dict[str, str]:
    """The runs that an item may be about, by their ids; "" is none.

    Of recorded runs those that show it; of the class's those of which it may be, for that is known once one is read.
    """
    suiting = [run for run in map(_recorded, recorded.NAMES) if FACTS[item.facts](run) is not None]
    names = {run.id: name_of(run, t) for run in suiting}
    seats = {
        seat.owner: shown_name(seat, t, names=classroom.shown.names)
        for seat in services.store().seats(classroom.code)
    }
    for run in [one for one in of_class if not one.is_covered and one.epochs_done][:_OFFERED]:
        whose, when = seats.get(run.owner, t("votes.table.gone")), moment(run.created, reader_timezone())
        label = f"{name_of(run, t)} · {whose} · {when}"
        # A browser tells what was chosen by its words, so that no two may be the same.
        names[run.id] = f"{label} · {run.id}" if label in names.values() else label
    if item.general is not None:
        names[""] = t("votes.run.none")
    return names


def _runs_of(classroom: Classroom) -> list[RunSummary]:
    return services.store().summaries(classroom=classroom.code, limit=_LOOKED_THROUGH)


def _recorded(preset: str) -> Run:
    return recorded.get(f"{recorded.PREFIX}{preset}")


# In a teacher's own words


def _own(t: Language, *, press: str) -> Question | None:
    with st.form("votes-own", border=True):
        text = st.text_area(
            t("votes.own.question"), key="votes-own-text", max_chars=_LONGEST_TYPED, height=100
        )
        options = [
            st.text_input(
                t("votes.own.choice", letter=LETTERS[place]),
                key=f"votes-own-{place}",
                max_chars=_LONGEST_TYPED,
            )
            for place in range(MOST_CHOICES)
        ]
        right = st.selectbox(
            t("votes.own.right"),
            (None, *range(MOST_CHOICES)),
            format_func=lambda one: t("votes.own.no_right") if one is None else LETTERS[one],
            key="votes-own-right",
        )
        if not st.form_submit_button(press, type="primary", icon=":material/how_to_vote:"):
            return None
    with told(t, level="warning"):
        return own_question(text, options, right)
    return None
