"""Beside curves: the shapes they could be confused with, how to tell, and what to try; of one run or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core import presets
from core.analysis.curve_shapes import Suspicion, shape, suspicions
from core.run import Run
from dashboard.live.shapes import text
from dashboard.live.shapes.figures import beside
from dashboard.shared.chart import show_chart
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.page_links import lab_link

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
        _show_all(run, found, t)


@dataclass(frozen=True)
class Held:
    """A run of several, by what it is called: a letter, and a name as it can stand in Markdown."""

    run: Run
    letter: str
    name: str


def show_shapes_of(held: Sequence[Held], t: Language) -> None:
    """The same of several runs: of each in a line what its curves could be, and one of them in full."""
    told = [one for one in held if any(epoch.val_loss is not None for epoch in one.run.epochs)]
    if not told:
        return
    with st.expander(
        t("shape.title.several"), icon=":material/compare:", key="shapes-of-several", on_change="rerun"
    ) as box:
        if not box.open:
            return
        found = {one.letter: suspicions(one.run) for one in told}
        for one in told:
            st.markdown(f"**{one.letter}** · {one.name}: {' · '.join(_briefly(found[one.letter], t))}")
            fitting = [text.sentence(each).said(t) for each in found[one.letter] if each.fits]
            if fitting:
                st.caption(marked(" ".join(fitting), t, place=f"shapes-{one.letter}"))
        letters = [one.letter for one in told]
        key = "shapes-closer"
        if st.session_state.get(key) not in letters:  # gone from the comparison, or hidden
            st.session_state[key] = letters[0]
        letter = choose(t("shape.closer"), letters, key=key, set_by_page=True)
        _show_all(next(one.run for one in told if one.letter == letter), found[letter], t)


def _briefly(found: Sequence[Suspicion], t: Language) -> list[str]:
    """Each shape with its verdict; what fits stands out."""
    said = [(f"{t(f'shape.{one.code}')} ({text.verdict(one, t)})", one.fits) for one in found]
    return [f"**{words}**" if fits else words for words, fits in said]


def _show_all(run: Run, found: Sequence[Suspicion], t: Language) -> None:
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
            lab_link(text.attempt_label(one, tried, t), presets.link(tried, run.preset))
    with curves:
        show_chart(
            beside(one.code, (run.experiment, run.epochs), (example.experiment, example.epochs), t),
            t,
            key=f"shape-{one.code}-{run.id}",
            alt=f"{title}. {look} {said}",
        )
