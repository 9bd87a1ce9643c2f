"""Beside the curves of a run: the shapes they could be confused with, how to tell, and what to try."""

from __future__ import annotations

import streamlit as st

from core import presets
from core.analysis.curve_shapes import Suspicion, shape, suspicions
from core.run import Run
from dashboard.run.shapes import text
from dashboard.run.shapes.figures import beside
from dashboard.shared.chart import show_chart
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language

_ICONS: dict[bool | None, tuple[str, str]] = {
    True: ("check_circle", "orange"),
    False: ("cancel", "gray"),
    None: ("help", "blue"),
}


@st.fragment
def show_shapes(run: Run) -> None:
    """What else the curves could be, worked out when it is opened; nothing where there is nothing to hold against."""
    t = session_language()
    found = suspicions(run)
    if not found:
        return
    with st.expander(
        t("shape.title"), icon=":material/compare:", key=f"shapes-{run.id}", on_change="rerun"
    ) as box:
        if not box.open:
            return
        st.markdown(marked(t("shape.about"), t))
        for one in found:
            _show(run, one, t)
        kept = shape(found[0].code)
        st.caption(t("shape.made", made=kept.made, **kept.versions))


def _show(run: Run, one: Suspicion, t: Language) -> None:
    icon, colour = _ICONS[one.fits]
    title, look, said = t(f"shape.{one.code}"), t(f"shape.{one.code}.look"), text.sentence(one).said(t)
    example = shape(one.code)
    curves, words = st.columns([3, 2], gap="medium")
    with words:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{title}**", width="content")
            st.badge(text.verdict(one, t), icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]
        st.markdown(marked(said, t, place=f"shape-{one.code}"))
        st.caption(marked(look, t))
        tried = one.attempt(run.experiment) if one.fits else None
        if tried is not None:
            st.page_link(
                "lab/page.py",
                label=text.attempt_label(one, tried, t),
                icon=":material/science:",
                query_params=presets.link(tried, run.preset),
            )
    with curves:
        show_chart(
            beside(one.code, (run.experiment, run.epochs), (example.experiment, example.epochs), t),
            t,
            key=f"shape-{one.code}-{run.id}",
            alt=f"{title}. {look} {said}",
        )
