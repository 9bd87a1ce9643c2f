"""`/glossary` lists all words of the field and finds them; `/glossary?term=NAME` begins with one."""

from __future__ import annotations

import streamlit as st

from dashboard.shared.glossary.marking import ANCHOR
from dashboard.shared.glossary.terms import TERMS, Entry, entries, entry, found, place_link
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.url_state import Property, UrlState, one_of

_TERM = Property(
    "term", "", one_of(tuple(TERMS), lambda text: Message("glossary.no_such", {"received": text}))
)
_ADDRESS = UrlState(_TERM)
_SEARCH = "glossary-search"


def _term_text(one: Entry, t: Language) -> str:
    """A term with its meaning, the way to where it can be seen, and the terms that belong to it, as Markdown.

    All in one, for of all terms together a browser would otherwise draw hundreds of elements.
    """
    term = TERMS[one.name]
    other = "" if one.elsewhere == one.called else f" :gray[{one.elsewhere}]"
    place = t(f"glossary.place.{term.place}")
    ways = [f"[:material/visibility: {place}]({place_link(one.name)})"]
    ways += [f"[{t(f'glossary.term.{name}')}]({ANCHOR}{name})" for name in term.related]
    return f"#### {one.called}{other}\n\n{one.about}\n\n{' &emsp; '.join(ways)}"


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.title(t("page.glossary.title"), anchor=False)
    st.markdown(t("glossary.about"))
    values, notes = _ADDRESS.read(st.query_params.to_dict())
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    opened = str(values[_TERM.name])
    if _ADDRESS.has_changed("", opened) and opened:  # what was looked for before would stand in its way
        st.session_state[_SEARCH] = ""
    wanted = st.text_input(t("glossary.search"), key=_SEARCH, icon=":material/search:", max_chars=60)
    shown = found(wanted, t) if wanted.strip() else entries(t)
    if opened and wanted.strip():
        _ADDRESS.write({})
    elif opened:
        first = entry(opened, t)
        shown = [first, *(one for one in shown if one != first)]
    if not shown:
        st.info(t("glossary.none", wanted=escaped(wanted)), icon=":material/search_off:")
        return
    st.caption(t("glossary.count", number=len(shown)))
    for one in shown:
        with st.container(border=True):
            st.markdown(_term_text(one, t))


show()
