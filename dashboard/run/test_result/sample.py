"""One test sample looked at closely: what the network got, what it said, and what it may have been reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.analysis.predictions import Predictions, SamplePrediction
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import DecodedText, read
from core.errors import DataError
from core.experiment import Encoding, PaddedEncoding
from core.run import Run
from dashboard.run.test_result.figures import class_bars
from dashboard.run.test_result.neighbours import BESIDE, show_neighbours
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.sample_cards import show_enlarged
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.text_place import DATASET, PART, ROW

_MANY_BARS_PIXELS = 420


@dataclass(frozen=True, eq=False)
class PredictedTestSet:
    """A test set with the answers of the network that was evaluated."""

    dataset: ImageDataset | TextDataset
    predictions: Predictions

    @property
    def kind(self) -> str:
        """Whether its samples are an "image" or a "text" each."""
        return self.dataset.facts.kind


def predicted_test_set(run: Run, t: Language) -> PredictedTestSet | str:
    """The test samples of a run and the answers; or why there are none to be shown, in words.

    Raises:
        StorageError: If the answers were not kept, or storage does not answer.
    """
    name = run.experiment.dataset
    try:
        dataset = services.dataset(name)
    except DataError:
        return t("mistake.data_missing", dataset=t(f"option.dataset.{name}"))
    answers = services.test_probabilities(run.id)
    if len(answers) != len(dataset.y_test):
        return t("mistake.other_data")
    return PredictedTestSet(dataset, Predictions.of(answers, dataset.y_test))


def show_sample(run: Run, tested: PredictedTestSet, row: int, names: Sequence[str], t: Language) -> None:
    """A test sample, the probabilities of all classes, and its neighbours among the training samples."""
    one = tested.predictions.sample(row)
    key = "sample.title.right" if one.true == one.predicted else "sample.title.wrong"
    title = t(key, row=f"{row:,}", true=names[one.true], predicted=names[one.predicted])
    st.markdown(f"**{escaped(title)}**")
    if isinstance(tested.dataset, ImageDataset):
        image, bars = st.columns(BESIDE)
        with image:
            show_enlarged(tested.dataset, "test", row, t, key="sample-pixels", alt=title)
        with bars:
            _bars(tested, one, names, t)
    else:
        _text(run, tested.dataset, row, t)
        _bars(tested, one, names, t)
    _links(run, tested, row, t)
    show_neighbours(run, tested.dataset, one, names, t)


def _bars(tested: PredictedTestSet, one: SamplePrediction, names: Sequence[str], t: Language) -> None:
    probabilities = tested.predictions.probabilities[one.row]
    true, predicted = one.true, one.predicted
    told = [certainty(float(probability)) for probability in probabilities]
    key = "sample.said.right" if true == predicted else "sample.said.wrong"
    said = t(
        key, true=names[true], predicted=names[predicted], of_true=told[true], of_predicted=told[predicted]
    )
    figure = class_bars(probabilities, told, names, t, true=true, predicted=predicted)
    many = len(names) > FEW
    with st.container(height=_MANY_BARS_PIXELS if many else "content", border=False):
        show_chart(figure, t, key="sample-bars", alt=said)
    st.caption(escaped(said))


def _text(run: Run, dataset: TextDataset, row: int, t: Language) -> None:
    encoding = run.experiment.encoding
    reading = read(dataset, "test", row, run.experiment.text_encoding.num_words)
    with st.container(border=True):
        st.html(excerpt_html(reading, t))
        cut = _cut(reading, encoding, t)
        words = t("sample.words", words=f"{len(reading.words):,}")
        st.caption(f"{words} · {cut}" if cut else words)


def _links(run: Run, tested: PredictedTestSet, row: int, t: Language) -> None:
    """Where one can go on with this sample."""
    with st.container(horizontal=True):
        st.page_link(
            "trying/page.py",
            label=t(f"sample.try.{tested.kind}"),
            icon=":material/edit_note:" if tested.kind == "text" else ":material/draw:",
            query_params={"run": run.id, PART: "test", ROW: str(row)},
            width="content",
        )
        if tested.kind == "text":  # of images the data page opens none by its address
            st.page_link(
                "data/page.py",
                label=t("mistake.read"),
                icon=":material/menu_book:",
                query_params={DATASET: tested.dataset.name, PART: "test", ROW: str(row)},
                width="content",
            )


def _cut(reading: DecodedText, encoding: Encoding, t: Language) -> str:
    """Which part of a long text the network got; "" if all."""
    count = len(reading.tokens)
    if not isinstance(encoding, PaddedEncoding) or count <= encoding.length:
        return ""
    return t(f"mistake.cut.{encoding.cut}", length=encoding.length, count=f"{count:,}")
