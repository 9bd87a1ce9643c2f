"""`?present=1`: a page for the last row of a class, with large type, without what stands around it, by arrow keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.shared.browser import register
from dashboard.shared.language import Language, Message
from dashboard.shared.url_state import Property, one_of

_component = register(Path(__file__).parent)

PRESENT = Property(
    "present", "", one_of(("0", "1"), lambda text: Message("present.no_such", {"received": text}))
)
_ON, _SIZE, _KEY, _PARTS = "presenting", "presenting-size", "presenting-keys", "only"
_LEAST, _MOST = 320, 8_000  # pixels of a screen
#: Everything that Streamlit and this product write is measured in rem: one rule makes all of it large. The smallest
#: writing, of 0.75 rem, is 24 pixels high on a screen of 1280x720.
_STYLE = """<style>
html:root { font-size: max(16px, min(2.2vw, 3.9vh)) !important; }
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"], .st-key-page-tools
  { display: none !important; }
[data-testid="stMainBlockContainer"] { max-width: none !important; padding: .6rem 1.5rem 1rem !important; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: .4rem; }
[data-testid="stMain"] :is([data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] *, small,
  [data-testid="stMetricLabel"] *, [data-testid="stMetricDelta"] *, [data-testid="stWidgetLabel"] *,
  .tp-live :is(dt, dd, span, label, button, select))
  { font-size: .875rem !important; }
[data-testid="stMain"] :is(h1, h2, h3) { padding: .1rem 0 .9rem !important; line-height: 1.2 !important; }
[data-testid="stMain"] h1 { font-size: 1.4rem !important; padding-right: 6.5rem !important; }
h1 small { font-size: .9rem !important; }
h2 { font-size: 1.25rem !important; }
h3 { font-size: 1.15rem !important; }
.st-key-presenting-keys { position: absolute; }
.tp-live-status { min-height: 0; }
.tp-live-numbers :is(dt, dd) { display: inline; margin-inline-end: .4rem; }
.tp-live-axis { margin-bottom: 0; }
.st-key-lesson-moves button { min-height: 0; padding-block: .1rem; }
.st-key-present-end { position: fixed; top: .2rem; right: .4rem; z-index: 999; width: auto !important; }
.st-key-present-end:not(:hover, :focus-within) button { opacity: .55; }
</style>"""


@dataclass(frozen=True)
class Screen:
    """The screen of a presentation, in pixels."""

    width: int = 1280
    height: int = 720

    @property
    def font(self) -> float:
        """Pixels of the writing in figures: 24 on a screen of 1280x720."""
        return max(13.0, 24 * min(self.width / 1280, self.height / 720))

    @property
    def figure(self) -> int:
        """Pixels of the height of a figure, beside which a heading and a sentence find room."""
        return max(300, round(0.62 * self.height))

    @property
    def highest(self) -> int:
        """Pixels of a figure that needs more, as one with a row a class: what is left below a heading."""
        return max(self.figure, round(0.84 * self.height))


def screen() -> Screen | None:
    """The screen, as far as it is known, while the page is presented; None while it is not."""
    return st.session_state.get(_SIZE, Screen()) if st.session_state.get(_ON) else None


def screen_of(size: object) -> Screen | None:
    """What a browser says of its screen, which it may make up."""
    if not isinstance(size, Mapping):
        return None
    found = [size.get(name) for name in ("width", "height")]
    if not all(isinstance(each, int) and _LEAST <= each <= _MOST for each in found):
        return None
    return Screen(*found)  # type: ignore[arg-type]


def begin() -> None:
    """Present from now on, on this page and those that follow."""
    st.session_state[_ON] = True
    PRESENT.set("1")


def end() -> None:
    """Show pages as usual again."""
    st.session_state[_ON] = False
    for name in (PRESENT.name, _PARTS):
        st.query_params.pop(name, None)


def show_presenting(t: Language) -> None:
    """Show the page as a presentation if its address says so, or the page before was one."""
    said, notes = PRESENT.read(st.query_params)
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    if said:
        st.session_state[_ON] = said == "1"
    elif not notes and st.session_state.get(_ON):
        PRESENT.set("1")
    now = screen()
    if now is None:
        return
    st.html(_STYLE)
    _component(
        data={"width": now.width, "height": now.height},
        key=_KEY,
        on_size_change=_keep_size,
        on_end_change=end,
    )
    st.button(
        "", key="present-end", icon=":material/close:", help=t("present.end"), type="tertiary", on_click=end
    )


def _keep_size() -> None:
    told: Any = st.session_state.get(_KEY)
    found = screen_of(getattr(told, "size", None))
    if found is not None:
        st.session_state[_SIZE] = found
