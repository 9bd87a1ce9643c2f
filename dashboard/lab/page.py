"""The lab: choose or build an experiment, see whether it can be, train it."""

from __future__ import annotations

import functools

import streamlit as st

from core import presets
from core.datasets import availability
from core.errors import TurningPointError
from core.experiment import Experiment
from core.run import Run, RunState
from dashboard.lab import draft as drafts
from dashboard.lab import forms as labs
from dashboard.lab.beginnings import Draft
from dashboard.lab.mends import mended
from dashboard.live.live import show_live
from dashboard.shared import services
from dashboard.shared.expected_time import Outlook, about, outlook
from dashboard.shared.language import Language, session_language
from dashboard.shared.network import show_code, show_diagram, show_layers
from dashboard.shared.training import start_once
from dashboard.shared.trouble import tell, told
from dashboard.study.form import show_study_form

_MEGA = 1_000_000
_PAST = 30  # finished runs that tell how fast this computer is


def _choose_preset(lab: labs.Lab, checked: drafts.Checked, say: Language) -> None:
    key = f"preset:{lab.generation}"
    st.selectbox(
        say("lab.preset"),
        presets.NAMES,
        index=presets.NAMES.index(lab.preset),
        format_func=lambda name: say(f"preset.{name}.title"),
        key=key,
        on_change=labs.load_preset,
        args=(key,),
    )
    about, again = st.columns([4, 1], vertical_alignment="top")
    about.caption(say(f"preset.{lab.preset}.about"))
    if checked.experiment != presets.load(lab.preset):
        again.button(
            say("lab.reset"),
            key="lab-reset",
            icon=":material/undo:",
            type="tertiary",
            on_click=labs.start_from,
            args=(lab.preset,),
        )


def _say_problems(lab: labs.Lab, checked: drafts.Checked, say: Language) -> None:
    """What is wrong, each with the button that mends it where the program can."""
    if lab.refused is not None:
        st.error(say("lab.bad_link") + "\n\n" + say.error(lab.refused), icon=":material/link_off:")
    for number, problem in enumerate(checked.problems):
        st.warning(say.problem(problem), icon=":material/build:")
        better = mended(lab.draft, problem)
        if better is not None and better != lab.draft:
            st.button(
                say("lab.mend"),
                key=f"mend-{lab.generation}-{number}",
                icon=":material/auto_fix_high:",
                on_click=labs.edit,
                args=(functools.partial(_replace, new=better),),
            )


def _replace(old: Draft, new: Draft) -> Draft:
    return new


def _outlook(experiment: Experiment) -> Outlook:
    """What is to be expected of a run, judged by those that this computer has finished."""
    try:
        store, finished = services.store(), {RunState.FINISHED}
        past = store.summaries(dataset=experiment.dataset, states=finished, limit=_PAST)
        past = past or store.summaries(states=finished, limit=_PAST)
    except TurningPointError:  # said where runs are shown
        past = []
    return outlook(experiment, past, services.settings().page_minutes)


def _say_time(expected: Outlook, say: Language) -> None:
    """How long it will take; where that is longer than one run may, what to make smaller."""
    if not expected.too_long:
        st.caption(say("lab.time", time=about(expected.seconds, say)))
        return
    fits = expected.fitting > 0
    key, seconds = ("lab.time.too_long", expected.seconds) if fits else ("lab.time.no_epoch", expected.epoch)
    details = {"minutes": expected.minutes}
    if fits:
        details |= {"fitting": expected.fitting, "planned": expected.planned}
    st.warning(say(key, time=about(seconds, say), **details), icon=":material/timer_off:")
    if fits:
        st.button(
            say("lab.time.fit", epochs=expected.fitting),
            key="fit-time",
            icon=":material/auto_fix_high:",
            on_click=labs.edit,
            args=(functools.partial(drafts.with_value, path="epochs", value=expected.fitting),),
        )


def _train(lab: labs.Lab, experiment: Experiment | None, say: Language) -> None:
    """The button that everything leads to."""
    expected = _outlook(experiment) if experiment is not None else None
    dataset = lab.draft["dataset"]
    here = availability(dataset, services.settings()).here
    if not here:
        st.info(say("lab.data_missing", dataset=say(f"option.dataset.{dataset}")), icon=":material/download:")
        st.page_link("data/page.py", label=say("lab.get_data"), query_params={"dataset": dataset})
    if (
        st.button(
            say("lab.train"),
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=experiment is None or not here or (expected is not None and expected.hopeless),
        )
        and experiment is not None
    ):
        try:
            run = start_once(services.store(), experiment, by=services.viewer(), preset=lab.preset)
        except TurningPointError as error:
            st.error(say.error(error))
            return
        labs.show_run(run)
        st.rerun()
    if expected is not None:
        _say_time(expected, say)


def _live(lab: labs.Lab, say: Language) -> None:
    """The run that was started last, while it learns and after."""
    if not lab.run:
        return
    try:
        run = show_live(lab.run, say)
    except TurningPointError as error:
        tell(error, say)
        return
    if run.state.is_over:
        _after(run, say)


def _after(run: Run, say: Language) -> None:
    st.page_link(
        "run/page.py",
        label=say("lab.see_run") if run.epochs else say("lab.see_why"),
        icon=":material/arrow_forward:",
        query_params={"run": run.id},
    )


def _network(lab: labs.Lab, checked: drafts.Checked, say: Language) -> None:
    """The network as a table, as a picture and as code."""
    table, diagram, code = st.tabs([say("lab.tab.table"), say("lab.tab.diagram"), say("lab.tab.code")])
    experiment = checked.experiment
    with table:
        show_layers(checked.trace, say, planned=len(lab.draft["layers"]))
        if experiment is not None:
            memory = experiment.footprint
            st.caption(
                say(
                    "lab.memory",
                    total=f"{memory.total / _MEGA:,.1f}",
                    weights=f"{memory.weights / _MEGA:,.1f}",
                    optimizer=f"{memory.optimizer / _MEGA:,.1f}",
                    activations=f"{memory.activations / _MEGA:,.1f}",
                )
            )
    if experiment is None:
        for tab in (diagram, code):
            tab.caption(say("lab.only_when_possible"))
        return
    with diagram:
        show_diagram(experiment, say)
    with code:
        show_code(experiment, say, name=lab.preset)


def show() -> None:
    """Lay out the page."""
    say = session_language()
    lab = labs.current()
    checked = drafts.check(lab.draft)
    labs.keep_in_address(lab, checked.experiment)
    form = labs.Form(lab, say)

    st.title(say("lab.title"))
    main, settings = st.columns([3, 2], gap="large")
    with main:
        _choose_preset(lab, checked, say)
        with st.container():
            _say_problems(lab, checked, say)
        with st.container():
            _train(lab, checked.experiment, say)
        with told(say):
            show_study_form(checked.experiment, say, preset=lab.preset)
        with st.container():
            _live(lab, say)
        _network(lab, checked, say)
    with settings:
        with st.expander(say("lab.section.data"), expanded=True, icon=":material/grid_view:"):
            form.data()
        with st.expander(say("lab.section.network"), expanded=True, icon=":material/layers:"):
            form.network()
        with st.expander(say("lab.section.learning"), expanded=True, icon=":material/school:"):
            form.learning()


show()
