"""How the weights of a run spread from epoch to epoch."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analysis.turning_point import turning_point_of
from core.analysis.weight_history import WeightGrowth, weight_distribution, weight_growth
from core.errors import StorageError
from core.run import Run
from core.training.weight_histograms import load_weights
from dashboard.run.inside import figures, text
from dashboard.shared import services
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import Language
from dashboard.shared.theme import table_height


def show_weights(run: Run, t: Language) -> None:
    """The distribution of one tensor's weights by epoch, and how far all have grown."""
    try:
        history = load_weights(services.artifacts(), run.id)
    except StorageError as error:
        st.caption(t.error(error))
        return
    if history is None:
        st.info(t("inside.weights.none"), icon=":material/info:")
        return
    turn = turning_point_of(run).loss
    names = {tensor: text.tensor_name(tensor, t) for tensor in history.tensors}
    tensor = st.selectbox(
        t("inside.weights.tensor"),
        history.tensors,
        format_func=lambda one: names[one],
        key=f"inside-tensor-{run.id}",
        width=360,
    )
    tensor = tensor or history.tensors[0]
    found = weight_distribution(history, tensor, always=() if turn.epoch is None else (turn.epoch,))
    grown = weight_growth(history)
    told = " ".join(
        sentence.said(t)
        for one in grown
        if one.tensor == tensor
        for sentence in text.growth_sentences(history, one, turn)
    )
    if told:
        st.markdown(told)
    st.plotly_chart(
        figures.weight_spread(found, turn, t),
        key="inside-spread",
        config=chart_config(t, name=f"weights-{run.id}"),
        alt=told or t("inside.part.weights"),
    )
    notes = [t("inside.weights.about")]
    if found.beyond > 0:
        notes.append(t("inside.weights.beyond", share=f"{found.beyond:.2%}"))
    if history.epochs[0] > 0:
        notes.append(t("inside.weights.later", epoch=history.epochs[0]))
    st.caption(" ".join(notes))
    if grown:
        _table(grown, names, t)


def _table(grown: tuple[WeightGrowth, ...], names: dict[str, str], t: Language) -> None:
    first, last = grown[0].epochs
    rows = pd.DataFrame(
        {
            t("inside.growth.tensor"): [names[one.tensor] for one in grown],
            t("inside.growth.size", epoch=first): [one.sizes[0] for one in grown],
            t("inside.growth.size", epoch=last): [one.sizes[1] for one in grown],
            t("inside.growth.factor"): [_times(one.factor) for one in grown],
            t("inside.growth.reach", epoch=last): [one.reach[1] for one in grown],
        }
    )
    st.markdown(f"**{t('inside.growth.title')}**", help=t("inside.growth.help"))
    four = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        rows,
        hide_index=True,
        height=table_height(rows),
        column_config={
            **dict.fromkeys(rows.columns[1:], four),
            t("inside.growth.factor"): st.column_config.TextColumn(alignment="right"),
        },
    )


def _times(factor: float | None) -> str:
    return "–" if factor is None else f"{factor:.2f} ×"
