"""What stands at the top of every page: sharing it, presenting it."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import alone, presenting
from dashboard.shared.language import Language
from dashboard.shared.share import share_page

#: In the band at the top, beside Streamlit's own menu.
_STYLE = """<style>
.st-key-page-tools { position: fixed; top: .65rem; right: 3.6rem; z-index: 999991; width: auto !important; }
@media (max-width: 640px) { .st-key-page-tools [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
} }
@media print { .st-key-page-tools { display: none; } }
</style>"""


def show_page_tools(t: Language, *, title: str) -> None:
    """Show the buttons; not in a frame, and not where the page is presented already."""
    if presenting.screen() is not None or st.context.is_embedded:
        return
    st.html(_STYLE)
    with st.container(key="page-tools", horizontal=True, gap="small"):
        shared = st.button(
            t("share.title"), key="share", icon=":material/share:", type="tertiary", help=t("share.help")
        )
        st.button(
            t("present.title"),
            key="present",
            icon=":material/slideshow:",
            type="tertiary",
            help=t("present.help"),
            on_click=presenting.begin,
        )
    if shared:
        dialog = st.dialog(t("share.title"), width="large")
        dialog(share_page)(t, title=title, frames=alone.offered())
