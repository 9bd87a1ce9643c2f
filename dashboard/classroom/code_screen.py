"""The code of a class for the projector: as large as the screen, with the short link and its QR code."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from core.classroom import Classroom
from dashboard.shared import browser
from dashboard.shared.copy_link import copy_link
from dashboard.shared.language import Language
from dashboard.shared.reach import Addresses, addresses
from dashboard.shared.share import qr_code
from dashboard.shared.viewer import is_own_name

_STYLE = """<style>
[data-testid="stDialog"] [role="dialog"]:has(.tp-code) {
  width: calc(100vw - 2rem); max-width: calc(100vw - 2rem); margin: 1rem; min-height: calc(100vh - 2rem);
}
.tp-code { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 2vw 4vw; }
.tp-code-words { flex: 1 1 22rem; text-align: center; word-break: keep-all; overflow-wrap: anywhere; }
.tp-code-letters {
  margin: 0; font-family: ui-monospace, Consolas, monospace; font-weight: 700; letter-spacing: .12em;
  font-size: clamp(3rem, 7.4vw, 10rem); line-height: 1.15;
}
.tp-code-link { margin: 0; font-size: clamp(1.2rem, 2.4vw, 3rem); font-weight: 600; }
.tp-code-how { margin: 0 0 .5rem; font-size: clamp(1rem, 1.8vw, 2rem); }
.tp-code-qr { display: block; width: min(62vh, 84vw); height: min(62vh, 84vw); }
</style>"""


def show_code_screen(classroom: Classroom, t: Language) -> None:
    """Open the dialog."""
    st.dialog(t("class.code.title"), width="large")(_screen)(classroom, t)


def link_of(code: str, page: str | None) -> Addresses:
    """The short link of a class, as the browser that shows `page` and other computers reach it."""
    parts = urlsplit(page or "http://localhost/")
    path = browser.base() + browser.CLASS_LINK.format(code=code)
    return addresses(urlunsplit(parts._replace(path=path, query="", fragment="")), {})


def _screen(classroom: Classroom, t: Language) -> None:
    found = link_of(classroom.code, st.context.url)
    if found.only_here:
        st.warning(t("class.code.only_here"), icon=":material/computer:")
    elif is_own_name(urlsplit(found.best).hostname or ""):
        st.warning(t("class.code.unknown"), icon=":material/lan:")
    st.html(_STYLE)
    link = found.best
    # Streamlit takes drawings out of HTML, but not pictures.
    picture = qr_code(link) or ""
    spoken = escape(t("share.qr", address=link))
    st.html(
        f'<div class="tp-code"><div class="tp-code-words">'
        f'<p class="tp-code-how">{escape(t("class.code.how"))}</p>'
        f'<p class="tp-code-letters">{escape(classroom.code)}</p>'
        f'<p class="tp-code-link">{escape(link.partition("://")[2])}</p></div>'
        f'<img class="tp-code-qr" alt="{spoken}" src="{escape(picture)}"></div>'
    )
    copy_link(link, t, key="class-link", label=t("class.code.link"))
