"""All texts together on the data page: how long they are, which words they use, which words tell their class."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets.exploration import class_counts
from core.datasets.word_counts import (
    CoveragePoint,
    LengthHistogram,
    WordCounts,
    count_words,
    coverage,
    frequent,
    length_histogram,
    typical,
)
from dashboard.data import figures
from dashboard.data.text import class_name
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped

_SKIPS = (0, 10, 20, 50, 100, 200, 500, 1_000)
_WORDS = 15
_TWO = 2


@dataclass(frozen=True, eq=False)
class TextFacts:
    """What is worked out of the training texts once, for all sessions; about 2 MB for IMDB."""

    counts: WordCounts
    coverage: tuple[CoveragePoint, ...]
    lengths: LengthHistogram


def text_facts(name: str) -> TextFacts:
    """The facts of a text set that is here; the first time 0.15 s for IMDB."""
    services.text_dataset(name)  # refuses each time whoever may not look into it
    return _text_facts(name)


@st.cache_resource(show_spinner=False)
def _text_facts(name: str) -> TextFacts:
    dataset = services.text_dataset(name)
    facts = dataset.facts
    counts = count_words(dataset.x_train, dataset.y_train, facts.classes, len(dataset.vocabulary))
    return TextFacts(counts, coverage(counts), length_histogram(dataset.x_train))


def show_lengths(name: str, t: Language) -> None:
    """How long the training texts are."""
    found = text_facts(name).lengths
    about, chart = st.columns([1, 2], gap="large")
    with about:
        st.markdown(marked(t("data.lengths.about"), t))
        st.markdown(
            t(
                "data.lengths.numbers",
                mean=f"{found.mean:,.1f}",
                median=f"{found.median:,.0f}",
                shortest=f"{found.shortest:,}",
                longest=f"{found.longest:,}",
            )
        )
    with chart:
        show_chart(figures.lengths(found, t), t, key="data-lengths", alt=None)


def show_words(name: str, names: tuple[str, ...], t: Language) -> None:
    """Which words are frequent, and which ones tell the classes apart."""
    dataset, counts = services.text_dataset(name), text_facts(name).counts
    st.subheader(t("data.words"))
    st.markdown(marked(t("data.words.about"), t))
    often, *telling = st.columns(3, gap="medium")
    with often.container(border=True, height="stretch"):
        st.markdown(f"**{t('data.frequent')}**")
        skip = st.select_slider(
            t("data.frequent.skip"),
            [skip for skip in _SKIPS if skip < len(dataset.vocabulary) // _TWO],
            format_func=lambda each: f"{each:,}",
            key=f"data-frequent-skip-{name}",
            persist_state="session",
        )
        found = frequent(counts, dataset.vocabulary, _WORDS, skip=int(skip))
        show_chart(figures.frequent_words(found, t), t, key="data-frequent", alt=None)
        st.caption(t("data.frequent.about.own" if dataset.facts.own else "data.frequent.about"))
    largest = sorted(class_counts(dataset), key=lambda count: -count.train)
    begin = [0, 1] if len(names) == _TWO else [count.label for count in largest[:_TWO]]
    for place, (column, label) in enumerate(zip(telling, begin, strict=True)):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{t('data.typical')}**")
            chosen = st.selectbox(
                t("data.class"),
                range(len(names)),
                index=label,
                format_func=lambda one: class_name(one, names[one]),
                key=f"data-typical-{name}-{place}",
                persist_state="session",
            )
            told = typical(counts, dataset.vocabulary, int(chosen), _WORDS)
            show_chart(figures.typical_words(told, t), t, key=f"data-typical-{place}", alt=None)
            st.caption(t("data.typical.about", name=escaped(names[int(chosen)])))
