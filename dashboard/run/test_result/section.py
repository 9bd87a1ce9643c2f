"""What a network got wrong: the confusion matrix, the samples of its cells, and the scores of each class."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.classification import (
    ClassOrder,
    classification_report,
    largest_confusions,
    ordered_classes,
    share_within,
)
from core.errors import StorageError
from core.run import Evaluation, Run
from dashboard.run.matrix_reading import show_flows, show_reader
from dashboard.run.test_result.samples import (
    PredictedTestSet,
    cell_key,
    follow_address,
    predicted_test_set,
    show_samples,
)
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW, Form
from dashboard.shared.charts.predictions import confusion
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_tables import averages_table, confusion_table, report_table
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_cell import (
    cell_boxes,
    choose_cell,
    choose_form,
    choose_number,
    kept_cell,
    matrix_chart,
)
from dashboard.shared.samples.matrix_words import matrix_sentence
from dashboard.shared.theme import table_height, theme

_ORDERS: tuple[ClassOrder, ...] = ("size", "errors", "label")
# As narrow as their headings, so that the table fits a phone.
_SCORE_PIXELS = {"precision": 78, "recall": 62, "f1": 58}
_COUNT_PIXELS = 72

#: Drawn once for all who look at the same result; nobody changes what is drawn.
_confusion = lru_cache(maxsize=64)(confusion)


def show_test_result(run: Run, t: Language) -> None:
    """Everything about the mistakes on the test set."""
    if run.evaluation is None:
        return
    names = class_names(run.experiment.dataset, t)
    _show_matrix(run, run.evaluation, names)
    report_side, confusions_side = st.columns(2, gap="large")
    with report_side:
        _report(run.evaluation, names, t)
    if len(names) > 2:
        with confusions_side:
            _confusions(run, run.evaluation, names, t)


@st.fragment
def _show_matrix(run: Run, evaluation: Evaluation, names: tuple[str, ...]) -> None:
    """The matrix and the samples of its cells; a choice in here draws only these anew."""
    t = session_language()
    try:
        found = predicted_test_set(run, t)
    except StorageError as error:
        found = t.error(error)
    if isinstance(found, PredictedTestSet):
        for note in follow_address(run, found):
            st.warning(note.said(t), icon=":material/link_off:")
    st.markdown(f"**{t('confusion.title')}**", help=t("confusion.help"))
    form, labels = _choose_matrix(evaluation, names, t)
    matrix_side = samples_side = st.container()
    if len(labels) <= FEW:
        matrix_side, samples_side = st.columns(2, gap="large")
    with matrix_side:
        _matrix(
            run, evaluation, names, t, form=form, labels=labels, clickable=isinstance(found, PredictedTestSet)
        )
    with samples_side:
        if isinstance(found, PredictedTestSet):
            show_samples(run, found, kept_cell(cell_key(run)), names)
        else:
            st.caption(found)


def _choose_matrix(
    evaluation: Evaluation, names: tuple[str, ...], t: Language
) -> tuple[Form, tuple[int, ...]]:
    """What the cells tell, and of which classes."""
    labels = tuple(range(len(names)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = "confusion-form" if len(names) > 2 else "confusion-form-2"
        form = choose_form(len(names), key, t, labelled=len(names) > FEW)
        if len(names) > FEW:
            labels = _choose_classes(evaluation, t)
    return form, labels


def _matrix(
    run: Run,
    evaluation: Evaluation,
    names: tuple[str, ...],
    t: Language,
    *,
    form: Form,
    labels: tuple[int, ...],
    clickable: bool,
) -> None:
    if len(labels) < len(names):
        within = f"{share_within(evaluation.matrix, labels):.1%}"
        st.caption(t("confusion.part", number=len(labels), classes=len(names), share=within))
    key, matrix = cell_key(run), evaluation.matrix
    name, said = f"confusion-{run.id}", matrix_sentence(matrix, names, t)
    chart = f"{key}-chart" if clickable else "confusion"
    if form == "flows":
        show_flows(matrix, names, labels, t, key=f"{chart}-flows", name=name)
    else:
        figure = _confusion(
            matrix,
            names,
            t,
            form=form,
            labels=labels,
            dark=theme() == "dark",
            clickable=clickable,
            chosen=kept_cell(key),
        )
        if clickable:
            matrix_chart(figure, key, t, name=name, alt=said)
        else:
            show_chart(figure, t, key=chart, alt=said, name=name)
    cells = "" if form == "flows" else chart
    show_reader(matrix, names, labels, t, key=f"{key}-reader", chart=cells, chosen=kept_cell(key))
    st.markdown(marked(escaped(said), t, place="confusion"))
    if clickable:
        _choose_cell(key, names, t, many=len(labels) > FEW, drawn=form != "flows")


def _choose_cell(key: str, names: tuple[str, ...], t: Language, *, many: bool, drawn: bool) -> None:
    """The ways to a cell: a press, if cells are drawn, and two boxes; and the way back to all mistakes."""
    if drawn:
        st.caption(t("confusion.press") + (f" {t('confusion.zoom')}" if many else ""))
    cell_boxes(names, key, t)
    if kept_cell(key) is not None:
        st.button(
            t("mistake.all"),
            key="samples-all",
            icon=":material/close:",
            type="tertiary",
            on_click=choose_cell,
            args=(key, None),
        )


def _choose_classes(evaluation: Evaluation, t: Language) -> tuple[int, ...]:
    """Which of many classes to show, and in which order."""
    order = st.selectbox(
        t("confusion.order"),
        _ORDERS,
        format_func=lambda one: t(f"confusion.order.{one}"),
        key="confusion-order",
        width=230,
        persist_state="session",
    )
    shown = choose_number(len(evaluation.matrix), "confusion", t)
    return ordered_classes(evaluation.matrix, order)[:shown]


def _report(evaluation: Evaluation, names: tuple[str, ...], t: Language) -> None:
    found = classification_report(evaluation.matrix)
    st.markdown(f"**{t('report.title')}**", help=t("report.help"))
    _scores(report_table(found, names, t), t)
    _scores(averages_table(found, t), t)
    about = t("report.about", accuracy=f"{found.accuracy:.2%}", samples=f"{evaluation.samples:,}")
    st.caption(marked(about, t))


def _scores(rows: pd.DataFrame, t: Language) -> None:
    columns: dict[str, Any] = {
        t(f"report.{name}"): st.column_config.NumberColumn(width=pixels, format="%.3f")
        for name, pixels in _SCORE_PIXELS.items()
    }
    columns[t("report.support")] = st.column_config.NumberColumn(width=_COUNT_PIXELS, format="localized")
    st.dataframe(rows, hide_index=True, height=table_height(rows), column_config=columns)


def _confusions(run: Run, evaluation: Evaluation, names: tuple[str, ...], t: Language) -> None:
    st.markdown(f"**{t('confusion.largest')}**")
    found = largest_confusions(evaluation.matrix)
    if not found:
        st.caption(t("confusion.none"))
        return
    rows = confusion_table(found, names, t)
    table = "confusion-table"

    def follow() -> None:
        cells = st.session_state[table].selection.cells
        if cells:
            largest = found[cells[0][0]]
            choose_cell(cell_key(run), (largest.true, largest.predicted))

    st.dataframe(
        rows,
        hide_index=True,
        key=table,
        on_select=follow,
        selection_mode="single-cell",
        height=table_height(rows),
        column_config={
            t("confusion.count"): st.column_config.NumberColumn(width=_COUNT_PIXELS, format="localized"),
            t("confusion.share"): st.column_config.NumberColumn(
                width=_COUNT_PIXELS, format="%.1f%%", help=t("confusion.share.help")
            ),
        },
    )
