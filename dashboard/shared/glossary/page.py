"""`/glossary` lists all words of the field and finds them; `/glossary?term=NAME` begins with one."""

from __future__ import annotations

import streamlit as st

from dashboard.shared.glossary.terms import PLACES, TERMS, Entry, entries, entry, found
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import Property, UrlState, one_of

_TERM = Property(
    "term", "", one_of(tuple(TERMS), lambda text: Message("glossary.no_such", {"received": text}))
)
_ADDRESS = UrlState(_TERM)
_SEARCH = "glossary-search"


def _open(name: str) -> None:
    st.session_state[_SEARCH] = ""
    _ADDRESS.write({_TERM.name: name})


def _show_term(one: Entry, t: Language) -> None:
    """A term with its meaning, its place in the dashboard and the terms that belong to it."""
    term = TERMS[one.name]
    with st.container(border=True, key=f"term-{one.name}"):
        other = "" if one.elsewhere == one.called else f" :gray[{one.elsewhere}]"
        st.markdown(f"#### {one.called}{other}")
        st.markdown(one.about)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            place = PLACES[term.place]
            st.page_link(
                f"{place.folder}/page.py",
                label=t(f"glossary.place.{term.place}"),
                icon=":material/visibility:",
                query_params=dict(place.parameters),
            )
            for name in term.related:
                st.button(
                    t(f"glossary.term.{name}"),
                    key=f"{one.name}-{name}",
                    type="tertiary",
                    on_click=_open,
                    args=(name,),
                )


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.title(t("page.glossary.title"), anchor=False)
    st.markdown(t("glossary.about"))
    values, notes = _ADDRESS.read(st.query_params.to_dict())
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    wanted = st.text_input(t("glossary.search"), key=_SEARCH, icon=":material/search:", max_chars=60)
    shown = found(wanted, t) if wanted.strip() else entries(t)
    opened = str(values[_TERM.name])
    if opened and not wanted.strip():
        first = entry(opened, t)
        shown = [first, *(one for one in shown if one != first)]
    if not shown:
        st.info(t("glossary.none", wanted=escaped(wanted)), icon=":material/search_off:")
        return
    st.caption(t("glossary.count", number=len(shown)))
    for one in shown:
        _show_term(one, t)


show()
