"""The words with the largest effects over the whole test set, worked out when somebody first asks."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.analysis.attribution import WordEffect, default_minimum, rank_effects
from core.catalog import WORD_SHIFT
from core.datasets import TextDataset
from core.datasets.tokenization import UNKNOWN
from core.experiment import MultiHotEncoding
from core.inference.kinds.words import WordsRequest
from core.run import Run
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.ask import ask
from dashboard.shared.chart import show_chart
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import class_names
from dashboard.trying.figures import effect_bars

_SHOWN = 15


def show_global_importance(run: Run, t: Language) -> None:
    """The section below the single text."""
    st.subheader(t("try.all"), anchor=False)
    if not isinstance(run.experiment.encoding, MultiHotEncoding):
        st.markdown(t("try.all.sequence"))
        return
    dataset = services.text_dataset(run.experiment.dataset)
    st.markdown(t("try.all.about", texts=f"{len(dataset.x_test):,}"))
    if not services.artifacts().exists(run.id, artifact_names.WORD_EFFECTS):
        if not st.button(t("try.all.start"), key="try-all", icon=":material/calculate:"):
            return
        told = partial(st.error, icon=":material/error:")
        if ask(WordsRequest(run.id), t, working="try.all.working", tell=told) is None:
            return
    _show(run, dataset, services.artifacts().load_array(run.id, artifact_names.WORD_EFFECTS), t)


def _show(run: Run, dataset: TextDataset, table: NDArray[np.void], t: Language) -> None:
    names = class_names(run.experiment.dataset, t)
    label, minimum = _choices(run, dataset, names, t)
    unit = label if table.dtype["effect"].shape[0] > 1 else 0
    raising, lowering = rank_effects(table, unit, minimum=minimum, count=_SHOWN)
    effects = (*raising, *lowering)
    if not effects:
        st.markdown(t("try.all.nothing"))
        return
    words = [_word(effect, dataset, t) for effect in effects]
    figure = effect_bars(raising, lowering, words, t)
    picture, rows = st.columns([3, 2], gap="large")
    with picture:
        show_chart(figure, t, key="try-all-chart", alt=t("try.all"), name=f"words-{run.id}")
    rows.dataframe(
        pd.DataFrame(
            {
                t("try.column.word"): words,
                t("try.column.effect"): [100 * effect.effect for effect in effects],
                t("try.column.texts"): [effect.texts for effect in effects],
            }
        ),
        hide_index=True,
        height=int(figure.layout.height),
        column_config={t("try.column.effect"): st.column_config.NumberColumn(format="%+.2f")},
    )
    sides = (names[1], names[0]) if len(names) == 2 else (names[label], t("try.other_topics"))
    st.caption(t("try.all.read", label=escaped(sides[0]), other=escaped(sides[1])))


def _choices(run: Run, dataset: TextDataset, names: tuple[str, ...], t: Language) -> tuple[int, int]:
    """The class whose probability the effects are on, and in how many texts a word must stand."""
    choice, least = st.columns(2, vertical_alignment="bottom")
    label = 1
    if len(names) == 2:
        least = choice
    else:
        label = choice.selectbox(
            t("try.all.class"),
            range(len(names)),
            index=int(np.bincount(dataset.y_test).argmax()),
            format_func=lambda each: names[each],
            key=f"try-all-class-{run.id}",
            persist_state="session",
        )
    minimum = least.number_input(
        t("try.all.minimum"),
        1,
        len(dataset.x_test),
        default_minimum(len(dataset.x_test)),
        key=f"try-all-minimum-{run.id}",
        help=t("try.all.minimum.help"),
        persist_state="session",
    )
    return label, int(minimum)


def _word(effect: WordEffect, dataset: TextDataset, t: Language) -> str:
    if effect.number == UNKNOWN:
        return t("try.fallen_out")
    return dataset.vocabulary.word(effect.number - WORD_SHIFT)
