"""What is worked out of a set of texts once, for all sessions."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets.word_counts import (
    CoveragePoint,
    Lengths,
    WordCounts,
    count_words,
    coverage,
    length_histogram,
)
from dashboard.shared import services


@dataclass(frozen=True, eq=False)
class TextFacts:
    """Facts of the training texts; about 2 MB for IMDB.

    Attributes:
        counts: How often each word occurs, in which class, in how many texts.
        coverage: What each size of the vocabulary keeps.
        lengths: How long the texts are.
    """

    counts: WordCounts
    coverage: tuple[CoveragePoint, ...]
    lengths: Lengths


@st.cache_resource(show_spinner=False)
def text_facts(name: str) -> TextFacts:
    """The facts of a text set that is here; the first time 0.15 s for IMDB.

    Raises:
        DataError: If it is missing or damaged.
        TypeError: If it is no text set.
    """
    dataset = services.text_dataset(name)
    facts = dataset.facts
    counts = count_words(dataset.x_train, dataset.y_train, facts.classes, len(dataset.vocabulary))
    return TextFacts(counts, coverage(counts), length_histogram(dataset.x_train))
