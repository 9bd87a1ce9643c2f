"""The words with the largest effects over the whole test set, worked out when somebody first asks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.analysis.word_effects import WordEffect, default_minimum, strongest
from core.answers.questions import AboutWords
from core.datasets import TextDataset
from core.datasets.numbering import UNKNOWN
from core.errors import TurningPointError
from core.experiment import MultiHotEncoding
from core.experiment.data import WORD_SHIFT
from core.run import Run
from core.training import kept
from dashboard.shared import services
from dashboard.shared.charts.chart_config import chart_config
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.shared.working import worked_out
from dashboard.trying.effect_bars import strongest_words

_SHOWN = 15


def show_test_words(run: Run, say: Language) -> None:
    """The section below the single text."""
    st.subheader(say("try.all"), anchor=False)
    if not isinstance(run.experiment.encoding, MultiHotEncoding):
        st.markdown(say("try.all.sequence"))
        return
    dataset = services.text_dataset(run.experiment.dataset)
    st.markdown(say("try.all.about", texts=f"{len(dataset.x_test):,}"))
    if not services.artifacts().exists(run.id, kept.WORD_EFFECTS):
        if not st.button(say("try.all.start"), key="try-all", icon=":material/calculate:"):
            return
        if not _work_out(run, say):
            return
    _show(run, dataset, services.artifacts().load_array(run.id, kept.WORD_EFFECTS), say)


def _work_out(run: Run, say: Language) -> bool:
    """Have it worked out, with a bar that shows how far it is; whether it was."""
    try:
        worked_out(
            lambda: services.ask(AboutWords(run.id)),
            lambda done: say("try.all.working", share=f"{done:.0%}"),
        )
    except TurningPointError as error:
        st.error(say.error(error), icon=":material/error:")
        return False
    return True


def _show(run: Run, dataset: TextDataset, table: NDArray[np.void], say: Language) -> None:
    names = class_names(run.experiment.dataset, say)
    choice, least = st.columns(2, vertical_alignment="bottom")
    label = 1
    if len(names) == 2:
        least = choice
    else:
        with choice:
            label = st.selectbox(
                say("try.all.class"),
                range(len(names)),
                index=int(np.bincount(dataset.y_test).argmax()),
                format_func=lambda each: names[each],
                key=f"try-all-class-{run.id}",
                persist_state="session",
            )
    with least:
        minimum = st.number_input(
            say("try.all.minimum"),
            1,
            len(dataset.x_test),
            default_minimum(len(dataset.x_test)),
            key=f"try-all-minimum-{run.id}",
            help=say("try.all.minimum.help"),
            persist_state="session",
        )
    unit = label if table.dtype["effect"].shape[0] > 1 else 0
    raising, lowering = strongest(table, unit, minimum=int(minimum), count=_SHOWN)
    if not raising and not lowering:
        st.markdown(say("try.all.nothing"))
        return
    words = [_word(effect, dataset, say) for effect in (*raising, *lowering)]
    picture, rows = st.columns([3, 2], gap="large")
    figure = strongest_words(raising, lowering, words, say)
    with picture:
        st.plotly_chart(
            figure,
            key="try-all-chart",
            config=chart_config(say, name=f"words-{run.id}"),
            alt=say("try.all"),
        )
    with rows:
        found = pd.DataFrame(
            {
                say("try.column.word"): words,
                say("try.column.effect"): [100 * effect.effect for effect in (*raising, *lowering)],
                say("try.column.texts"): [effect.texts for effect in (*raising, *lowering)],
            }
        )
        st.dataframe(
            found,
            hide_index=True,
            height=int(figure.layout.height),
            column_config={say("try.column.effect"): st.column_config.NumberColumn(format="%+.2f")},
        )
    sides = (names[1], names[0]) if len(names) == 2 else (names[label], say("try.other_topics"))
    st.caption(say("try.all.read", label=escaped(sides[0]), other=escaped(sides[1])))


def _word(effect: WordEffect, dataset: TextDataset, say: Language) -> str:
    if effect.number == UNKNOWN:
        return say("try.fallen_out")
    return dataset.vocabulary.word(effect.number - WORD_SHIFT)
