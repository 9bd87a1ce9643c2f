"""What became of a network while it learned: how its weights spread, and which hidden units never do anything."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.analysis.turning_point import turning_point_of
from core.analysis.weight_history import WeightGrowth, weight_distribution, weight_growth
from core.errors import StorageError
from core.inference.kinds.units import (
    SATURATED_AT,
    SATURATED_SHARE,
    SELDOM,
    LayerUnits,
    UnitsAnswer,
    UnitsRequest,
)
from core.run import Run
from core.training.weight_histograms import load_weights
from dashboard.run.inside import figures, text
from dashboard.shared import services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.weight_spread import weight_spread
from dashboard.shared.language import Language
from dashboard.shared.theme import table_height

_SORTS = ("dead", "seldom", "saturated")


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
    sentences = " ".join(
        sentence.said(t)
        for one in grown
        if one.tensor == tensor
        for sentence in text.growth_sentences(history, one, turn)
    )
    if sentences:
        st.markdown(sentences)
    show_chart(
        weight_spread(found, turn, t),
        t,
        key="inside-spread",
        alt=sentences or t("inside.part.weights"),
        name=f"weights-{run.id}",
    )
    notes = [t("inside.weights.about")]
    if found.beyond > 0:
        notes.append(t("inside.weights.beyond", share=f"{found.beyond:.2%}"))
    if history.epochs[0] > 0:
        notes.append(t("inside.weights.later", epoch=history.epochs[0]))
    st.caption(" ".join(notes))
    if grown:
        _show_growth(growth_table(grown, names, t), t)


def growth_table(grown: tuple[WeightGrowth, ...], names: dict[str, str], t: Language) -> pd.DataFrame:
    """A row a tensor: how large its weights were before and after, and how far the largest went."""
    first, last = grown[0].epochs
    return pd.DataFrame(
        {
            t("inside.growth.tensor"): [names[one.tensor] for one in grown],
            t("inside.growth.size", epoch=first): [one.sizes[0] for one in grown],
            t("inside.growth.size", epoch=last): [one.sizes[1] for one in grown],
            t("inside.growth.factor"): [_times(one.factor) for one in grown],
            t("inside.growth.reach", epoch=last): [one.reach[1] for one in grown],
        }
    )


def _show_growth(rows: pd.DataFrame, t: Language) -> None:
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


def show_units(run: Run, t: Language) -> None:
    """How many there are in each layer, by which definition, and which ones."""
    key = f"inside-units-{run.id}"
    answer: UnitsAnswer | None = st.session_state.get(key)
    if answer is None:
        answer = ask(UnitsRequest(run.id), t, key="inside-again-units", tell=st.caption)
        if answer is None:
            return
        st.session_state[key] = answer  # a few numbers a layer, and they never change
    if not answer.layers:
        st.info(t("inside.units.none"), icon=":material/info:")
        return
    st.markdown(text.units_sentence(answer).said(t))
    rows = pd.DataFrame(
        {
            t("inside.units.layer"): [layer.name for layer in answer.layers],
            t("field.activation"): [layer.activation for layer in answer.layers],
            t("inside.units.units"): [layer.units for layer in answer.layers],
            **{
                t(f"inside.units.{sort}"): [len(getattr(layer, sort)) for layer in answer.layers]
                for sort in _SORTS
            },
        }
    )
    st.dataframe(rows, hide_index=True, height=table_height(rows))
    st.caption(
        t(
            "inside.units.definition",
            probe=t(f"inside.units.probe.{answer.probe}", samples=f"{answer.samples:,}"),
            seldom=f"{SELDOM:.0%}",
            share=f"{SATURATED_SHARE:.0%}",
            end=f"{SATURATED_AT:.0%}",
        )
    )
    for layer in answer.layers:
        with st.container(border=True):
            _unit_shares(layer, t)
    st.caption(t("inside.epoch", epoch=answer.epoch))


def _unit_shares(layer: LayerUnits, t: Language) -> None:
    what = "relu" if layer.activation == "relu" else "ends"
    sentence = t(f"inside.units.shares.{what}")
    st.markdown(f"**`{layer.name}`** · {sentence}")
    show_chart(
        figures.units(layer.shares.array(), t, largest=1.0),
        t,
        key=f"inside-units-{layer.name}",
        alt=sentence,
        name=f"units-{layer.name}",
    )
    numbers = [text.numbers_sentence(layer, sort) for sort in _SORTS]
    st.caption(" · ".join(one.said(t) for one in numbers if one is not None) or t("inside.units.all_work"))
