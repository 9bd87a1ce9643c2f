"""The test samples of a cell of the confusion matrix, and one of them looked at closely."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis.predictions import Predictions, SamplePrediction
from core.catalog import dataset_info
from core.datasets import ImageDataset, TextDataset
from core.datasets.decoded_text import DecodedText, read
from core.errors import DataError
from core.experiment import Encoding, PaddedEncoding
from core.recorded import is_recorded
from core.run import Run
from dashboard.run.test_result.neighbours import show_neighbours
from dashboard.shared import services
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.charts.predictions import class_bars
from dashboard.shared.controls import BESIDE, choose, step
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.missing_data import missing_words, offer_data
from dashboard.shared.run_words import brief
from dashboard.shared.samples.matrix_cell import Cell, choose_cell
from dashboard.shared.samples.sample_cards import (
    SampleCard,
    open_row,
    opened_row,
    place_of,
    show_cards,
    show_enlarged,
    show_numbers,
)
from dashboard.shared.samples.sample_html import excerpt_html
from dashboard.shared.samples.text_place import DATASET, PART, ROW
from dashboard.shared.url_state import Property, UrlState, whole_number

_ORDERS = ("surest", "least")
_MANY_BARS_PIXELS = 420
#: How wide an enlarged image stands beside the rest.
_IMAGE_BESIDE = (2, 3)


@dataclass(frozen=True, eq=False)
class PredictedTestSet:
    """A test set with the answers of the network that was evaluated; without a data set where it is not here."""

    dataset: ImageDataset | TextDataset | None
    predictions: Predictions
    name: str  # of the data set

    @property
    def kind(self) -> str:
        """Whether its samples are an "image" or a "text" each."""
        return dataset_info(self.name).kind

    @property
    def form(self) -> str:
        """What is shown of a sample: an "image", the words of a "text", or an "own_text" as it was written."""
        return "own_text" if self.kind == "text" and dataset_info(self.name).own else self.kind


def predicted_test_set(run: Run, t: Language) -> PredictedTestSet | str:
    """The test samples of a run and the answers; or why there are none to be shown, in words.

    Raises StorageError if the answers were not kept, or storage does not answer.
    """
    name = run.experiment.dataset
    try:
        labels = services.test_labels(name)
    except DataError:
        return missing_words(name, t, "mistake.data_missing")
    dataset = None
    with suppress(DataError):  # then its samples go by their numbers
        dataset = services.dataset(name)
    answers = services.test_probabilities(run.id)
    if len(answers) != len(labels):
        return missing_words(name, t, "mistake.data_missing") if dataset is None else t("mistake.other_data")
    return PredictedTestSet(dataset, Predictions.of(answers, labels), name)


def cell_key(run: Run) -> str:
    """The key of the matrix of a run, for `matrix_cell`."""
    return f"cell-{run.id}"


def _key(run: Run) -> str:
    return f"samples-{run.id}"


def sample_address(samples: int) -> Property[int | None]:
    """What names a test sample in the address of a run, of so many; None where none is open."""
    last = samples - 1

    def refused(text: str) -> Message:
        return Message("sample.not_there", {"received": text, "last": f"{last:,}"})

    return Property("sample", None, whole_number(last, refused))


def follow_address(run: Run, tested: PredictedTestSet) -> tuple[Message, ...]:
    """Open the sample that the address names, and the cell it is in, if it has changed otherwise than by this page.

    To be called before the boxes of the matrix are drawn; returns why there is no such sample.
    """
    address = sample_address(len(tested.predictions.labels))
    row, notes = address.read(st.query_params)
    if UrlState(address).has_changed(run.id, row):
        open_row(_key(run), row)
        if row is not None:
            one = tested.predictions.sample(row)
            choose_cell(cell_key(run), (one.true, one.predicted))
    return notes


@st.fragment
def show_samples(run: Run, tested: PredictedTestSet, cell: Cell | None, names: tuple[str, ...]) -> None:
    """The samples of a cell, or without one all mistakes; or the one of them that is open."""
    t, key = session_language(), _key(run)
    surest = st.session_state.get(_order_key(cell), _first_order(cell)) == "surest"
    rows = tested.predictions.rows(cell, surest_first=surest)
    opened = opened_row(key)
    place = place_of(opened, rows)
    if tested.dataset is None:
        _heading("numbers", cell, len(rows), names, t)
        show_numbers(rows, lambda each: _card(int(rows[each]), tested, names, t, alone=False), key, t)
        offer_data(tested.name, t)
        _write_address(run, tested, None)
        return
    if opened is not None and place is None:  # another cell was chosen
        opened = None
        open_row(key, None)
    if opened is not None and place is not None:
        _step_through(rows, place, key, t)
        _show_sample(run, tested, tested.dataset, opened, names, t)
    else:
        _heading(tested.form, cell, len(rows), names, t)
        show_cards(
            run,
            rows,
            lambda each: _card(int(rows[each]), tested, names, t, alone=cell is not None),
            "test",
            key,
            t,
        )
    _write_address(run, tested, opened)


def _order_key(cell: Cell | None) -> str:
    return "samples-order-right" if _is_right(cell) else "samples-order-wrong"


def _is_right(cell: Cell | None) -> bool:
    return cell is not None and cell[0] == cell[1]


def _first_order(cell: Cell | None) -> str:
    """Mistakes teach most where the network was sure, right answers where it nearly erred."""
    return "least" if _is_right(cell) else "surest"


def _heading(kind: str, cell: Cell | None, count: int, names: Sequence[str], t: Language) -> None:
    """Which samples these are, and in which order."""
    about = {"count": f"{count:,}"}
    if cell is None:
        title = t("mistake.title", **about)
    else:
        true, predicted = (escaped(names[label]) for label in cell)
        title = t(
            f"mistake.cell.{'right' if _is_right(cell) else 'wrong'}", true=true, predicted=predicted, **about
        )
    st.markdown(f"**{title}**")
    if not count:
        st.caption(t("mistake.none"))
    else:
        st.caption(t(f"mistake.about.{kind}" if cell is None else f"mistake.cell.about.{kind}"))
    if count > 1:
        choose(
            t("mistake.order"),
            _ORDERS,
            lambda one: t(f"mistake.order.{one}"),
            key=_order_key(cell),
            default=_first_order(cell),
            labelled=False,
        )


def _step_through(rows: NDArray[np.int64], place: int, key: str, t: Language) -> None:
    """Back to the list, or on to the samples beside this one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("sample.back"),
            key="sample-back",
            icon=":material/apps:",
            on_click=open_row,
            args=(key, None),
        )
        step(rows, int(rows[place]), partial(open_row, key), t, key="sample", moves=BESIDE)
        st.caption(t("sample.place", place=f"{place + 1:,}", count=f"{len(rows):,}"), width="content")


def _card(
    row: int, tested: PredictedTestSet, names: Sequence[str], t: Language, *, alone: bool
) -> SampleCard:
    """What is said of a sample: under an image little, above a text more. `alone`: all are of one cell."""
    one = tested.predictions.sample(row)
    true, predicted = brief(names[one.true]), brief(names[one.predicted])
    sure = certainty(one.probability)
    about = t("sample.about", row=f"{row:,}", true=true, predicted=predicted, probability=sure)
    if tested.kind == "image":
        return SampleCard(row, (sure,) if alone else (true, f"→ {predicted}", sure), about)
    lines = [t("mistake.line", true=names[one.true], predicted=names[one.predicted], probability=sure)]
    lines.append(t("mistake.row", row=f"{row:,}"))
    if len(names) > 2 and one.true != one.predicted:
        lines.append(t("mistake.of_true", probability=certainty(one.of_true)))
    return SampleCard(row, tuple(lines), about)


def _write_address(run: Run, tested: PredictedTestSet, opened: int | None) -> None:
    """A link to what is open."""
    address = sample_address(len(tested.predictions.labels))
    address.set(opened)
    UrlState(address).remember(run.id, opened)


# One of them looked at closely


def _show_sample(
    run: Run,
    tested: PredictedTestSet,
    dataset: ImageDataset | TextDataset,
    row: int,
    names: Sequence[str],
    t: Language,
) -> None:
    """A test sample, the probabilities of all classes, and its neighbours among the training samples."""
    one = tested.predictions.sample(row)
    key = "sample.title.right" if one.true == one.predicted else "sample.title.wrong"
    title = t(key, row=f"{row:,}", true=names[one.true], predicted=names[one.predicted])
    st.markdown(f"**{escaped(title)}**")
    if isinstance(dataset, ImageDataset):
        image, bars = st.columns(_IMAGE_BESIDE)
        with image:
            show_enlarged(dataset, "test", row, t, key="sample-pixels", alt=title)
        with bars:
            _show_bars(tested, one, names, t)
    else:
        _show_text(run, dataset, row, t)
        _show_bars(tested, one, names, t)
    _show_links(run, tested, row, t)
    if not is_recorded(run.id):  # its network is asked what is near
        show_neighbours(run, dataset, one, names, t)


def _show_bars(tested: PredictedTestSet, one: SamplePrediction, names: Sequence[str], t: Language) -> None:
    probabilities = tested.predictions.probabilities[one.row]
    true, predicted = one.true, one.predicted
    certainties = [certainty(float(probability)) for probability in probabilities]
    key = "sample.said.right" if true == predicted else "sample.said.wrong"
    sentence = t(
        key,
        true=names[true],
        predicted=names[predicted],
        of_true=certainties[true],
        of_predicted=certainties[predicted],
    )
    figure = class_bars(probabilities, certainties, names, t, true=true, predicted=predicted)
    many = len(names) > FEW
    with st.container(height=_MANY_BARS_PIXELS if many else "content", border=False):
        show_chart(figure, t, key="sample-bars", alt=sentence)
    st.caption(escaped(sentence))


def _show_text(run: Run, dataset: TextDataset, row: int, t: Language) -> None:
    encoding = run.experiment.encoding
    reading = read(dataset, "test", row, run.experiment.text_encoding.num_words)
    with st.container(border=True):
        st.html(excerpt_html(reading, t))
        cut = _cut(reading, encoding, t)
        if reading.raw is None:
            words = t("sample.words", words=f"{len(reading.words):,}")
        else:
            words = t("sample.tokens", tokens=f"{len(reading.words):,}", kept=f"{reading.kept:,}")
        st.caption(f"{words} · {cut}" if cut else words)


def _show_links(run: Run, tested: PredictedTestSet, row: int, t: Language) -> None:
    """Where one can go on with this sample."""
    with st.container(horizontal=True):
        if not is_recorded(run.id):
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
                query_params={DATASET: tested.name, PART: "test", ROW: str(row)},
                width="content",
            )


def _cut(reading: DecodedText, encoding: Encoding, t: Language) -> str:
    """Which part of a long text the network got; "" if all."""
    count = len(reading.tokens)
    if not isinstance(encoding, PaddedEncoding) or count <= encoding.length:
        return ""
    return t(f"mistake.cut.{encoding.cut}", length=encoding.length, count=f"{count:,}")
