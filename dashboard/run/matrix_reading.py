"""A confusion matrix read row by row and column by column, and as flows; of the test set and of any epoch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analysis.classification import Matrix
from core.analysis.confusion_reading import flows
from dashboard.run.flow_figure import flow_figure, least_share
from dashboard.shared.chart import show_chart
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.samples.matrix_cell import Cell
from dashboard.shared.samples.matrix_reader import matrix_reader, reader_data
from dashboard.shared.samples.matrix_words import flow_sentence, sentences


def show_reader(
    matrix: Matrix,
    names: Sequence[str],
    labels: Sequence[int],
    t: Language,
    *,
    key: str,
    chart: str = "",
    chosen: Cell | None,
) -> None:
    """Its rows and columns in words, gone through by arrow keys, or by pointing at a cell of a chart that has some."""
    rows, columns = sentences(tuple(map(tuple, matrix)), tuple(names), tuple(labels), t)
    matrix_reader(reader_data(rows, columns, labels, t, chart=chart, chosen=chosen), key=key)


def show_flows(
    matrix: Matrix, names: Sequence[str], labels: Sequence[int], t: Language, *, key: str, name: str
) -> None:
    """The bands from classes to answers, and what they show in words; `name` is that of a picture saved of them."""
    found = flows(matrix, labels, least_share(len(labels)))
    said = flow_sentence(found, names, t)
    show_chart(flow_figure(found, names, t), t, key=key, alt=said, name=name)
    st.caption(escaped(said))
