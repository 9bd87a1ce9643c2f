"""The lab: choose or build an experiment, see whether it can be, train it."""

from __future__ import annotations

import functools

import streamlit as st

from core import presets
from core.classroom import Rules
from core.datasets import availability
from core.errors import TurningPointError
from core.experiment import Experiment
from core.experiment.changes import changed
from core.experiment.freedom import GROUPS
from core.run import Run
from dashboard.lab import session
from dashboard.lab.fewer import offer_fewer, show_freedom, show_reset
from dashboard.lab.fixes import fixed
from dashboard.lab.forms import Form
from dashboard.lab.session import Lab
from dashboard.live.live_curves import show_live
from dashboard.shared import services
from dashboard.shared.class_rules import rules, say_refusal
from dashboard.shared.formats import about_time
from dashboard.shared.glossary import marked
from dashboard.shared.hiding import choose_hiding
from dashboard.shared.language import Language
from dashboard.shared.lesson_record.places import PLACE
from dashboard.shared.network import show_code, show_diagram, show_layers
from dashboard.shared.offered_sets import set_words
from dashboard.shared.page_body import show_by_itself
from dashboard.shared.page_links import run_link
from dashboard.shared.preset_words import preset_about, preset_title
from dashboard.shared.training import Outlook, outlook, past_runs, smaller, start_once, wait_at_most
from dashboard.shared.trouble import tell, told
from dashboard.study.form import show_study_form

_MEGA = 1_000_000


def _choose_preset(lab: Lab, t: Language) -> None:
    if lab.base is not None:  # a preset would change what is fixed
        show_freedom(lab, t)
        return
    key = lab.key("preset")
    names = session.beginnings(lab)
    called = set_words(names, t)
    st.selectbox(
        t("lab.preset"),
        names,
        index=names.index(lab.preset),
        format_func=lambda name: preset_title(name, t, called),
        key=key,
        on_change=lambda: session.start_from(st.session_state[key]),
    )
    about, again = st.columns([4, 1], vertical_alignment="top")
    about.caption(marked(preset_about(lab.preset, t), t))
    if lab.draft != presets.load(lab.preset):
        with again:
            show_reset(lab, t)


def _say_problems(lab: Lab, t: Language) -> None:
    """What is wrong, each with the button that mends it where the program can."""
    if lab.refused is not None:
        st.error(t("lab.bad_link") + "\n\n" + t.error(lab.refused), icon=":material/link_off:")
    for number, problem in enumerate(lab.draft.problems):
        st.warning(t.problem(problem), icon=":material/build:")
        better = fixed(lab.draft, problem)
        if better is not None and better != lab.draft and lab.allows(better):
            st.button(
                t("lab.mend"),
                key=f"mend-{lab.generation}-{number}",
                icon=":material/auto_fix_high:",
                on_click=session.put,
                args=(better,),
            )


def _outlook(experiment: Experiment) -> Outlook:
    """What is to be expected of a run, judged by those that this computer has finished."""
    try:
        past = past_runs(services.store(), experiment)
    except TurningPointError:  # said where runs are shown
        past = []
    return outlook(experiment, past, services.settings().page_minutes)


def _say_time(expected: Outlook, lab: Lab, t: Language) -> None:
    """How long it will take; where that is longer than one run may, what to make smaller."""
    if not expected.too_long:
        st.caption(t("lab.time", time=about_time(expected.seconds, t)))
        return
    fits = expected.fitting > 0
    key, seconds = ("lab.time.too_long", expected.seconds) if fits else ("lab.time.no_epoch", expected.epoch)
    details = {"minutes": expected.minutes}
    if fits:
        details |= {"fitting": expected.fitting, "planned": expected.planned}
    st.warning(t(key, time=about_time(seconds, t), **details), icon=":material/timer_off:")
    if fits and lab.freedom.is_free("epochs"):
        st.button(
            t("lab.time.fit", epochs=expected.fitting),
            key="fit-time",
            icon=":material/auto_fix_high:",
            on_click=session.edit,
            args=(functools.partial(changed, changes={"epochs": expected.fitting}),),
        )


def _offer_smaller(experiment: Experiment, expected: Outlook, lab: Lab, t: Language) -> None:
    """Where much waits before it: one smaller setting that has results sooner."""
    try:
        wait = wait_at_most(services.store(), services.settings())
    except TurningPointError:  # said where runs are shown
        return
    change = None if expected.too_long else smaller(experiment, expected, wait)
    if change is None or wait is None:
        return
    ((name, value),) = change.items()
    if not lab.freedom.is_free(name):
        return
    st.info(t("lab.wait", wait=about_time(wait, t)), icon=":material/hourglass_top:")
    st.button(
        t("lab.time.fit", epochs=value) if name == "epochs" else t("lab.wait.samples", samples=value),
        key="smaller",
        icon=":material/auto_fix_high:",
        on_click=session.edit,
        args=(functools.partial(changed, changes=change),),
    )


def _train(lab: Lab, experiment: Experiment | None, held: Rules, t: Language) -> None:
    """The button that everything leads to."""
    expected = _outlook(experiment) if experiment is not None else None
    dataset = lab.draft.dataset
    refusal = services.data_refusal(dataset)
    here = refusal is None and availability(dataset, services.settings()).here
    if refusal is not None:
        st.info(t.error(refusal), icon=":material/folder_off:")
    elif not here:
        st.info(t("lab.data_missing", dataset=t(f"option.dataset.{dataset}")), icon=":material/download:")
        st.page_link("data/page.py", label=t("lab.get_data"), query_params={"dataset": dataset})
    refused = say_refusal(held, experiment, t)
    hiding = choose_hiding(t, can_predict=experiment is None or experiment.validation_size > 0)
    if (
        st.button(
            t("lab.train"),
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=experiment is None
            or not here
            or refused
            or (expected is not None and expected.hopeless),
        )
        and experiment is not None
    ):
        try:
            run = start_once(
                services.store(),
                experiment,
                by=services.viewer(),
                preset=lab.preset,
                lesson=PLACE.get(),
                **hiding,
            )
        except TurningPointError as error:
            st.error(t.error(error))
            return
        session.show_run(run)
        st.rerun()
    if expected is not None and experiment is not None:
        _say_time(expected, lab, t)
        _offer_smaller(experiment, expected, lab, t)


def _live(lab: Lab, t: Language) -> None:
    """The run that was started last, while it learns and after."""
    if not lab.run:
        return
    try:
        run = show_live(lab.run, t)
    except TurningPointError as error:
        tell(error, t)
        return
    if run.state.is_over:
        _after(run, t)


def _after(run: Run, t: Language) -> None:
    run_link(run.id, t("lab.see_run") if run.epochs else t("lab.see_why"), icon="arrow_forward")


def _network(lab: Lab, experiment: Experiment | None, t: Language) -> None:
    """The network as a table, as a picture and as code; only what is open is made.

    The browser takes longer to draw the picture than for all else that changes with a press.
    """
    names = [t(f"lab.tab.{name}") for name in ("table", "diagram", "code")]
    table, diagram, code = st.tabs(names, key="lab-network", on_change="rerun")
    if table.open:
        with table:
            _table(lab, experiment, t)
    for tab, show_it in ((diagram, show_diagram), (code, functools.partial(show_code, name=lab.preset))):
        if tab.open:
            with tab:
                if experiment is None:
                    st.caption(t("lab.only_when_possible"))
                else:
                    show_it(experiment, t)


def _table(lab: Lab, experiment: Experiment | None, t: Language) -> None:
    """The layers, and the memory that they take."""
    show_layers(lab.draft.summary, t, planned=len(lab.draft.layers))
    if experiment is None:
        return
    memory = experiment.footprint
    st.caption(
        t(
            "lab.memory",
            total=f"{memory.total / _MEGA:,.1f}",
            weights=f"{memory.weights / _MEGA:,.1f}",
            optimizer=f"{memory.optimizer / _MEGA:,.1f}",
            activations=f"{memory.activations / _MEGA:,.1f}",
        )
    )


def _say_lesson(t: Language) -> None:
    """For which step of a lesson trainings count."""
    place, notes = PLACE.read(st.query_params.to_dict())
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    if place:
        st.caption(f":material/school: {t('lesson.counts')}")


def _lay_out(t: Language) -> None:
    """Lay out the page."""
    held = rules()
    lab = session.current(held.fixed)
    session.keep_in_address(lab)
    experiment = None if lab.draft.problems else lab.draft
    form = Form(lab, t, held.caps)

    st.title(t("lab.title"))
    _say_lesson(t)
    main, settings = st.columns([3, 2], gap="large")
    with main:
        _choose_preset(lab, t)
        with st.container():
            _say_problems(lab, t)
        with st.container():
            _train(lab, experiment, held, t)
        if lab.base is None:  # a study may vary whatever there is
            with told(t):
                show_study_form(experiment, t, preset=lab.preset)
        with st.container():
            _live(lab, t)
        _network(lab, experiment, t)
    with settings:
        for group, icon, show_group in (
            ("data", "grid_view", form.data),
            ("network", "layers", form.network),
            ("learning", "school", form.learning),
        ):
            if lab.freedom.shows(*GROUPS[group]):
                with st.expander(t(f"lab.section.{group}"), expanded=True, icon=f":material/{icon}:"):
                    show_group()
        offer_fewer(lab, experiment, t)


show_by_itself(_lay_out)
