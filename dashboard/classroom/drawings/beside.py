"""On any other page than the class's own: a line that leads to the pad. Every frame has it, so it loads no pad."""

from __future__ import annotations

import streamlit as st

from core.classroom.drawings import Collection
from dashboard.shared.language import Language


def show_drawing_beside(collection: Collection, code: str, t: Language) -> None:
    """On any other page: a line above it that leads to the pad."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="drawings-beside"):
        title = t("drawings.beside", title=collection.title)
        st.markdown(f":material/draw: **{title}**", width="stretch")
        st.page_link(
            "classroom/page.py",
            label=t("drawings.beside.go"),
            icon=":material/arrow_forward:",
            query_params={"code": code},
            width="content",
        )
