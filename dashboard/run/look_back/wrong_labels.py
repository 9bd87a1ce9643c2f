"""When wrong labels were learned by heart: the answers to training samples that are labelled wrongly on purpose."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.analysis.memorization import (
    LabelHistory,
    LabelShares,
    label_shares,
    memorization,
    memorized_since,
)
from core.analysis.turning_point import Turn, turning_point_of
from core.errors import StorageError
from core.experiment import GivenLabels
from core.run import Run
from core.training.watched_samples import load_watched
from dashboard.run.look_back import figures, text
from dashboard.run.look_back.opening import is_narrow, open_one, show_course
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.run_words import class_names, label_note
from dashboard.shared.samples.sample_cards import SampleCard
from dashboard.shared.theme import table_height

_KEY = "lookback-labels"


def show_wrong_labels(run: Run, t: Language) -> bool:
    """Everything about them; whether there is anything, as there is only where labels are wrong on purpose."""
    if isinstance(run.experiment.labels, GivenLabels):
        return False
    try:
        history = kept_labels(run)
    except StorageError as error:
        st.caption(t.error(error))
        return True
    if history is None:
        if label_note(run.experiment, t) is None:
            return False
        st.caption(t("lookback.labels.missing"))
        return True
    _show(run, history)
    return True


def kept_labels(run: Run) -> LabelHistory | None:
    """What was kept of a run that is over; read once for all sessions. Raises as `load_watched`."""
    return _kept(run.id, len(run.epochs), run)


# An entry is five bytes for each sample and epoch: at most half a megabyte.
@st.cache_resource(show_spinner=False, max_entries=8)
def _kept(run_id: str, epochs: int, _run: Run) -> LabelHistory | None:
    return load_watched(services.artifacts(), _run)


@st.fragment
def _show(run: Run, history: LabelHistory) -> None:
    t = session_language()
    turn, shares = turning_point_of(run).loss, label_shares(history)
    found = memorization(history, shares)
    sentences = [one.said(t) for one in text.labels_sentences(run.experiment, history, shares, found, turn)]
    st.subheader(t("lookback.labels.title"), anchor=False, help=t("lookback.labels.help"))
    chart_side, words_side = st.columns([3, 2], gap="large")
    with chart_side:
        show_chart(
            figures.labels_learned(history.epochs, shares, turn, t),
            t,
            key="lookback-labels-curves",
            alt=f"{t('lookback.labels.title')}. {' '.join(sentences).replace('**', '')}",
            name=f"labels-{run.id}",
        )
    with words_side:
        for sentence in sentences:
            st.markdown(marked(sentence, t))
    with st.expander(t("lookback.labels.numbers")):
        _numbers(history.epochs, shares, t)
    _show_samples(run, history, turn, t)


def _numbers(epochs: tuple[int, ...], shares: LabelShares, t: Language) -> None:
    columns = {t("curve.epoch"): list(epochs)}
    for name in figures.LABEL_CURVES:
        values: NDArray[np.float64] | None = getattr(shares, name)
        if values is not None:
            columns[t(f"lookback.labels.curve.{name}")] = (100 * values).tolist()
    rows = pd.DataFrame(columns)
    percent = st.column_config.NumberColumn(format="%.1f %%")
    st.dataframe(
        rows,
        hide_index=True,
        height=table_height(rows),
        column_config=dict.fromkeys(rows.columns[1:], percent),
    )


def _show_samples(run: Run, history: LabelHistory, turn: Turn, t: Language) -> None:
    """The wrongly labelled samples by what became of them, each to be opened."""
    names, since = class_names(run.experiment.dataset, t), memorized_since(history)
    members = text.label_fates(history, since)
    fate = choose(
        t("lookback.labels.which"),
        tuple(members),
        lambda one: t(f"lookback.labels.which.{one}", count=f"{len(members[one]):,}"),
        key=f"{_KEY}-which",
    )
    key, shown = f"{_KEY}-{fate}", members[fate]
    if fate == "by_heart" and len(shown):
        st.caption(t("lookback.labels.which.about"))
    rows, narrow = history.samples["row"], is_narrow(run)

    def card(sample: int) -> SampleCard:
        return text.label_card(history, sample, since, names, t, narrow=narrow)

    sample = open_one(run, rows, shown, card, key, t, hint="lookback.labels.open")
    if sample is not None:
        sentence = text.label_course(history, sample, since, names).said(t)
        figure = figures.label_course(history, sample, names, turn, t)
        show_course(sentence, figure, int(rows[sample]), key, t)
