"""`/run` lists all runs; `/run?run=ID` is one of them: live while it learns, then what came of it, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from core import presets
from core.analysis.turning_point import TurningPoint, turning_point_of
from core.errors import StorageError, UnknownRunError
from core.jobs import queue
from core.run import Run
from core.training import artifact_names
from core.training.resuming import resume_point
from dashboard.live.live_curves import show_live
from dashboard.live.prediction import is_asked_for
from dashboard.live.seal import show_seal
from dashboard.live.shapes.section import show_shapes
from dashboard.run import text
from dashboard.run.list_again import follow_sidebar
from dashboard.run.sections import show_sections
from dashboard.run.slides import chapters
from dashboard.run.take_home import show_take_home
from dashboard.shared import services
from dashboard.shared.alone import offer, show_slide, wants_slides
from dashboard.shared.compare_choosing import show_compare_with
from dashboard.shared.ending import may_end
from dashboard.shared.formats import moment
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.notes import show_notes
from dashboard.shared.page_links import lab_link
from dashboard.shared.recorded_runs import can_be_trained, show_recorded
from dashboard.shared.run_list import change, open_run, reader_timezone, show_list
from dashboard.shared.run_words import ended_badly, label_note, name_of, turn_label
from dashboard.shared.trouble import Refusal, tell
from dashboard.shared.url_state import RUN
from dashboard.study.form import offer_repeats

_REFUSED = Refusal("run-refused")
_FOLLOWED = "runs-followed"

# What came of a run, and what to do next: what stands between its curves and its sections


def show_overview(run: Run, t: Language) -> None:
    """How a run ended, what follows from it, and its most important numbers."""
    turning = turning_point_of(run)
    _say_end(run, turning, t)
    show_shapes(run)
    _offer_next_steps(run, turning, t)
    if run.epochs and not run.is_covered:
        _tiles(run, turning, t)
    show_seal(run, t, train_to=partial(_train_to, run))


def _say_end(run: Run, turning: TurningPoint, t: Language) -> None:
    if ended_badly(run):
        st.warning(t.reason(run.reason), icon=":material/error:")
    elif not run.epochs:  # else it stands beside the curves
        st.markdown(t.reason(run.reason))
    if run.is_covered:
        if is_asked_for(run):
            st.markdown(t("run.covered"))
        return
    verdict = text.verdict(run, turning)
    advice = text.advice_sentences(run, turning)
    sentences = " ".join(one.said(t) for one in (verdict, *advice) if one is not None)
    if sentences:
        st.markdown(marked(sentences, t))
    aside = text.accuracy_verdict(run, turning)
    if aside is not None:
        st.caption(marked(aside.said(t), t))


def _offer_next_steps(run: Run, turning: TurningPoint, t: Language) -> None:
    artifacts = services.artifacts()
    has_weights = bool(run.epochs) and artifacts.exists(run.id, artifact_names.LAST)
    found, damaged = None, False
    try:
        found = resume_point(run, services.store(), artifacts)
    except StorageError as error:
        damaged = True
        tell(error, t, "warning")
    steps = text.next_steps(run, turning, found=found, damaged=damaged)
    refusal = services.data_refusal(run.experiment.dataset)
    if refusal is not None:  # neither can anything be learned from its data, nor its network asked
        has_weights, steps = False, replace(steps, resume=None, train_to=None, extend=None)
        st.caption(t.error(refusal))
    if run.is_covered:  # what follows from the result would tell it
        has_weights, steps = False, replace(steps, train_to=None, extend=None)

    def start(label: str, wish: str, icon: str, hint: str, begin: Callable[..., str]) -> None:
        st.button(
            label,
            key=wish.replace("_", "-"),
            icon=f":material/{icon}:",
            type="primary" if steps.first == wish else "secondary",
            help=hint,
            on_click=_start,
            args=(f"{run.id}:{wish}", partial(begin, run=run.id)),
        )

    with st.container(horizontal=True, vertical_alignment="center", key="next-steps"):
        if steps.resume is not None:
            anew = not steps.resume
            start(
                t("run.restart") if anew else t("run.resume", epoch=steps.resume),
                "resume",
                "restart_alt" if anew else "resume",
                t("run.restart.help" if anew else "run.resume.help", epochs=run.experiment.epochs),
                partial(queue.resume, artifacts=artifacts),
            )
        if steps.train_to is not None and can_be_trained(run):
            start(
                t("run.train_to", epoch=steps.train_to),
                "train_to",
                "restart_alt",
                t("run.train_to.help"),
                partial(queue.train_to, epoch=steps.train_to),
            )
        if steps.extend is not None:
            with st.popover(
                t("run.extend"),
                icon=":material/fast_forward:",
                type="primary" if steps.first == "extend" else "secondary",
            ):
                st.caption(t("run.extend.help"))
                epochs = st.number_input(
                    t("run.extend.epochs"), 1, steps.most, steps.extend, key=f"more-{run.id}"
                )
                st.button(
                    t("run.extend.start", epochs=epochs),
                    key="extend",
                    type="primary",
                    on_click=_start,
                    args=(
                        f"{run.id}:extend",
                        partial(queue.extend, run=run.id, epochs=int(epochs), artifacts=artifacts),
                    ),
                )
        lab_link(t("run.open_in_lab"), presets.link(run.experiment, run.preset))
        if has_weights:
            label, icon = text.way_to_try(run)
            st.page_link(
                "trying/page.py",
                label=t(label),
                icon=f":material/{icon}:",
                query_params={"run": run.id},
            )
        if can_be_trained(run) and not run.is_covered:
            offer_repeats(run, t)
    _REFUSED.tell(t)


def _start(wish: str, begin: Callable[..., str]) -> None:
    """Queue a run that follows from this one and show it; a second press with the same wish leads to the same one."""
    store, viewer, followed = services.store(), services.viewer(), st.session_state.setdefault(_FOLLOWED, {})
    with _REFUSED.kept():
        if wish not in followed or store.get(followed[wish]).state.is_over:
            followed[wish] = begin(store, owner=viewer.owner, address=viewer.address)
        open_run(followed[wish])


def _train_to(run: Run, epoch: int) -> None:
    _start(f"{run.id}:train_to:{epoch}", partial(queue.train_to, run=run.id, epoch=epoch))


def _tiles(run: Run, turning: TurningPoint, t: Language) -> None:
    tiles: list[tuple[str, str, str | None]] = []
    if run.experiment.validation_size:
        for kind, turn, value in (
            ("loss", turning.loss, f"{turning.loss.value:.4f}"),
            ("accuracy", turning.accuracy, f"{turning.accuracy.value:.1%}"),
        ):
            # The epoch of a turn that is confirmed is what the tile shows already.
            known = "value" if turn.confirmed else "detail"
            detail = t(f"tile.{kind}.{known}", value=value, epoch=turn.epoch) if turn.epoch else None
            tiles.append((f"tile.{kind}", turn_label(turn, t, learned=turning.learned), detail))
    if run.evaluation is not None:
        samples = t("tile.samples", samples=f"{run.evaluation.samples:,}")
        tiles.append(("tile.test_accuracy", f"{run.evaluation.accuracy:.2%}", samples))
        tiles.append(("tile.test_loss", f"{run.evaluation.loss:.4f}", samples))
    # Side by side, two or four in a row, as the page is wide.
    with st.container(horizontal=True):
        for key, value, detail in tiles:
            st.metric(
                t(key),
                value,
                detail,
                delta_color="off",
                delta_arrow="off",
                help=t(f"{key}.help"),
                border=True,
                height="stretch",
            )


# The page


def _all_runs(t: Language) -> None:
    st.button(
        t("run.back"),
        key="all-runs",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=open_run,
        args=("",),
    )
    with st.sidebar:
        follow_sidebar("all-runs")


def _heading(run: Run, t: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escaped(name_of(run, t)), anchor=False, width="stretch")
        show_take_home(run, t)
        show_compare_with(run, t)
        if may_end(run.owner):
            with st.popover(t("run.change"), icon=":material/edit:", type="tertiary"):
                change(run.id, run.title, t, owner=run.owner, over=run.state.is_over)
    facts = [t(f"option.dataset.{run.experiment.dataset}")]
    if run.title and run.preset in presets.NAMES:
        facts.append(t(f"preset.{run.preset}.title"))
    facts += [moment(run.created, reader_timezone()), t("run.id", id=run.id)]
    st.caption(" · ".join(facts))
    note = label_note(run.experiment, t)
    if note is not None:
        st.caption(f":material/shuffle: {marked(note, t)}")
    show_recorded(run, t)


def _one(run_id: str, t: Language) -> None:
    if not wants_slides():
        _all_runs(t)
    run = services.store().get(run_id)
    offer(*(chapter.name for chapter in chapters(run, t)))
    if wants_slides():
        show_slide(chapters(run, t), t, heading=escaped(name_of(run, t)))
        return
    with st.container():  # holds its place, so that nothing above makes the curves begin anew
        _heading(run, t)
    run = show_live(run_id, t, addressed=True)
    if run.state.is_over:
        show_overview(run, t)
    _notes(run, t)
    if run.state.is_over:
        show_sections(run)


def _notes(run: Run, t: Language) -> None:
    def save(**changes: str) -> dict[str, str]:
        return services.store().annotate(run.id, **changes)

    mine = services.viewer().may_change(run.owner)
    show_notes(run.notes, t, key=f"notes-{run.id}", over=run.state.is_over, save=save if mine else None)


def show() -> None:
    """Lay out the page."""
    t = session_language()
    run_id = RUN.get()
    try:
        if run_id:
            _one(run_id, t)
        else:
            st.title(t("page.run.title"), anchor=False)
            show_list(t)
    except UnknownRunError:
        st.title(t("run.missing"), anchor=False)
        st.markdown(t("run.missing.about", run=escaped(run_id[:40])))


show()
