"""The test samples of a cell of the confusion matrix, and the one among them that is looked at closely."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.run import Run
from dashboard.run.test_result.sample import PredictedTestSet, show_sample
from dashboard.shared.controls import BESIDE, choose, step
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import brief
from dashboard.shared.samples.matrix_cell import Cell, choose_cell
from dashboard.shared.samples.sample_cards import SampleCard, open_row, opened_row, place_of, show_cards
from dashboard.shared.url_state import Property, UrlState, whole_number

_ORDERS = ("surest", "least")


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
    if opened is not None and place is None:  # another cell was chosen
        opened = None
        open_row(key, None)
    if opened is not None and place is not None:
        _step_through(rows, place, key, t)
        show_sample(run, tested, opened, names, t)
    else:
        _heading(tested.kind, cell, len(rows), names, t)
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
