"""A lab in which only some settings may be changed: the link to it, and what is said in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import presets
from core.experiment import Experiment
from core.experiment.changes import UNITS
from core.experiment.freedom import ALL, Freedom
from dashboard.lab import session
from dashboard.lab.session import Lab
from dashboard.shared.controls import choose
from dashboard.shared.freedom_words import fixed_settings, freedom_sentence, names_for
from dashboard.shared.language import Language
from dashboard.shared.share import addresses, show_address
from dashboard.shared.theme import text_colour

#: What a teacher leaves open most often.
_USUAL = ("epochs", UNITS)
_RESTS = ("lock", "hide")
#: What is fixed is to be read as well as what is not; Streamlit fades its labels.
_STYLE = """<style>
[data-testid="stMain"] [data-testid="stWidgetLabel"] p {{ color: {colour} !important; }}
</style>"""


def show_freedom(lab: Lab, t: Language) -> None:
    """What is fixed here and what is not, what was not taken because of it, and the way out."""
    if lab.of_class:
        free = ", ".join(map(t.setting, lab.freedom.free)) or t("setting.nothing")
        st.info(t("lab.of_class", settings=free), icon=":material/co_present:")
    else:
        st.html(_STYLE.format(colour=text_colour()))
    st.info(freedom_sentence(lab.freedom, t), icon=":material/lock:")
    if lab.base is not None and lab.of_class:
        fixed = fixed_settings(lab.base, lab.freedom, t)
        st.markdown("\n".join(f"- {label}: **{value}**" for label, value in fixed.items()))
    if lab.kept:
        names = ", ".join(dict.fromkeys(t.setting(path) for path in lab.kept))
        key = "lab.fixed.link" if lab.turned_away is not None else "lab.fixed.kept"
        st.warning(t(key, settings=names), icon=":material/lock:")
    with st.container(horizontal=True):
        if lab.draft != lab.base:
            show_reset(lab, t)
        if lab.of_class:
            return
        st.button(
            t("lab.open_everything"),
            key="lab-open-everything",
            icon=":material/lock_open:",
            type="tertiary",
            help=t("lab.open_everything.help"),
            on_click=session.open_everything,
        )


def freedom_of(free: Sequence[str], rest: str) -> Freedom:
    """Only these settings are open, the others are shown fixed ("lock") or not shown ("hide")."""
    if rest == "hide":
        return Freedom(hide=(ALL,), free=tuple(free))
    return Freedom(free=tuple(free)) if free else Freedom(lock=(ALL,))


def offer_fewer(lab: Lab, experiment: Experiment | None, t: Language) -> None:
    """The button that makes a link to this experiment with fewer controls; not where there are fewer already."""
    if lab.base is not None or experiment is None:
        return
    if st.button(
        t("lab.fewer"), key="lab-fewer", icon=":material/tune:", type="tertiary", help=t("lab.fewer.help")
    ):
        st.dialog(t("lab.fewer"), width="large")(_make)(experiment, lab.preset, t)


def _make(experiment: Experiment, preset: str, t: Language) -> None:
    st.markdown(t("lab.fewer.about"))
    free: list[str] = []
    for group, names in names_for(experiment).items():
        free += st.pills(
            t(f"lab.section.{group}"),
            names,
            selection_mode="multi",
            default=[name for name in names if name in _USUAL],
            format_func=t.setting,
            key=f"fewer-{group}",
        )
    rest = choose(t("lab.fewer.rest"), _RESTS, lambda one: t(f"lab.fewer.rest.{one}"), key="fewer-rest")
    freedom = freedom_of(free, rest)
    st.caption(freedom_sentence(freedom, t))
    parameters = {**presets.link(experiment, preset), **freedom.parameters, "lang": t.code}
    show_address(addresses(st.context.url, parameters), t, key="fewer")


def show_reset(lab: Lab, t: Language) -> None:
    """The button back to what the lab began from."""
    st.button(
        t("lab.reset"),
        key="lab-reset",
        icon=":material/undo:",
        type="tertiary",
        on_click=session.start_from,
        args=(lab.preset,),
    )
