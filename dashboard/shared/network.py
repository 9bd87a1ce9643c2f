"""A network as a table, as a picture and as code; the lab shows it before a training, the run page after."""

from __future__ import annotations

import streamlit as st

from core.catalog import dataset_info
from core.experiment import Experiment, ModelSummary
from core.export import data_file
from core.models.code import script
from core.models.diagram import dot
from dashboard.shared import services
from dashboard.shared.controls import choose
from dashboard.shared.language import Language
from dashboard.shared.run_words import layer_table


def show_layers(trace: ModelSummary, t: Language, *, planned: int | None = None) -> None:
    """The layer table as Keras' summary gives it, with totals; `planned` layers there are, if more than fit."""
    shape = ", ".join(map(str, trace.input_shape))
    st.caption(t("lab.table.input", shape=f"(None, {shape})"))
    if trace.rows:
        st.dataframe(
            layer_table(trace, t),
            hide_index=True,
            width="stretch",
            column_config={t("lab.table.parameters"): st.column_config.NumberColumn(format="localized")},
        )
    if planned is not None and len(trace.rows) < planned:
        st.caption(t("lab.table.misfit", number=len(trace.rows) + 1))
    st.caption(
        t(
            "lab.table.total",
            total=f"{trace.parameters:,}",
            trainable=f"{trace.trainable:,}",
            frozen=f"{trace.parameters - trace.trainable:,}",
        )
    )


def show_diagram(experiment: Experiment, t: Language) -> None:
    """The layers as boxes with what flows between them; the browser draws it."""
    st.graphviz_chart(dot(experiment, t), width="content")


def show_code(experiment: Experiment, t: Language, *, name: str) -> None:
    """The Keras script of the experiment, to read, copy and keep as a file of this name, without its ending."""
    st.caption(t("run.code.about"))
    style = choose(
        t("lab.code_style"),
        ("sequential", "functional"),
        lambda one: t(f"lab.code_style.{one}"),
        key="code-style",
        labelled=False,
    )
    text = script(experiment, style="functional" if style == "functional" else "sequential")
    with st.container(horizontal=True):
        st.download_button(
            t("run.code.save"),
            text,
            f"{name}.py",
            "text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )
        if dataset_info(experiment.dataset).generated:
            _save_data(experiment.dataset, t)
    st.code(text, language="python", height=520)


def _save_data(name: str, t: Language) -> None:
    """The file that a script on generated data reads; nobody else could give it."""
    st.download_button(
        t("run.code.save_data"),
        lambda: data_file(services.dataset(name)),
        f"{name}.npz",
        "application/octet-stream",
        icon=":material/database:",
        help=t("run.code.save_data.help", file=f"{name}.npz"),
        on_click="ignore",
    )
