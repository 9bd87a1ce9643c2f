"""The script behind every page: navigation, language, and what stands on all pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.errors import SettingsError
from dashboard.classroom.frame import show_frame
from dashboard.shared import alone, language
from dashboard.shared.charts_in_sight import draw_what_is_in_sight_first
from dashboard.shared.controls import choose
from dashboard.shared.glossary import begin_page
from dashboard.shared.glossary.term_opener import term_opener
from dashboard.shared.lesson_record import show_way_back
from dashboard.shared.lost_connection import watch_connection
from dashboard.shared.page_tools import show_page_tools
from dashboard.shared.pages_under_way import say_sent
from dashboard.shared.presenting import show_presenting
from dashboard.shared.trouble import come_back_when, server_trouble, told
from dashboard.shared.viewer import show_no_cookie

_HERE = Path(__file__).parent
#: Folder, address and icon of each page, in the order of the navigation. The first is the default.
_PAGES = (
    ("home", "", "home"),
    ("learn", "learn", "school"),
    ("data", "data", "grid_view"),
    ("lab", "lab", "science"),
    ("run", "run", "show_chart"),
    ("compare", "compare", "compare_arrows"),
    ("trying", "try", "edit_note"),
    ("shared/glossary", "glossary", "dictionary"),
    ("classroom", "class", "groups"),
)
#: The pages that steps of lessons lead to, by their addresses.
_FROM_LESSONS = ("data", "lab", "run", "compare", "try")


def _pages(t: language.Language) -> list[StreamlitPage]:
    return [
        st.Page(
            _HERE / folder / "page.py",
            title=t(f"page.{address or folder}.title"),
            icon=f":material/{icon}:",
            url_path=address or None,
            default=not address,
        )
        for folder, address, icon in _PAGES
    ]


def _language_switch(t: language.Language) -> None:
    """The choice of language in the sidebar; it stays for the session, and `?lang=` sets it in a link."""
    choose(
        t("sidebar.language"),
        language.CODES,
        lambda code: language.language(code)("language.name"),
        key=language.SESSION_KEY,
        set_by_page=True,
        place=st.sidebar,
    )


def main() -> None:
    """Lay out the frame and run the page that the address names."""
    t = language.session_language()
    st.set_page_config(page_title=t("product"), page_icon="📈", layout="wide")
    page = st.navigation(_pages(t))
    _language_switch(t)
    language.set_document_language(t.code)
    with st.sidebar:
        term_opener(t)
        watch_connection(t)
        draw_what_is_in_sight_first()
    banner = st.container()  # holds its place, so that nothing below begins anew when it comes or goes
    try:
        found = server_trouble()
    except SettingsError as error:  # no page can do anything without them
        banner.error(t.error(error), icon=":material/error:")
        return
    if found is not None:
        banner.error(t.error(found), icon=":material/error:")
        come_back_when(lambda: server_trouble() is None)
    show_presenting(t)
    alone.offer()
    if not alone.is_in_frame():  # where nobody trains, nobody misses a cookie or a class
        show_no_cookie(t)
        if page.url_path in _FROM_LESSONS:
            show_way_back(t)
        show_frame(t, page.url_path)
    begin_page()
    with told(t):  # what a page has not said itself
        page.run()
    alone.say_nothing_alone(t)
    show_page_tools(t, title=page.title)
    say_sent()


main()
