"""The sections of the run page that only list: epochs, network, program, settings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.errors import StorageError
from core.export.spreadsheet import history_csv
from core.run import Run
from core.training import artifact_names
from dashboard.shared import network, services
from dashboard.shared.charts.tables import epoch_table
from dashboard.shared.language import Language
from dashboard.shared.run_words import settings_of
from dashboard.shared.theme import table_height

#: What else the result may depend on; which process on which computer it was is left out.
_ENVIRONMENT = ("python", "keras", "tensorflow", "numpy", "machine", "processors", "threads", "path")


def show_epochs(run: Run, t: Language) -> None:
    """The numbers of each epoch, also as a file."""
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


def show_network(run: Run, t: Language) -> None:
    """The layers, their diagram, and the network that was evaluated as a file."""
    network.show_layers(run.experiment.summary, t)
    network.show_diagram(run.experiment, t)
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


def show_code(run: Run, t: Language) -> None:
    """The network as a program."""
    network.show_code(run.experiment, t, name=run.id)


def show_settings(run: Run, t: Language) -> None:
    """All settings, how long it took, and on what computer."""
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
        environment = {
            t(f"environment.{name}"): str(run.environment[name])
            for name in _ENVIRONMENT
            if name in run.environment
        }
        if run.environment:
            st.markdown(f"**{t('run.environment')}**", help=t("run.environment.help"))
            st.table(_two_columns(environment), hide_header=True, border="horizontal")


def _two_columns(words: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"": list(words.values())}, index=list(words))
