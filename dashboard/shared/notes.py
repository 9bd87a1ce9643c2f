"""Notes on a run, a comparison or a study: fields for whoever may write them, plain text for all others.

A note is saved as its field is left. Where that fails the text stays in the field, with the reason beside it, also
while the page cannot be drawn; it is saved as soon as the page is drawn with a database that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from core.comparison import ComparisonNotes
from core.errors import DatabaseAwayError, TurningPointError
from core.notes import KINDS
from core.plain_text import LONGEST_NOTE, as_note
from dashboard.shared.language import Language, session_language
from dashboard.shared.trouble import tell

_STYLE = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 .75rem"
_PIXELS = 110


Asked = Literal["run", "pair", "study"]
"""What the examples in empty fields are about."""

Save = Callable[..., dict[str, str]]
"""Writes down notes, named by their kinds, and returns all that there are then."""


@dataclass
class _Field:
    """What is known of a field: the note as the page last read it and as it was last saved, and what went wrong."""

    read: str
    saved: str
    error: TurningPointError | None = None
    tried: bool = False  # in this very drawing of the page
    told: bool = False  # whether to say that it was saved


def show_notes(
    notes: Mapping[str, str],
    t: Language,
    *,
    key: str,
    over: bool,
    save: Save | None,
    ask: Asked = "run",
    alone: bool = True,
) -> None:
    """The notes: with `save` to be written, else to be read; what was seen is asked for once it is `over`.

    `ask` is what the examples in the empty fields are about; `alone` if nothing else on the page follows from notes.
    """
    if save is None:
        show_written(notes, t)
    elif not alone:
        _write(dict(notes), save, key, ask, over=over)
    else:
        st.fragment(_write)(dict(notes), save, key, ask, over=over)


def show_notes_of_all(
    written: Sequence[ComparisonNotes],
    owner: str,
    t: Language,
    *,
    key: str,
    over: bool,
    save: Save,
    ask: Asked,
) -> None:
    """Notes on what everybody has notes of their own on: the reader's to be written, those of others to be read."""
    others = {one.owner: one.notes for one in written}
    show_notes(others.pop(owner, {}), t, key=key, over=over, save=save, ask=ask)
    if others:
        with st.expander(t("notes.others", count=len(others))):
            for notes in others.values():
                with st.container(border=True):
                    show_written(notes, t)


def show_written(notes: Mapping[str, str], t: Language) -> None:
    """What somebody else wrote, as it was typed."""
    for kind in KINDS:
        if notes.get(kind):
            st.caption(t(f"notes.{kind}"))
            st.html(f'<p style="{_STYLE}">{escape(notes[kind])}</p>')


def _write(notes: Mapping[str, str], save: Save, key: str, ask: str, *, over: bool) -> None:
    t = session_language()
    kinds: Sequence[str] = [kind for kind in KINDS if over or kind == "hypothesis" or notes.get(kind)]
    with st.container(key=f"{key}-notes"):
        for kind, column in zip(kinds, st.columns(len(kinds)), strict=True):
            with column:
                _field(f"{key}-{kind}", kind, notes.get(kind, ""), save, t(f"notes.{kind}.{ask}"), t)


def _field(key: str, kind: str, note: str, save: Save, example: str, t: Language) -> None:
    field = _known(key, note)
    if isinstance(field.error, DatabaseAwayError) and not field.tried:
        _save(key, kind, save)
    field.tried = False
    st.text_area(
        t(f"notes.{kind}"),
        key=key,
        height=_PIXELS,
        placeholder=example,
        help=t("notes.help", most=f"{LONGEST_NOTE:,}"),
        persist_state="session",
        on_change=_save,
        args=(key, kind, save),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("notes.save"),
            key=f"{key}-save",
            type="tertiary",
            icon=":material/save:",
            on_click=_save,
            args=(key, kind, save),
        )
        if field.error is None and field.told:
            st.caption(t("notes.saved"))
    if field.error is not None:
        tell(field.error, t)
        st.caption(t("notes.unsaved"))


def _known(key: str, note: str) -> _Field:
    """What is known of a field, into which the note of the database goes where nothing unsaved stands in it."""
    state = st.session_state
    field: _Field | None = state.get(f"{key}-known")
    if field is None:
        field = state[f"{key}-known"] = _Field(note, note)
        state.setdefault(key, note)
    elif note != field.read:  # read anew: written here, or in another window
        if as_note(str(state.get(key) or "")) == field.saved:
            state[key] = note
            field.saved = note
        field.read = note
    if key not in state:
        state[key] = field.saved
    return field


def _save(key: str, kind: str, save: Save) -> None:
    field: _Field = st.session_state[f"{key}-known"]
    text = str(st.session_state.get(key) or "")
    field.tried = True
    if as_note(text) == field.saved and field.error is None:
        field.told = True
        return
    try:
        field.saved = save(**{kind: text}).get(kind, "")
    except TurningPointError as error:
        field.error = error
    else:
        field.error, field.told = None, True
