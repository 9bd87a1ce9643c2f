"""Fixing one experiment for the class, of which only chosen settings may be changed."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from core import presets
from core.classroom import Classroom, Fixed, Rules
from core.errors import PresetError, TurningPointError
from core.experiment import Experiment
from core.experiment.changes import UNITS
from core.experiment.freedom import PARAMETERS
from core.storage import Store
from dashboard.classroom.steering.change import attempt, change_rules
from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.freedom_words import fixed_settings, names_for
from dashboard.shared.language import Language
from dashboard.shared.page_links import lab_link
from dashboard.shared.run_words import network_name
from dashboard.shared.trouble import tell
from dashboard.shared.url_state import OF_EVERY_PAGE

#: What a teacher leaves open most often.
_USUAL = ("epochs", UNITS)
_SOURCES = ("preset", "link")
_LONGEST = 4_000
_SOURCE, _PRESET, _LINK, _FREE = "steer-source", "steer-preset", "steer-link", "steer-free-{}"


def show_fixing(classroom: Classroom, t: Language) -> None:
    """What is fixed with the way to open it again; else the choice of an experiment and of what stays free."""
    st.caption(t("steer.fixed.about"))
    if classroom.rules.fixed is not None:
        _show(classroom.rules.fixed, classroom.code, t)
        return
    chosen = _choose(t)
    if chosen is None:
        return
    st.markdown(t("steer.fixed.free"))
    for group, names in names_for(chosen[0]).items():
        st.pills(
            t(f"lab.section.{group}"),
            names,
            selection_mode="multi",
            default=[name for name in names if name in _USUAL],
            format_func=t.setting,
            key=_FREE.format(group),
        )
    st.button(
        t("steer.fixed.set"),
        key="steer-fix",
        type="primary",
        icon=":material/lock:",
        on_click=_fix_chosen,
        args=(classroom.code,),
    )


def experiment_of(typed: str, store: Store) -> tuple[Experiment, str]:
    """The experiment that a run's number, a link to a run or a link to the lab leads to, and its preset.

    Raises:
        TurningPointError: If there is none.
    """
    parameters = dict(parse_qsl(urlsplit(typed).query))
    run = parameters.get("run", "" if parameters else typed.strip())
    settings = {
        name: text for name, text in parameters.items() if name not in (*PARAMETERS, *OF_EVERY_PAGE, "run")
    }
    if settings:
        experiment, preset = presets.follow(settings)
        return experiment.checked(), preset
    if not run:
        raise PresetError("no_experiment_named", received=typed)
    found = store.get(run)
    return found.experiment, found.preset


def _choose(t: Language) -> tuple[Experiment, str] | None:
    """The experiment that is chosen; None if there is none yet, and then it is said why."""
    source = choose(
        t("steer.fixed.source"),
        _SOURCES,
        lambda one: t(f"steer.fixed.source.{one}"),
        key=_SOURCE,
        labelled=False,
    )
    if source == "preset":
        label, titles = t("lab.preset"), {one: t(f"preset.{one}.title") for one in presets.NAMES}
        st.selectbox(label, presets.NAMES, format_func=lambda one: titles[one], key=_PRESET)
    else:
        place = t("steer.fixed.link.placeholder")
        st.text_input(t("steer.fixed.link"), max_chars=_LONGEST, placeholder=place, key=_LINK)
    try:
        chosen = _chosen()
    except TurningPointError as error:
        tell(error, t, "warning")
        return None
    if chosen is not None and source == "link":
        st.caption(network_name(chosen[0], t))
    return chosen


def _chosen() -> tuple[Experiment, str] | None:
    """The same by what the widgets hold now, which a press may be quicker than the page to know."""
    if st.session_state.get(_SOURCE) != "link":
        name = st.session_state.get(_PRESET, presets.NAMES[0])
        return presets.load(name), name
    typed = str(st.session_state.get(_LINK, ""))
    return experiment_of(typed, services.store()) if typed.strip() else None


def _show(fixed: Fixed, code: str, t: Language) -> None:
    try:
        base, freedom = fixed.base, fixed.freedom
    except TurningPointError as error:  # an earlier version wrote it
        tell(error, t, "warning")
    else:
        name = t(f"preset.{fixed.preset}.title") if fixed.preset in presets.NAMES else network_name(base, t)
        st.markdown(f"**{name}**")
        settings = fixed_settings(base, freedom, t)
        st.caption(" · ".join(f"{label}: {value}" for label, value in settings.items()))
        lab_link(t("run.open_in_lab"), {**presets.link(base, fixed.preset), **freedom.parameters})
    st.button(
        t("steer.fixed.open"),
        key="steer-unfix",
        icon=":material/lock_open:",
        on_click=_fix,
        args=(code, None),
    )


def _fix_chosen(code: str) -> None:
    def fix() -> None:
        chosen = _chosen()
        if chosen is not None:
            names = names_for(chosen[0])
            taken = {group: st.session_state.get(_FREE.format(group)) or () for group in names}
            free = tuple(name for group in names for name in names[group] if name in taken[group])
            _fix(code, Fixed(experiment=chosen[0].to_dict(), free=free, preset=chosen[1]))

    attempt(fix)


def _fix(code: str, fixed: Fixed | None) -> None:
    def change(rules: Rules) -> Rules:
        return rules.model_copy(update={"fixed": fixed})

    change_rules(code, change)
