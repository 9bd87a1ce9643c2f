"""`/learn` lists the lessons; `/learn?lesson=NAME&step=ID` is a step of one: a text, a figure, one thing to do."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import streamlit as st

from core.classroom import Pace
from core.datasets import availability
from core.sentences import filled
from dashboard.learn import data_figures, network_figures, run_figures  # noqa: F401 - each registers its figures
from dashboard.learn import lesson as lessons
from dashboard.learn.action_kinds import CompareAction
from dashboard.learn.actions import beginnings, changed_words, show_action
from dashboard.learn.cards import known_steps, show_cards
from dashboard.learn.checks import Finding, judge
from dashboard.learn.figure_kinds import Figure
from dashboard.learn.figures import Scene, show_figure
from dashboard.learn.lesson import Lesson, Step
from dashboard.learn.on_runs import guess_words
from dashboard.learn.own_runs import OwnRuns
from dashboard.learn.pace import closed_sentence, is_open, last_open, pace, show_closed
from dashboard.learn.printed import show_teacher, show_worksheet
from dashboard.learn.step_top import begin_at_top
from dashboard.learn.text import real_datasets, repeats
from dashboard.shared import services
from dashboard.shared.alone import ONLY, offer, show_way_to_page
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.lesson_record import (
    done_steps,
    forget_steps,
    keep_in_browser,
    mark_done,
    remember_lesson,
)
from dashboard.shared.markdown import escaped
from dashboard.shared.presence import Place, presence
from dashboard.shared.presenting import screen
from dashboard.shared.theme import background
from dashboard.shared.trouble import told
from dashboard.shared.url_state import Property, UrlState, one_of

_LESSON = Property(
    "lesson", "", one_of(lessons.available(), lambda text: Message("learn.no_lesson", {"received": text}))
)
_STEP = Property("step", "")
_DATA = Property("data", "bundled", one_of(("bundled", "real")))
_VIEW = Property("view", "", one_of(("", "worksheet", "teacher")))
_ADDRESS = UrlState(_LESSON, _STEP, _DATA, _VIEW)
_SHOWN = 20  # characters of a step that there is not
_STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-lesson-moves) {{
  position: sticky; bottom: 0; z-index: 5; padding: .5rem 0; background: {ground};
}}
@media (max-width: 640px) {{ [class*="st-key-lesson-dots"] button {{ padding-inline: .5rem; }} }}
</style>"""


# The list


def _list(t: Language) -> None:
    remember_lesson("", "")
    st.title(t("learn.title"))
    st.markdown(t("learn.lead"))
    if show_cards(t):
        st.button(
            t("learn.forget"),
            icon=":material/restart_alt:",
            type="tertiary",
            key="forget",
            on_click=forget_steps,
        )


# A step


def _go(name: str, step: str) -> None:
    values, _ = _ADDRESS.read(st.query_params.to_dict())
    _ADDRESS.write({**values, "lesson": name, "step": step})


def _go_on(held: Pace, t: Language) -> None:
    """To the last step that is open; to the list if this version has no such lesson."""
    known = held.lesson in lessons.available()
    _VIEW.set("")
    _go(*((held.lesson, last_open(held, lessons.lesson(held.lesson, t.code))) if known else ("", "")))


def _dots(
    name: str, found: Lesson, step: Step, done: Collection[str], t: Language, held: Pace | None
) -> None:
    """The numbers of the steps, a tick at those that are done and a lock at closed ones; a press goes there."""
    ids = [one.id for one in found.steps]
    key = f"lesson-dots-{name}"
    st.session_state[key] = step.id

    def label(one: str) -> str:
        number = str(ids.index(one) + 1)
        if not is_open(held, name, one):
            return f"{number} :material/lock:"
        return f"{number} :material/check:" if f"{name}.{one}" in done else number

    choose(
        t("learn.steps"),
        ids,
        label,
        key=key,
        set_by_page=True,
        labelled=False,
        on_change=lambda: _go(name, st.session_state[key]),
    )


def _moves(name: str, found: Lesson, step: Step, t: Language, held: Pace | None) -> None:
    """Previous and next, at the bottom, where a thumb is."""
    place = found.place(step.id)
    st.html(_STYLE.format(ground=background()))
    with st.container(horizontal=True, key="lesson-moves"):
        before = found.steps[place - 1].id if place else ""
        st.button(
            t("learn.previous"),
            icon=":material/arrow_back:",
            key="lesson-previous",
            disabled=not place,
            width="stretch",
            on_click=_go,
            args=(name, before),
        )
        label, icon, goes = _following(name, found, place, t)
        closed = bool(goes[0]) and not is_open(held, *goes)
        st.button(
            label,
            icon=":material/lock:" if closed else f":material/{icon}:",
            key="lesson-next",
            type="primary",
            width="stretch",
            disabled=closed,
            help=t("learn.closed.next") if closed else None,
            on_click=_go,
            args=goes,
        )


def _following(name: str, found: Lesson, place: int, t: Language) -> tuple[str, str, tuple[str, str]]:
    """Where one goes on: what the button says, its icon, and the lesson and step it leads to."""
    if place + 1 < len(found.steps):
        return t("learn.next"), "arrow_forward", (name, found.steps[place + 1].id)
    later = lessons.available()[lessons.available().index(name) + 1 :]
    if not later:
        return t("learn.finish"), "flag", ("", "")
    following = lessons.lesson(later[0], t.code)
    return t("learn.next_lesson"), "flag", (later[0], following.steps[0].id)


def _say(finding: Finding, step: Step, scene: Scene, answer: int | None) -> None:
    """What the check found, or what is to be said to the answer that was chosen."""
    t, details = scene.t, dict(finding.details)
    if finding.settings and finding.run is not None:
        details |= changed_words(finding.settings, finding.run.experiment, t)
    if finding.guess is not None and isinstance(step.action, CompareAction):
        details |= guess_words(finding.guess, step.action, t)
    said = step.question.feedback[answer] if step.question is not None and answer is not None else ""
    if finding.state == "done":
        done = filled(step.done, details)
        st.success(f"{said}\n\n{done}" if said else done, icon=":material/task_alt:")
    elif finding.state == "not_yet":
        not_yet = filled(step.not_yet, details)
        st.warning(f"{said}\n\n{not_yet}" if said else not_yet, icon=":material/pending:")
    elif finding.state != "nothing":
        st.info(t(f"learn.finding.{finding.state}"), icon=":material/hourglass_empty:")


def _step(name: str, found: Lesson, step: Step, *, real: Collection[str], t: Language) -> None:
    runs = OwnRuns(services.store(), services.owner(), name)
    titles = {f"{lesson}.{one.id}": one.title for lesson, one in lessons.steps(t.code)}
    scene = Scene(t, name, step.id, real, runs, titles)
    st.subheader(f"{found.place(step.id) + 1}. {step.title}", anchor=False)
    shown = None if repeats(step, bool(runs.of(step.id))) else step.figure
    if ONLY.get():
        _figure_alone(shown, scene)
        return
    if shown is not None:
        offer("figure")
    words, figure = st.columns([2, 3], gap="large") if shown is not None else (st.container(), None)
    words.markdown(marked(step.text, t))
    values = {}
    if shown is not None and figure is not None:
        with figure, told(t):
            values = dict(show_figure(shown, scene))
    with st.container(border=True, key="lesson-task"), told(t):
        st.markdown(f":material/edit: **{step.task}**")
        given = show_action(step.action, scene, values=values)
        finding = judge(step, name, runs, given, begins_at=beginnings(step.action))
        with st.container():
            _say(finding, step, scene, given.answer)
        if finding.state == "done":
            mark_done(f"{name}.{step.id}")


def _figure_alone(figure: Figure | None, scene: Scene) -> None:
    t = scene.t
    offer("figure")
    if figure is None or ONLY.get() != "figure":
        key = "alone.nothing" if figure is None else "alone.no_part"
        st.warning(
            t(key, received=escaped(ONLY.get()[:_SHOWN]), known="`figure`"), icon=":material/link_off:"
        )
    if figure is not None:
        with told(t):
            show_figure(figure, scene)
    show_way_to_page(t)


def _ways_out(t: Language, held: Pace | None) -> None:
    """To the list of lessons, and to what is printed of this one, which tells of steps that may be closed."""
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("learn.all"),
            icon=":material/arrow_back:",
            type="tertiary",
            key="all-lessons",
            on_click=_go,
            args=("", ""),
        )
        for view, icon in (("worksheet", "assignment"), ("teacher", "co_present")) if held is None else ():
            st.button(
                t(f"learn.{view}"),
                icon=f":material/{icon}:",
                type="tertiary",
                key=f"view-{view}",
                on_click=_VIEW.set,
                args=(view,),
            )


def _lesson(name: str, step_id: str, data: str, t: Language) -> None:
    found = lessons.lesson(name, t.code)
    held = pace()
    step = next((one for one in found.steps if one.id == step_id), found.steps[0])
    if step_id not in ("", step.id):
        st.warning(t("learn.no_step", received=escaped(step_id[:_SHOWN])), icon=":material/link_off:")
    if held is not None and not is_open(held, name, step.id):
        st.title(found.title, anchor=False)
        show_closed(closed_sentence(held, name, found, step.id, t), partial(_go_on, held, t), t)
        return
    if ONLY.get():
        _step(name, found, step, real=(), t=t)
        return
    if screen() is None:
        _ways_out(t, held)
        st.title(found.title, anchor=False)
    else:
        st.caption(found.title)
    there = [one for one in real_datasets(found) if availability(one, services.settings()).here]
    with st.container(horizontal=True, vertical_alignment="center"):
        top = st.empty()
        if there:
            st.session_state["lesson-data"] = data
            choose(
                t("learn.data"),
                ("bundled", "real"),
                lambda one: t(f"learn.data.{one}"),
                key="lesson-data",
                set_by_page=True,
                labelled=False,
                on_change=lambda: _DATA.set(st.session_state["lesson-data"]),
            )
    remember_lesson(name, step.id)
    presence.at(services.owner(), Place(name, found.title, found.place(step.id) + 1, len(found.steps)))
    _step(name, found, step, real=there if data == "real" else (), t=t)
    with top:
        _dots(name, found, step, done_steps(known_steps(t)), t, held)
    _moves(name, found, step, t, held)
    begin_at_top(f"{name}.{step.id}")


def show() -> None:
    """Lay out the page."""
    t = session_language()
    values, notes = _ADDRESS.read(st.query_params.to_dict())
    for note in notes:
        st.warning(note.said(t), icon=":material/link_off:")
    if not values["lesson"]:
        _list(t)
        return
    found = lessons.lesson(values["lesson"], t.code)
    held = pace() if values["view"] else None
    if held is not None:
        show_closed(t("learn.closed.view"), partial(_go_on, held, t), t)
    elif values["view"] == "worksheet":
        show_worksheet(found, t, back=lambda: _VIEW.set(""))
    elif values["view"] == "teacher":
        show_teacher(found, t, back=lambda: _VIEW.set(""))
    else:
        _lesson(values["lesson"], values["step"], values["data"], t)
        keep_in_browser()


show()
