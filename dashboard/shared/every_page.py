"""What stands on every page: its language for the browser, and a word where that keeps no cookie."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard.shared.language import Language
from dashboard.shared.viewer import OWNER_COOKIE

#: Screen readers, hyphenation and the choice of Korean or Chinese glyphs depend on the language; Streamlit itself
#: always says English. Korean lines end between words, as in print; Streamlit would break them at any syllable. Long
#: links to pages end in a second line, where Streamlit would cut them off.
_LANGUAGE = """<style>
html:lang(ko) :is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) * {{
  word-break: keep-all; overflow-wrap: break-word;
}}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] * {{ white-space: normal; }}
</style>
<script>{script}</script>"""


def language_script(code: str) -> str:
    """The script that tells the browser the language of this code; `dashboard.server.middleware` lets it run."""
    return f"document.documentElement.lang = {code!r};"


def set_document_language(code: str) -> None:
    """Set the document's language to one of the codes of `dashboard.shared.language`."""
    st.html(_LANGUAGE.format(script=language_script(code)), width="content", unsafe_allow_javascript=True)


def show_no_cookie(t: Language) -> None:
    """Say so, with a way out; nothing where the cookie is there, or where no browser is.

    A page inside another one's frame is the usual case: over plain HTTP browsers keep no cookie there.
    """
    if not keeps_no_cookie(st.context.headers, st.context.cookies):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(t("cookie.missing"), icon=":material/cookie_off:")
        if st.context.url:
            address = full_address(st.context.url, st.query_params.to_dict())
            st.link_button(t("cookie.open"), address, icon=":material/open_in_new:")


def keeps_no_cookie(headers: Mapping[str, str], cookies: Mapping[str, str]) -> bool:
    """Whether a browser opened this session without the cookie that its page had brought.

    The headers are those of the session's websocket; there are none without a browser.
    """
    return bool(headers) and OWNER_COOKIE not in cookies


def full_address(address: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with what it asks for."""
    return f"{address}?{urlencode(parameters)}" if parameters else address
