"""Two networks on the same test set in full: their verdict, where they differ, and the samples that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.analysis.agreement import Disagreement, PairwiseTest, cell_change, disagreements, matrix_difference
from core.analysis.macro_f1 import RESAMPLES, MacroF1Difference, macro_f1_difference
from core.analysis.predictions import class_probabilities
from core.datasets import ImageDataset
from core.errors import DataError, StorageError
from core.run import Run
from dashboard.compare import text as words
from dashboard.compare.answers import TwoAnswers, by_certainty, disagreement_card
from dashboard.compare.curves import LETTERS
from dashboard.compare.figures import matrix_difference as difference_figure
from dashboard.compare.figures import two_answers
from dashboard.shared import run_words as decide
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.controls import choose
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.missing_data import offer_data
from dashboard.shared.samples.matrix_cell import Cell, cell_boxes, choose_number, kept_cell, matrix_chart
from dashboard.shared.samples.matrix_reader import matrix_reader, reader_data
from dashboard.shared.samples.matrix_words import change_sentence
from dashboard.shared.samples.sample_cards import SampleCard, show_cards, show_enlarged, show_numbers
from dashboard.shared.theme import run_colours, theme

_KINDS: tuple[Disagreement, ...] = ("only_first", "only_second", "both_wrong")


@dataclass(frozen=True)
class OpenPair:
    """The pair that is looked at, of so many judged together; names are escaped, warnings are what to know before."""

    pair: PairwiseTest
    pairs: int
    runs: tuple[Run, Run]
    letters: tuple[str, str]
    names: tuple[str, str]
    warnings: tuple[str, ...]

    @property
    def key(self) -> str:
        """Of what this session looks at in this pair."""
        return f"verdicts-{self.pair.first}-{self.pair.second}"


def show_pair(opened: OpenPair, t: Language) -> None:
    """Everything about one pair that was judged."""
    first, second = opened.letters
    st.markdown(f"#### {t('verdicts.pair.title', first=first, second=second)}")
    st.caption(
        " · ".join(f"**{letter}** {name}" for letter, name in zip(opened.letters, opened.names, strict=True))
    )
    if opened.warnings:
        st.warning("\n\n".join(opened.warnings), icon=":material/warning:")
    try:
        answers = _answers(opened)
    except (StorageError, DataError) as error:  # gone since the pair was judged
        st.caption(t.error(error))
        return
    names = decide.class_names(opened.runs[0].experiment.dataset, t)
    counts_side, matrix_side = st.columns([2, 3], gap="large")
    with counts_side:
        _counts(opened, answers, t)
    with matrix_side:
        _matrix(opened, names, t)
    _samples(opened, answers, names, t)


def _answers(opened: OpenPair) -> TwoAnswers:
    first, second = (services.test_probabilities(run.id) for run in opened.runs)
    return TwoAnswers.of(services.test_labels(opened.runs[0].experiment.dataset), first, second)


# An entry is a few numbers; what two runs answered never changes.
@st.cache_data(show_spinner=False, max_entries=256)
def _macro_f1(first: str, second: str, _answers: TwoAnswers) -> MacroF1Difference:
    return macro_f1_difference(_answers.labels, *_answers.predicted)


def _counts(opened: OpenPair, answers: TwoAnswers, t: Language) -> None:
    called = dict(zip((opened.pair.first, opened.pair.second), opened.letters, strict=True))
    st.markdown(words.pair_verdict(opened.pair, opened.pairs, called, t))
    counts = opened.pair.agreement
    st.table(pd.DataFrame(words.agreement_rows(counts, opened.letters, t)))
    told = [t("verdicts.agreement.about")]
    if max(int(answers.labels.max()), *(int(one.max()) for one in answers.predicted)) > 1:
        # Of two classes there is only one wrong answer.
        alike, differently = f"{counts.wrong_alike:,}", f"{counts.wrong_differently:,}"
        told.append(t("verdicts.agreement.wrong", alike=alike, differently=differently))
    st.caption(" ".join(told))
    found = _macro_f1(opened.pair.first, opened.pair.second, answers)
    st.markdown(
        words.macro_verdict(found, opened.letters, t),
        help=t("verdicts.macro.help", resamples=f"{RESAMPLES:,}"),
    )


def _matrix(opened: OpenPair, names: tuple[str, ...], t: Language) -> None:
    st.markdown(f"**{t('verdicts.matrix.title', first=opened.letters[0], second=opened.letters[1])}**")
    one, two = (run.evaluation.matrix for run in opened.runs if run.evaluation is not None)
    difference = matrix_difference(one, two)
    labels = _choose_classes(difference, t)
    said = words.largest_changes(difference, names, opened.letters, t)
    key = f"{opened.key}-cell"
    figure = difference_figure(
        one,
        two,
        names,
        opened.letters,
        t,
        labels=labels,
        chosen=kept_cell(key),
        dark=theme() == "dark",
    )
    matrix_chart(figure, key, t, name=f"difference-{opened.key}", alt=said)
    rows = [change_sentence(one, two, label, names, opened.letters, t) for label in labels]
    matrix_reader(
        reader_data(rows, (), labels, t, chart=f"{key}-chart", chosen=kept_cell(key)), key=f"{key}-reader"
    )
    st.caption(f"{said} {t('verdicts.matrix.about', first=opened.letters[0], second=opened.letters[1])}")


def _choose_classes(difference: NDArray[np.int64], t: Language) -> tuple[int, ...]:
    """Which of many classes to show: those that changed most; few in the order of their labels."""
    classes = len(difference)
    if classes <= FEW:
        return tuple(range(classes))
    return words.changed_classes(difference)[: choose_number(classes, "verdicts", t)]


# The samples


def _samples(opened: OpenPair, answers: TwoAnswers, names: tuple[str, ...], t: Language) -> None:
    st.markdown(f"**{t('verdicts.samples')}**")
    cell = cell_boxes(names, f"{opened.key}-cell", t)
    rows = by_certainty(_rows(opened, answers, cell, names, t), answers)
    if not rows:
        st.caption(t("verdicts.samples.none"))
        return

    def card(place: int) -> SampleCard:
        return disagreement_card(rows[place], answers, names, opened.letters, t)

    key = f"{opened.key}-samples"
    try:
        row = show_cards(opened.runs[0], rows, card, "test", key, t)
    except DataError:
        show_numbers(rows, card, key, t)
        offer_data(opened.runs[0].experiment.dataset, t)
        return
    if row is not None:
        _open_sample(opened, row, answers, names, t)


def _rows(
    opened: OpenPair, answers: TwoAnswers, cell: Cell | None, names: Sequence[str], t: Language
) -> NDArray[np.int64]:
    """The samples to show: of a cell, or of a way to disagree."""
    first, second = opened.letters
    if cell is None:
        # With two classes nobody can be wrong in two ways.
        kinds = _KINDS if len(names) > 2 else _KINDS[:2]
        groups = {kind: disagreements(answers.labels, *answers.predicted, kind) for kind in kinds}
        called = "verdicts.kind"
    else:
        change = cell_change(answers.labels, *answers.predicted, *cell)
        groups = {"only_second": change.only_second, "only_first": change.only_first}
        called = "verdicts.cell"
        st.caption(
            t(
                "verdicts.cell.about",
                true=names[cell[0]],
                predicted=names[cell[1]],
                both=f"{change.both:,}",
            )
        )
    largest = max(groups, key=lambda one: len(groups[one]) if cell else 0)
    kind = choose(
        t("verdicts.kind"),
        list(groups),
        lambda one: t(f"{called}.{one}", first=first, second=second, count=f"{len(groups[one]):,}"),
        key=f"{opened.key}-kind-{cell}",
        default=largest,
        labelled=False,
    )
    return groups[kind]


def _open_sample(
    opened: OpenPair, row: int, answers: TwoAnswers, names: tuple[str, ...], t: Language
) -> None:
    """One sample with both networks' probabilities."""
    dataset = services.dataset(opened.runs[0].experiment.dataset)
    card = disagreement_card(row, answers, names, opened.letters, t)
    first, second = (class_probabilities(shares[[row]])[0] for shares in answers.probabilities)
    palette = run_colours()
    colours = tuple(palette[LETTERS.index(letter) % len(palette)] for letter in opened.letters)
    figure = two_answers(
        first,
        second,
        int(answers.labels[row]),
        names,
        opened.letters,
        (colours[0], colours[1]),
        t,
    )
    with st.container(border=True):
        st.markdown(f"**{escaped(card.about)}**")
        if isinstance(dataset, ImageDataset):
            image, bars = st.columns([2, 3], gap="medium")
            with image:
                show_enlarged(dataset, "test", row, t, key=f"{opened.key}-pixels", alt=card.about)
        else:
            bars = st.container()
        with bars:
            show_chart(figure, t, key=f"{opened.key}-answers", alt=card.about, name=f"sample-{row}")
