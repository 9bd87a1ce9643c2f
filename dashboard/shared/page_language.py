"""Tell the browser which language the page is in; Streamlit itself always says English.

Screen readers, hyphenation and the choice of Korean or Chinese glyphs depend on it. Korean lines end between
words, as in print; Streamlit would break them at any syllable. Long links to pages end in a second line, where
Streamlit would cut them off.
"""

from __future__ import annotations

import streamlit as st

_LANGUAGE = """<style>
html:lang(ko) :is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) * {{
  word-break: keep-all; overflow-wrap: break-word;
}}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] * {{ white-space: normal; }}
</style>
<script>{script}</script>"""


def script(code: str) -> str:
    """The script that does it; `dashboard.server.headers` lets it run in a page.

    Args:
        code: One of the codes of `dashboard.shared.language`.
    """
    return f"document.documentElement.lang = {code!r};"


def set_document_language(code: str) -> None:
    """Set the document's language to one of the codes of `dashboard.shared.language`."""
    st.html(_LANGUAGE.format(script=script(code)), width="content", unsafe_allow_javascript=True)
