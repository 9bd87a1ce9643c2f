"""The form that makes a study of one experiment: repeat it, vary it, cross-validate it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.datasets import availability
from core.errors import ExperimentError, PlanError, short
from core.experiment import Experiment
from core.experiment.data import MOST_FOLDS
from core.jobs.queue import room_for_study
from core.run import Run, RunState
from core.study import MOST_RUNS, Factor, Plan, Refused, seeds_from
from dashboard.shared import services
from dashboard.shared.compare_address import PAGE, STUDY
from dashboard.shared.controls import choose
from dashboard.shared.formats import about_time
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.missing_data import missing_words
from dashboard.shared.run_words import setting_name, value_text
from dashboard.shared.training import start_study_once
from dashboard.shared.trouble import told
from dashboard.study import plan as plans
from dashboard.study.text import level_name

#: Seeds of the one press that repeats a finished run.
REPEATS = 5
_SEEDS, _SEEDS_EACH, _FOLDS = 5, 5, 5  # what the form begins with
_MOST_SAID = 5
_PAST = 100  # runs that an estimate may be made from
_KINDS = ("repeat", "vary", "folds")


def show_study_form(experiment: Experiment | None, t: Language, *, preset: str) -> None:
    """The form in a box that is shut at first; nothing is worked out before it is opened.

    There is no experiment while what was put in cannot be trained.
    """
    box = st.expander(t("study.form"), icon=":material/dynamic_feed:", key="study-form", on_change="rerun")
    if not box.open:
        return
    with box:
        if experiment is None:
            st.caption(t("study.form.impossible"))
        else:
            _form(experiment, t, preset)


@st.fragment
def _form(experiment: Experiment, t: Language, preset: str) -> None:
    kind = choose(
        t("study.form.kind"),
        _KINDS,
        lambda one: t(f"study.form.{one}"),
        key="study-kind",
        labelled=False,
        width="stretch",
    )
    st.caption(marked(t(f"study.form.{kind}.about"), t))
    factors: tuple[Factor, ...] | None = ()
    folds, seeds = 0, 1
    if kind == "vary":
        factors = _factors(experiment, t)
        seeds = _number("study.form.seeds_each", _SEEDS_EACH, 1, MOST_RUNS, t)
    elif kind == "repeat":
        seeds = _number("study.form.seeds", _SEEDS, 2, MOST_RUNS, t)
    else:
        folds = _number("study.form.number_of_folds", _FOLDS, 2, MOST_FOLDS, t)
        if experiment.rows > plans.SMALL:
            st.info(t("study.form.large", samples=f"{experiment.rows:,}", bound=f"{plans.SMALL:,}"))
    if factors is None:
        return
    try:
        plan = Plan(experiment, factors, seeds_from(experiment.seed, seeds), folds)
    except PlanError as error:
        st.warning(t.error(error), icon=":material/build:")
        return
    _preview_and_queue(plan, t, preset)


def _number(key: str, value: int, low: int, high: int, t: Language) -> int:
    return int(st.number_input(t(key), low, high, value, key=key, help=t(f"{key}.help")))


def _factors(experiment: Experiment, t: Language) -> tuple[Factor, ...] | None:
    """One or two settings with their values; None while they cannot be read, which is said."""
    offered, chosen = plans.choices(experiment), []
    for number in (1, 2):
        chosen += _factor(number, offered, experiment, t)
        offered = tuple(choice for choice in offered if choice.setting not in dict(chosen))
    factors = tuple(Factor(setting, values) for setting, values in chosen if values is not None)
    return factors if len(factors) == len(chosen) else None


def _factor(
    number: int, found: tuple[plans.Choice, ...], experiment: Experiment, t: Language
) -> list[tuple[str, tuple[Any, ...] | None]]:
    """The setting that is chosen, if any, and its values; None for those if they cannot be read."""
    by_setting = {choice.setting: choice for choice in found}
    left, right = st.columns([2, 3], vertical_alignment="top")
    with left:
        setting = st.selectbox(
            t(f"study.form.factor_{number}"),
            tuple(by_setting),
            index=0 if number == 1 else None,
            placeholder=t("study.form.no_factor"),
            format_func=lambda one: setting_name(one, experiment, t),
            key=f"study-factor-{number}",
        )
    if setting not in by_setting:
        return []
    with right:
        return [(setting, _values(number, by_setting[setting], experiment, t))]


def _values(number: int, choice: plans.Choice, experiment: Experiment, t: Language) -> tuple[Any, ...] | None:
    key, begin = f"study-values-{number}-{choice.setting}", plans.suggestion(choice)
    label = t("study.form.values")
    if choice.field.kind == "choice":
        return tuple(
            st.multiselect(
                label,
                choice.field.choices,
                default=begin,
                format_func=lambda one: value_text(choice.setting, one, t),
                placeholder=t("study.form.values.choose"),
                key=key,
            )
        )
    text = st.text_input(
        label,
        ", ".join(map(plans.as_typed, begin)),
        max_chars=plans.LONGEST_LIST,
        help=t("study.form.values.help"),
        key=key,
    )
    name = setting_name(choice.setting, experiment, t)
    read = plans.read_values(text or "", choice.field.kind, name)
    for problem in read.problems[:_MOST_SAID]:
        st.warning(t.problem(problem), icon=":material/build:")
    return None if read.problems else read.values


def _preview_and_queue(plan: Plan, t: Language, preset: str) -> None:
    """How many runs it makes, how long they take, and the button; or why it cannot be."""
    refused = plan.refused
    if refused:
        _say_refused(plan, refused, t)
        return
    store, base = services.store(), plan.base
    reused = sum(run is not None for run in store.finished([one.experiment for one in plan.members]))
    past = store.summaries(dataset=base.dataset, states={RunState.FINISHED}, limit=_PAST)
    seconds = plans.seconds_needed(plan, reused, past)
    st.markdown(plans.preview(plan, reused, seconds, t), width="stretch")
    slowest = plans.longest(plan, past, services.settings().page_minutes)
    if slowest.too_long and plan.size > reused:
        st.warning(
            t("study.form.too_long", time=about_time(slowest.seconds, t), minutes=slowest.minutes),
            icon=":material/timer_off:",
        )
    new = plan.size - reused
    viewer = services.viewer()
    room = room_for_study(store, viewer.owner, viewer.address)
    # A press on an equal study that is under way leads there.
    full = new > room and all(one.plan != plan for one in store.studies(owner=viewer.owner))
    if full:
        st.warning(t("error.queue_no_room", received=new, room=room), icon=":material/build:")
    elif new and room < MOST_RUNS:
        st.caption(t("study.form.room", room=room))
    private = services.data_refusal(base.dataset) is not None
    here = not private and availability(base.dataset, services.settings()).here
    with st.form("study-queue", border=False):
        title = st.text_input(
            t("study.form.title"), max_chars=100, placeholder=t("study.form.title.placeholder")
        )
        pressed = st.form_submit_button(
            t("study.form.queue", runs=new) if new else t("study.form.show", runs=plan.size),
            icon=":material/playlist_add:",
            type="primary",
            disabled=(not here and new > 0) or full or (slowest.hopeless and new > 0),
        )
    if not here and new:
        st.caption(missing_words(base.dataset, t, "lab.data_missing"))
    if pressed:
        _queue(plan, t, preset=preset, title=title.strip())


def _say_refused(plan: Plan, refused: Sequence[Refused], t: Language) -> None:
    lines = []
    for one in refused:
        error = one.error
        problems = error.problems if isinstance(error, ExperimentError) else ()
        said = " ".join(t.problem(problem) for problem in problems) or t.error(error)
        name = level_name(plan, one.levels, t, settings=True) or t("study.form.every_run")
        lines.append(f"- **{short(name)}**: {said}")
    rest = len(lines) - _MOST_SAID
    more = [f"- {t('study.form.more_problems', number=rest)}"] if rest > 0 else []
    st.warning("\n".join([t("study.form.refused"), "", *lines[:_MOST_SAID], *more]), icon=":material/build:")


def _queue(plan: Plan, t: Language, *, preset: str, title: str = "") -> None:
    """Queue the study and go to its page."""
    with told(t, level="warning"):
        study = start_study_once(services.store(), plan, by=services.viewer(), title=title, preset=preset)
        st.switch_page(PAGE, query_params={STUDY: study})


def offer_repeats(run: Run, t: Language) -> None:
    """One press that repeats a finished run with other seeds; the run itself is one of them."""
    if run.state is not RunState.FINISHED:
        return
    if st.button(
        t("study.repeat", seeds=REPEATS),
        key="repeat-run",
        icon=":material/dynamic_feed:",
        type="tertiary",
        help=t("study.repeat.help", others=REPEATS - 1),
    ):
        _queue(Plan(run.experiment, seeds=seeds_from(run.experiment.seed, REPEATS)), t, preset=run.preset)
