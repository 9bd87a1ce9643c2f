"""What came of a run: the parts of the run page below its curves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from core import presets
from core.analysis.turning_point import TurningPoint, turning_point_of
from core.errors import StorageError, TurningPointError
from core.export.spreadsheet import history_csv
from core.jobs import queue
from core.run import Run
from core.training import artifact_names
from core.training.resuming import ResumePoint, resume_point
from dashboard.run.confidence.section import show_confidence
from dashboard.run.evidence.section import show_evidence
from dashboard.run.inside.section import show_inside
from dashboard.run.look_back.section import show_lookback
from dashboard.run.test_result.section import show_mistakes
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.charts.tables import epoch_table
from dashboard.shared.language import Language
from dashboard.shared.network import show_code, show_diagram, show_layers
from dashboard.shared.run_list import open_run
from dashboard.shared.settings_text import settings_of
from dashboard.shared.theme import table_height
from dashboard.study.form import offer_repeats


def show_result(run: Run, t: Language) -> None:
    """Everything about a run that is over, the most important first."""
    turning = turning_point_of(run)
    _say_end(run, turning, t)
    _offer_next_steps(run, turning, t)
    if run.epochs:
        _tiles(run, turning, t)
    _sections(run, t)


def _say_end(run: Run, turning: TurningPoint, t: Language) -> None:
    if decide.ended_badly(run):
        st.warning(t.reason(run.reason), icon=":material/error:")
    elif not run.epochs:  # else it stands beside the curves
        st.markdown(t.reason(run.reason))
    verdict = decide.verdict(run, turning)
    advice = decide.advice_sentences(run, turning)
    said = " ".join(one.said(t) for one in (verdict, *advice) if one is not None)
    if said:
        st.markdown(said)
    aside = decide.accuracy_verdict(run, turning)
    if aside is not None:
        st.caption(aside.said(t))


def _offer_next_steps(run: Run, turning: TurningPoint, t: Language) -> None:
    has_weights = bool(run.epochs) and services.artifacts().exists(run.id, artifact_names.LAST)
    found, damage = _kept_of(run)
    steps = decide.next_steps(run, turning, found=found, damaged=damage is not None)
    if damage is not None:
        st.warning(t.error(damage), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center", key="next-steps"):
        if steps.resume is not None:
            st.button(
                t("run.resume", epoch=steps.resume) if steps.resume else t("run.restart"),
                key="resume",
                icon=":material/resume:" if steps.resume else ":material/restart_alt:",
                type="primary" if steps.first == "resume" else "secondary",
                help=t(
                    "run.resume.help" if steps.resume else "run.restart.help", epochs=run.experiment.epochs
                ),
                on_click=_start,
                args=(
                    f"{run.id}:resume",
                    partial(queue.resume, run=run.id, artifacts=services.artifacts()),
                ),
            )
        if steps.train_to is not None:
            st.button(
                t("run.train_to", epoch=steps.train_to),
                key="train-to",
                icon=":material/restart_alt:",
                type="primary" if steps.first == "train_to" else "secondary",
                help=t("run.train_to.help"),
                on_click=_start,
                args=(f"{run.id}:to", partial(queue.train_to, run=run.id, epoch=steps.train_to)),
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
                        partial(queue.extend, run=run.id, epochs=int(epochs), artifacts=services.artifacts()),
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


def _kept_of(run: Run) -> tuple[ResumePoint | None, TurningPointError | None]:
    """The network that is kept of a run, or why what is kept cannot be used."""
    try:
        return resume_point(run, services.store(), services.artifacts()), None
    except StorageError as error:
        return None, error


_REFUSED, _FOLLOWED = "run-refused", "runs-followed"


def _start(wish: str, begin: Callable[..., str]) -> None:
    """Queue a run that follows from this one and show it; a second press leads to the same one.

    Args:
        wish: The same for the same wish.
        begin: Queues the run; `core.jobs.queue` with the rest filled in.
    """
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
            tiles.append((f"tile.{kind}", decide.turn_label(turn, t, learned=turning.learned), detail))
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


def _sections(run: Run, t: Language) -> None:
    names = [
        "mistakes",
        "turning",
        "confidence",
        "lookback",
        "inside",
        "epochs",
        "network",
        "code",
        "settings",
    ]
    if run.evaluation is None:
        names.remove("mistakes")
    if not run.epochs:
        without = ("turning", "confidence", "lookback", "inside", "epochs")
        names = [name for name in names if name not in without]
    # Only what is open is worked out.
    tabs = st.tabs([t(f"run.tab.{name}") for name in names], key="run-tabs", on_change="rerun")
    show = {
        "turning": show_evidence,
        "confidence": show_confidence,
        "lookback": show_lookback,
        "inside": show_inside,
        "epochs": _epochs,
        "network": _network,
        "code": _code,
        "settings": _settings,
    }
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                if name == "mistakes" and run.evaluation is not None:
                    show_mistakes(run, run.evaluation)
                else:
                    show[name](run, t)


def _epochs(run: Run, t: Language) -> None:
    rows = epoch_table(run.epochs, t)
    four = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        rows,
        hide_index=True,
        height=table_height(rows),
        column_config={
            t("column.loss"): four,
            t("column.val_loss"): four,
            t("column.accuracy"): four,
            t("column.val_accuracy"): four,
            t("column.learning_rate"): st.column_config.NumberColumn(format="%.4g"),
            t("column.seconds"): st.column_config.NumberColumn(format="%.2f"),
        },
    )
    st.download_button(
        t("run.csv"),
        history_csv(run.epochs),
        f"{run.id}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _network(run: Run, t: Language) -> None:
    show_layers(run.experiment.summary, t)
    show_diagram(run.experiment, t)
    _save_network(run, t)


def _save_network(run: Run, t: Language) -> None:
    """The network that was evaluated as a file, if it is kept and whole."""
    artifacts, (name, epoch) = services.artifacts(), artifact_names.evaluated_checkpoint(run)
    if run.evaluation is None or not artifacts.exists(run.id, name):
        return
    try:
        with artifacts.fetch_model(run.id, name):
            pass
    except StorageError as error:
        st.warning(t.error(error), icon=":material/error:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            t("run.model.save"),
            lambda: artifacts.load_bytes(run.id, name),
            f"{run.id}.keras",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(t("run.model.about", epoch=epoch, keras=run.environment.get("keras", "3")))


def _code(run: Run, t: Language) -> None:
    show_code(run.experiment, t, name=run.id)


def _settings(run: Run, t: Language) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{t('run.settings')}**")
        st.table(_two_columns(settings_of(run.experiment, t)), hide_header=True, border="horizontal")
    with right:
        if run.timing is not None:
            st.markdown(f"**{t('run.timing')}**")
            seconds = {
                t(f"timing.{name}"): t("timing.seconds", seconds=f"{getattr(run.timing, name):.2f}")
                for name in ("prepare", "fit", "evaluate")
            }
            memory = {t("timing.peak_mb"): f"{run.timing.peak_mb:,.0f} MB"}
            st.table(_two_columns({**seconds, **memory}), hide_header=True, border="horizontal")
        if run.environment:
            st.markdown(f"**{t('run.environment')}**", help=t("run.environment.help"))
            st.table(_two_columns(decide.environment_of(run, t)), hide_header=True, border="horizontal")


def _two_columns(words: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"": list(words.values())}, index=list(words))
