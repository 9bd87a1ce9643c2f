"""What a network got wrong: the confusion matrix, the scores of each class, and the surest mistakes to read."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis.classification import report
from core.analysis.confusions import (
    ClassOrder,
    Confusion,
    largest_confusions,
    ordered_classes,
    share_within,
)
from core.analysis.mistakes import Mistake, surest_mistakes
from core.datasets import TextDataset
from core.datasets.reading import Reading, read
from core.errors import DataError, StorageError
from core.experiment import Encoding, PaddedEncoding
from core.run import Evaluation, Run
from core.training import kept
from dashboard import services
from dashboard.figures.chart_config import chart_config
from dashboard.figures.confusion import Form, confusion
from dashboard.figures.matrix_axes import FEW
from dashboard.figures.tables import averages_table, confusion_table, report_table
from dashboard.language import Language, session_language
from dashboard.markdown import escaped
from dashboard.views import run as decide
from dashboard.views.data import DATASET
from dashboard.views.excerpt_html import excerpt_html
from dashboard.views.table_height import table_height
from dashboard.views.text_place import PART, ROW

_FORMS: tuple[Form, ...] = ("shares", "counts", "mistakes")
_ORDERS: tuple[ClassOrder, ...] = ("size", "errors", "label")
_SOME = 24
_TEXTS_A_PAGE = 5
# As narrow as their headings, so that the table fits a phone.
_SCORE_PIXELS = {"precision": 78, "recall": 62, "f1": 58}
_COUNT_PIXELS = 72


def show_mistakes(run: Run, evaluation: Evaluation) -> None:
    """Everything about the mistakes on the test set."""
    _show_matrix(run, evaluation)
    if run.experiment.facts.kind == "text":
        _show_texts(run, evaluation)


@st.fragment
def _show_matrix(run: Run, evaluation: Evaluation) -> None:
    say = session_language()
    names = decide.class_names(run.experiment.dataset, say)
    if len(names) > FEW:
        _matrix(run, evaluation, names, say)
        report_side, confusions_side = st.columns(2, gap="large")
    else:
        matrix_side, report_side = st.columns(2, gap="large")
        with matrix_side:
            _matrix(run, evaluation, names, say)
        confusions_side = matrix_side
    with report_side:
        _report(evaluation, names, say)
    if len(names) > 2:
        with confusions_side:
            _confusions(evaluation, names, say)


def _matrix(run: Run, evaluation: Evaluation, names: tuple[str, ...], say: Language) -> None:
    st.markdown(f"**{say('confusion.title')}**", help=say("confusion.help"))
    labels = tuple(range(len(names)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = st.segmented_control(
            say("confusion.form"),
            _FORMS if len(names) > 2 else _FORMS[:2],
            default="shares",
            required=True,
            format_func=lambda one: say(f"confusion.{one}"),
            key="confusion-form" if len(names) > 2 else "confusion-form-2",
            label_visibility="visible" if len(names) > FEW else "collapsed",
            persist_state="session",
        )
        if len(names) > FEW:
            labels = _choose_classes(evaluation, say)
    if len(labels) < len(names):
        within = f"{share_within(evaluation.matrix, labels):.1%}"
        st.caption(say("confusion.part", number=len(labels), classes=len(names), share=within))
    st.plotly_chart(
        confusion(
            evaluation.matrix,
            names,
            say,
            form=form or "shares",
            labels=labels,
            dark=st.context.theme.type == "dark",
        ),
        key="confusion",
        config=chart_config(say, name=f"confusion-{run.id}"),
        alt=say("confusion.title"),
    )
    if len(labels) > FEW:
        st.caption(say("confusion.zoom"))


def _choose_classes(evaluation: Evaluation, say: Language) -> tuple[int, ...]:
    """Which of many classes to show, and in which order."""
    classes = len(evaluation.matrix)
    order = st.selectbox(
        say("confusion.order"),
        _ORDERS,
        format_func=lambda one: say(f"confusion.order.{one}"),
        key="confusion-order",
        width=230,
        persist_state="session",
    )
    numbers = [*(number for number in (FEW, _SOME) if number < classes), classes]
    shown = st.segmented_control(
        say("confusion.shown"),
        numbers,
        default=FEW,
        required=True,
        format_func=lambda number: say(
            "confusion.shown.all" if number == classes else "confusion.shown.first", number=number
        ),
        key=f"confusion-shown-{classes}",
        persist_state="session",
    )
    return ordered_classes(evaluation.matrix, order)[: shown or FEW]


def _report(evaluation: Evaluation, names: tuple[str, ...], say: Language) -> None:
    found = report(evaluation.matrix)
    st.markdown(f"**{say('report.title')}**", help=say("report.help"))
    _scores(report_table(found, names, say), say)
    _scores(averages_table(found, say), say)
    st.caption(say("report.about", accuracy=f"{found.accuracy:.2%}", samples=f"{evaluation.samples:,}"))


def _scores(rows: pd.DataFrame, say: Language) -> None:
    columns: dict[str, Any] = {
        say(f"report.{name}"): st.column_config.NumberColumn(width=pixels, format="%.3f")
        for name, pixels in _SCORE_PIXELS.items()
    }
    columns[say("report.support")] = st.column_config.NumberColumn(width=_COUNT_PIXELS, format="localized")
    st.dataframe(rows, hide_index=True, height=table_height(rows), column_config=columns)


def _confusions(evaluation: Evaluation, names: tuple[str, ...], say: Language) -> None:
    st.markdown(f"**{say('confusion.largest')}**")
    found = largest_confusions(evaluation.matrix)
    if not found:
        st.caption(say("confusion.none"))
        return
    rows = confusion_table(found, names, say)
    st.dataframe(
        rows,
        hide_index=True,
        height=table_height(rows),
        column_config={
            say("confusion.count"): st.column_config.NumberColumn(width=_COUNT_PIXELS, format="localized"),
            say("confusion.share"): st.column_config.NumberColumn(
                width=_COUNT_PIXELS, format="%.1f %%", help=say("confusion.share.help")
            ),
        },
    )


@st.fragment
def _show_texts(run: Run, evaluation: Evaluation) -> None:
    say = session_language()
    st.subheader(say("mistake.title"), anchor=False)
    try:
        dataset = services.dataset(run.experiment.dataset)
        probabilities = services.artifacts().load_array(run.id, kept.TEST_PROBABILITIES)
    except DataError:
        st.caption(
            say("mistake.data_missing", dataset=say(f"option.dataset.{run.experiment.dataset}")),
        )
        return
    except StorageError as error:
        st.caption(say.error(error))
        return
    if not isinstance(dataset, TextDataset) or len(probabilities) != len(dataset.y_test):
        st.caption(say("mistake.other_data"))
        return
    st.caption(say("mistake.about"))
    names = decide.class_names(run.experiment.dataset, say)
    pair = _choose_pair(run, evaluation, names, say)
    found = surest_mistakes(probabilities, dataset.y_test, pair)
    if not found:
        st.caption(say("mistake.none"))
        return
    pages = math.ceil(len(found) / _TEXTS_A_PAGE)
    key = f"mistakes-page-{run.id}-{pair}"
    first = (min(pages, int(st.session_state.get(key) or 1)) - 1) * _TEXTS_A_PAGE
    for mistake in found[first : first + _TEXTS_A_PAGE]:
        with st.container(border=True):
            _text(run, mistake, dataset, names, say)
    if pages > 1:
        st.pagination(pages, key=key)


def _choose_pair(
    run: Run, evaluation: Evaluation, names: tuple[str, ...], say: Language
) -> tuple[int, int] | None:
    """Which mistakes to read: all, or one class taken for one other."""
    pairs = largest_confusions(evaluation.matrix)
    everything = sum(one.count for one in pairs)

    def told(pair: Confusion | None) -> str:
        if pair is None:
            return say("mistake.pair.all", count=f"{everything:,}")
        return say(
            "mistake.pair.one",
            true=names[pair.true],
            predicted=names[pair.predicted],
            count=f"{pair.count:,}",
        )

    chosen = st.selectbox(
        say("mistake.pair"), (None, *pairs), format_func=told, key=f"mistakes-pair-{run.id}", width=420
    )
    return None if chosen is None else (chosen.true, chosen.predicted)


def _text(run: Run, mistake: Mistake, dataset: TextDataset, names: tuple[str, ...], say: Language) -> None:
    encoding = run.experiment.encoding
    reading = read(dataset, "test", mistake.row, getattr(encoding, "num_words", None))
    st.markdown(
        say(
            "mistake.line",
            true=escaped(names[mistake.true]),
            predicted=escaped(names[mistake.predicted]),
            probability=decide.certainty(mistake.probability),
        )
    )
    st.html(excerpt_html(reading, say))
    facts = [say("mistake.row", row=mistake.row, words=f"{len(reading.words):,}")]
    if len(names) > 2:
        facts.append(say("mistake.of_true", probability=decide.certainty(mistake.of_true)))
    cut = _cut(reading, encoding, say)
    st.caption(" · ".join([*facts, *([cut] if cut else [])]))
    with st.container(horizontal=True):
        st.page_link(
            "pages/try.py",
            label=say("mistake.try"),
            icon=":material/edit_note:",
            query_params={"run": run.id, PART: "test", ROW: str(mistake.row)},
            width="content",
        )
        st.page_link(
            "pages/data.py",
            label=say("mistake.read"),
            icon=":material/menu_book:",
            query_params={DATASET: dataset.name, PART: "test", ROW: str(mistake.row)},
            width="content",
        )


def _cut(reading: Reading, encoding: Encoding, say: Language) -> str:
    """Which part of a long text the network got; "" if all."""
    count = len(reading.tokens)
    if not isinstance(encoding, PaddedEncoding) or count <= encoding.length:
        return ""
    return say(f"mistake.cut.{encoding.cut}", length=encoding.length, count=f"{count:,}")
