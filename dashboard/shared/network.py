"""A network as a table, as a picture and as code; the lab shows it before a training, the run page after."""

from __future__ import annotations

import streamlit as st

from core.experiment import Experiment, ModelSummary
from core.models.code import Style, script
from core.models.diagram import dot
from dashboard.shared.controls import choose
from dashboard.shared.language import Language
from dashboard.shared.run_files import data_offer, script_offer
from dashboard.shared.run_tables import layer_table
from dashboard.shared.take_home import save_button


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
    chosen: Style = "functional" if style == "functional" else "sequential"
    with st.container(horizontal=True):
        save_button(script_offer(experiment, chosen, name, t))
        data = data_offer(experiment, t)
        if data is not None:
            save_button(data)
    text = script(experiment, style=chosen)
    # Scrolled by the container, in which the copy button can be reached by key; the code alone cannot.
    with st.container(height=520, border=False):
        st.code(text, language="python", wrap_lines=True)
