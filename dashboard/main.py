"""The script behind every page: navigation, language, and what stands on all pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import SettingsError
from dashboard import language
from dashboard.page_language import set_document_language
from dashboard.server_trouble import trouble
from dashboard.views.no_cookie import show_no_cookie
from dashboard.views.trouble import told
from dashboard.views.waiting import come_back_when

PAGES = Path(__file__).parent / "pages"


def _language_switch(say: language.Language) -> None:
    """The choice of language in the sidebar; it stays for the session, and `?lang=` sets it in a link."""
    st.sidebar.segmented_control(
        say("sidebar.language"),
        options=language.CODES,
        format_func=lambda code: language.language(code)("language.name"),
        key=language.SESSION_KEY,
        required=True,
        persist_state="session",
    )


def main() -> None:
    """Lay out the frame and run the page that the address names."""
    say = language.session_language()
    st.set_page_config(page_title=say("product"), page_icon="📈", layout="wide")
    page = st.navigation(
        [
            st.Page(PAGES / "home.py", title=say("page.home.title"), icon=":material/home:", default=True),
            st.Page(
                PAGES / "data.py", title=say("page.data.title"), icon=":material/grid_view:", url_path="data"
            ),
            st.Page(PAGES / "lab.py", title=say("page.lab.title"), icon=":material/science:", url_path="lab"),
            st.Page(
                PAGES / "run.py", title=say("page.run.title"), icon=":material/show_chart:", url_path="run"
            ),
            st.Page(
                PAGES / "compare.py",
                title=say("page.compare.title"),
                icon=":material/compare_arrows:",
                url_path="compare",
            ),
            st.Page(
                PAGES / "try.py", title=say("page.try.title"), icon=":material/edit_note:", url_path="try"
            ),
        ]
    )
    _language_switch(say)
    set_document_language(say.code)
    banner = st.container()  # holds its place, so that nothing below begins anew when it comes or goes
    try:
        found = trouble()
    except SettingsError as error:  # no page can do anything without them
        banner.error(say.error(error), icon=":material/error:")
        return
    if found is not None:
        banner.error(say.error(found), icon=":material/error:")
        come_back_when(lambda: trouble() is None)
    show_no_cookie(say)
    with told(say):  # what a page has not said itself
        page.run()


main()
