"""`/compare` chooses runs; `/compare?runs=ID,ID` lays them side by side; `?study=ID` shows all runs of a study."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core import presets, recorded
from core.datasets import availability
from core.experiment import Dropout, Experiment
from dashboard.compare.curves import lettered
from dashboard.compare.exported import title_of
from dashboard.compare.side_by_side import show_comparison
from dashboard.compare.slides import chapters
from dashboard.compare.table import STYLE
from dashboard.compare.take_home import show_comparison_notes, show_take_home
from dashboard.compare.verdicts import show_verdicts
from dashboard.live.winner import onlooker, runs_to_see
from dashboard.live.winner.panel import show_question
from dashboard.shared import services
from dashboard.shared.alone import offer, show_slide, wants_slides
from dashboard.shared.cards import cards
from dashboard.shared.compare_address import STUDY, Wish, missing, read
from dashboard.shared.compare_choosing import go_to
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import show_list, show_recorded_list
from dashboard.shared.training import start_once
from dashboard.study.page import show_studies, show_study


def _choose(t: Language) -> None:
    """The runs to choose from, or two to begin with."""
    st.markdown(marked(t("compare.lead"), t))
    if services.store().count() < 2:
        st.markdown(t("compare.none"))
        _show_pairs(t)
        show_recorded_list(t, choosing=True)
        return
    # Only what is open is worked out.
    runs, studies = st.tabs([t("compare.choose"), t("study.list")], key="compare-tabs", on_change="rerun")
    if runs.open:
        with runs:
            show_list(t, choosing=True)
    if studies.open:
        with studies:
            show_studies(t)


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.html(STYLE)
    study = st.query_params.get(STUDY, "")
    if study:
        show_study(study, t)
        return
    wish, notes = read(st.query_params.to_dict())
    looks = onlooker(wishes=wish.guess)
    question, runs = runs_to_see(wish.runs, looks)
    found = wish.of([run.id for run in runs])
    if runs:
        offer(*(chapter.name for chapter in chapters(found, runs, t)))
        if wants_slides() and not question.is_open:  # what is to be guessed is behind the curtain
            show_slide(chapters(found, runs, t), t, heading=escaped(title_of(runs, t)))
            return
    heading = st.container(horizontal=True, vertical_alignment="center")
    heading.title(t("page.compare.title"), anchor=False, width="stretch")
    gone = [run for run in wish.runs if run not in found.runs]
    if gone:
        notes += (missing(gone),)
    if notes:
        st.warning("\n\n".join(note.said(t) for note in notes), icon=":material/link_off:")
    if not runs:
        _choose(t)
        return
    if len(runs) == 1:
        st.info(t("compare.one"), icon=":material/info:")
    if wish.guess and question.obstacle is not None:
        st.info(question.obstacle.said(t), icon=":material/info:")
    if question.is_open:
        st.info(t("guess.curtain"), icon=":material/curtains_closed:")
    with heading:
        show_take_home(found, runs, looks, t)
    show_comparison(found, runs, looks, t)
    names = {run: f"**{letter}** · {name}" for run, letter, name in lettered(runs, t)}
    letters = {run: letter for run, letter, _ in lettered(runs, t)}
    show_question(runs, question, looks, names, t, called=letters)
    show_comparison_notes(runs, t, hidden=question.is_open)
    if not question.is_open:
        show_verdicts(runs, found.base, t)


# A first pair


@dataclass(frozen=True)
class _Half:
    """One of two networks to train: its experiment, the preset it comes from, and the key of a title of its own."""

    experiment: Experiment
    preset: str
    title: str = ""


def _fashion() -> tuple[_Half, ...]:
    return tuple(_Half(presets.load(name), name) for name in ("fashion-shallow", "fashion-deep"))


def _reviews() -> tuple[_Half, ...]:
    plain = presets.load("mini-reviews")
    first, *rest = plain.layers
    spared = plain.with_changes(layers=[first, Dropout(rate=0.5), *rest])
    return _Half(plain, "mini-reviews"), _Half(spared, "mini-reviews", "compare.pair.reviews.dropout")


_PAIRS: dict[str, Callable[[], tuple[_Half, ...]]] = {"fashion": _fashion, "reviews": _reviews}


def _show_pairs(t: Language) -> None:
    """Two networks to train together where there is nothing yet to compare."""
    for card, (name, halves) in cards(list(_PAIRS.items()), len(_PAIRS)):
        with card:
            pair = halves()
            dataset = pair[0].experiment.dataset
            st.markdown(f"**{t(f'compare.pair.{name}')}**")
            st.markdown(marked(t(f"compare.pair.{name}.about"), t))
            if not availability(dataset, services.settings()).here:
                st.caption(t("home.to_fetch", dataset=t(f"option.dataset.{dataset}")))
            if st.button(t("compare.pair.train"), key=f"compare-pair-{name}", icon=":material/play_arrow:"):
                _train(pair, t)
            recordings = [recorded.id_of(half.preset) for half in pair]
            if all(recordings):
                st.button(
                    t("compare.pair.recorded"),
                    key=f"compare-pair-{name}-recorded",
                    icon=":material/history:",
                    type="tertiary",
                    on_click=go_to,
                    args=(Wish().joined_by([one for one in recordings if one]),),
                )


def _train(pair: Sequence[_Half], t: Language) -> None:
    runs = [
        start_once(
            services.store(),
            half.experiment,
            by=services.viewer(),
            preset=half.preset,
            title=t(half.title) if half.title else "",
        )
        for half in pair
    ]
    go_to(Wish().joined_by(runs))
    st.rerun()


show()
