"""What came of a run, and what to do next: the part of the run page between its curves and its sections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import presets
from core.analysis.turning_point import TurningPoint, turning_point_of
from core.errors import StorageError, TurningPointError
from core.jobs import queue
from core.run import Run
from core.training import artifact_names
from core.training.resuming import resume_point
from dashboard.run import text
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.run_list import open_run
from dashboard.shared.run_words import ended_badly, turn_label
from dashboard.shared.trouble import tell
from dashboard.study.form import offer_repeats


def show_overview(run: Run, t: Language) -> None:
    """How a run ended, what follows from it, and its most important numbers."""
    turning = turning_point_of(run)
    _say_end(run, turning, t)
    _offer_next_steps(run, turning, t)
    if run.epochs:
        _tiles(run, turning, t)


def _say_end(run: Run, turning: TurningPoint, t: Language) -> None:
    if ended_badly(run):
        st.warning(t.reason(run.reason), icon=":material/error:")
    elif not run.epochs:  # else it stands beside the curves
        st.markdown(t.reason(run.reason))
    verdict = text.verdict(run, turning)
    advice = text.advice_sentences(run, turning)
    said = " ".join(one.said(t) for one in (verdict, *advice) if one is not None)
    if said:
        st.markdown(said)
    aside = text.accuracy_verdict(run, turning)
    if aside is not None:
        st.caption(aside.said(t))


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
        if steps.train_to is not None:
            start(
                t("run.train_to", epoch=steps.train_to),
                "train_to",
                "restart_alt",
                t("run.train_to.help"),
                partial(queue.train_to, epoch=steps.train_to),
            )
        if steps.go_on is not None:
            with st.popover(
                t("run.go_on"),
                icon=":material/fast_forward:",
                type="primary" if steps.first == "go_on" else "secondary",
            ):
                st.caption(t("run.go_on.help"))
                epochs = st.number_input(
                    t("run.go_on.epochs"), 1, steps.most, steps.go_on, key=f"more-{run.id}"
                )
                st.button(
                    t("run.go_on.start", epochs=epochs),
                    key="go-on",
                    type="primary",
                    on_click=_start,
                    args=(
                        f"{run.id}:on",
                        partial(queue.extend, run=run.id, epochs=int(epochs), artifacts=artifacts),
                    ),
                )
        st.page_link(
            "lab/page.py",
            label=t("run.open_in_lab"),
            icon=":material/science:",
            query_params=presets.link(run.experiment, run.preset),
        )
        if has_weights:
            drawn = run.experiment.facts.kind == "image"
            st.page_link(
                "trying/page.py",
                label=t("try.draw_for_network" if drawn else "try.ask_network"),
                icon=":material/draw:" if drawn else ":material/edit_note:",
                query_params={"run": run.id},
            )
        offer_repeats(run, t)
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.warning(t.error(refused), icon=":material/error:")


_REFUSED, _FOLLOWED = "run-refused", "runs-followed"


def _start(wish: str, begin: Callable[..., str]) -> None:
    """Queue a run that follows from this one and show it; a second press with the same wish leads to the same one."""
    store, viewer, followed = services.store(), services.viewer(), st.session_state.setdefault(_FOLLOWED, {})
    try:
        if wish not in followed or store.get(followed[wish]).state.is_over:
            followed[wish] = begin(store, owner=viewer.owner, address=viewer.address)
        open_run(followed[wish])
    except TurningPointError as error:
        st.session_state[_REFUSED] = error


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
