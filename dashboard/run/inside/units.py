"""Hidden units that never do anything, or always the same."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.inference.kinds.units import (
    SATURATED_AT,
    SATURATED_SHARE,
    SELDOM,
    LayerUnits,
    UnitsAnswer,
    UnitsRequest,
)
from core.run import Run
from dashboard.run.inside import figures, text
from dashboard.shared.ask import ask
from dashboard.shared.charts.template import chart_config
from dashboard.shared.language import Language
from dashboard.shared.theme import table_height

_SORTS = ("dead", "seldom", "saturated")


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
            _layer(layer, t)
    st.caption(t("inside.epoch", epoch=answer.epoch))


def _layer(layer: LayerUnits, t: Language) -> None:
    what = "relu" if layer.activation == "relu" else "ends"
    told = t(f"inside.units.shares.{what}")
    st.markdown(f"**`{layer.name}`** · {told}")
    st.plotly_chart(
        figures.units(layer.shares.array(), t, largest=1.0),
        key=f"inside-units-{layer.name}",
        config=chart_config(t, name=f"units-{layer.name}"),
        alt=told,
    )
    numbers = [text.numbers_sentence(layer, sort) for sort in _SORTS]
    st.caption(" · ".join(one.said(t) for one in numbers if one is not None) or t("inside.units.all_work"))
