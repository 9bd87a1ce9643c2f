"""The first page: one button that trains, and the ways on from there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import presets, recorded
from core.catalog import dataset_info
from core.datasets import availability
from core.jobs.status import engine_status
from dashboard.learn.cards import show_cards
from dashboard.shared import services
from dashboard.shared.cards import cards
from dashboard.shared.class_rules import rules, say_refusal
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.hiding import choose_hiding
from dashboard.shared.language import Language, session_language
from dashboard.shared.page_links import lab_link, run_link, show_run_links
from dashboard.shared.teaching import may_teach
from dashboard.shared.training import start_once
from dashboard.shared.trouble import told

_CARDS_A_ROW = 2
_RECENT = 5
#: The pages by which somebody gets from data to a turning point.
_STEPS = (("data", "data", "grid_view"), ("lab", "lab", "science"), ("run", "run", "show_chart"))
#: The pages that a trained network leads to, and the one where it is trained several times.
_THEN = (("trying", "try", "draw"), ("compare", "compare", "compare_arrows"), ("lab", "lab", "dynamic_feed"))


def _start_now(t: Language) -> None:
    """Train the first preset with one press; it needs nothing but what is bundled."""
    start = st.container()
    hiding = choose_hiding(t)
    experiment = presets.load(presets.FIRST)
    with start:
        refused = say_refusal(rules(), experiment, t)
    if not start.button(t("home.start"), type="primary", icon=":material/play_arrow:", disabled=refused):
        return
    with told(t):
        run = start_once(services.store(), experiment, by=services.viewer(), preset=presets.FIRST, **hiding)
        st.switch_page("run/page.py", query_params={"run": run})


def _workers(t: Language) -> None:
    """Which workers on other computers get no runs and why, for whoever may teach."""
    engine = engine_status(services.settings())
    with told(t):
        if engine.refused and may_teach(services.viewer()):
            with st.expander(t("home.workers", count=engine.refused_in_all), icon=":material/lan:"):
                for error in engine.refused:
                    st.warning(t.error(error))


def _lessons(t: Language) -> None:
    """The lessons, each with what is done of it."""
    st.subheader(t("home.lessons"))
    show_cards(t)


def _ways(title: str, kind: str, ways: Sequence[tuple[str, str, str]], t: Language) -> None:
    """Cards that lead to pages, each with a sentence on what there is to do."""
    st.subheader(title)
    for card, (folder, page, icon) in cards(ways, len(ways)):
        with card:
            st.page_link(
                f"{folder}/page.py", label=f"**{t(f'home.{kind}.{page}')}**", icon=f":material/{icon}:"
            )
            st.caption(marked(t(f"home.{kind}.{page}.about"), t))


def _preset_groups() -> dict[str, list[str]]:
    """The names of all presets: first those that need no download, then those on images, then those on texts."""
    groups: dict[str, list[str]] = {"offline": [], "image": [], "text": []}
    for name in presets.NAMES:
        known = dataset_info(presets.load(name).dataset)
        groups["offline" if known.offline else known.kind].append(name)
    return groups


@st.fragment
def _presets() -> None:
    """The experiments of one group: all together would be most of the page."""
    t, groups = session_language(), _preset_groups()
    st.subheader(t("home.presets"))
    st.caption(t("home.presets.about"))
    group = choose(
        t("home.presets"),
        tuple(groups),
        lambda one: t(f"home.presets.{one}"),
        key="home-presets",
        labelled=False,
    )
    for card, name in cards(groups[group], _CARDS_A_ROW):
        with card:
            _card(name, t)


def _card(name: str, t: Language) -> None:
    experiment = presets.load(name)
    lab_link(f"**{t(f'preset.{name}.title')}**", {presets.PRESET: name})
    st.caption(marked(t(f"preset.{name}.about"), t))
    there = availability(experiment.dataset, services.settings())
    dataset = t(f"option.dataset.{experiment.dataset}")
    if there.where == "generated":
        st.badge(dataset, icon=":material/auto_awesome:", color="green")
    elif there.here:
        st.badge(dataset, icon=":material/check:", color="green")
    else:
        st.badge(t("home.to_fetch", dataset=dataset), icon=":material/download:", color="gray")
    if recording := recorded.id_of(name):
        run_link(recording, t("home.recorded"), icon="history")


def _recent(t: Language) -> None:
    runs = services.store().summaries(owner=services.owner(), limit=_RECENT)
    if not runs:
        return
    st.subheader(t("home.recent"))
    show_run_links(runs, t)


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.title(t("home.title"))
    st.markdown(marked(t("home.lead"), t))
    _start_now(t)
    _workers(t)
    _lessons(t)
    _ways(t("home.free"), "step", _STEPS, t)
    _ways(t("home.then"), "then", _THEN, t)
    _presets()
    _recent(t)


show()
