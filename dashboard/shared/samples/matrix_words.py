"""A confusion matrix in words: as a whole, and its rows and columns one by one. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.analysis.classification import Matrix, largest_confusions
from core.analysis.confusion_reading import Flows, Part, Reading, read_column, read_row, row_change
from dashboard.shared.formats import signed
from dashboard.shared.language import Language

#: So many confusions the sentence on the whole matrix names.
_MOST = 3
_KEPT = 64


def matrix_sentence(matrix: Matrix, names: Sequence[str], t: Language) -> str:
    """The matrix in a sentence or two: how many are right, and what is confused most."""
    counts = np.asarray(matrix, dtype=np.int64)
    sizes = counts.sum(axis=1)
    said = t("confusion.told", right=f"{int(counts.trace()):,}", samples=f"{int(counts.sum()):,}")
    found = largest_confusions(matrix)[:_MOST]
    if not found:
        return f"{said} {t('confusion.none')}"
    told = [
        t(
            "confusion.told.one",
            true=names[one.true],
            predicted=names[one.predicted],
            count=f"{one.count:,}",
            size=f"{int(sizes[one.true]):,}",
        )
        for one in found
    ]
    return f"{said} {t('confusion.told.most', confusions='; '.join(told))}"


@lru_cache(maxsize=_KEPT)
def sentences(
    matrix: tuple[tuple[int, ...], ...], names: tuple[str, ...], labels: tuple[int, ...], t: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of the rows and those of the columns of some classes; a press on a cell leaves them as they are."""
    return (
        tuple(row_sentence(matrix, label, names, t) for label in labels),
        tuple(column_sentence(matrix, label, names, t) for label in labels),
    )


def row_sentence(matrix: Matrix, label: int, names: Sequence[str], t: Language) -> str:
    """Of the samples of a class: how many were found (its recall), and what the others were taken for."""
    return _said("row", read_row(matrix, label), names, t)


def column_sentence(matrix: Matrix, label: int, names: Sequence[str], t: Language) -> str:
    """Of the samples called by the name of a class: how many belong to it (its precision), and what others are."""
    return _said("column", read_column(matrix, label), names, t)


def _said(way: str, one: Reading, names: Sequence[str], t: Language) -> str:
    details = {
        "name": names[one.label],
        "total": f"{one.total:,}",
        "right": f"{one.right:,}",
        "share": f"{one.share:.1%}",
    }
    if not one.total:
        return t(f"confusion.{way}.none", **details)
    if not one.wrong:
        return t(f"confusion.{way}.all", **details)
    said = t(f"confusion.{way}.some" if one.right else f"confusion.{way}.nothing", **details)
    return f"{said} {t(f'confusion.{way}.others', others=_listed(one.others, one.rest, names, t))}"


def _listed(parts: Sequence[Part], rest: int, names: Sequence[str], t: Language) -> str:
    told = [t("confusion.part_of", name=names[part.label], count=f"{part.count:,}") for part in parts]
    if rest:
        told.append(t("confusion.part_rest", count=f"{rest:,}"))
    return ", ".join(told)


def change_sentence(
    first: Matrix, second: Matrix, label: int, names: Sequence[str], letters: tuple[str, str], t: Language
) -> str:
    """What two networks told of the samples of a class, and where the second differs most from the first."""
    found = row_change(first, second, label)
    details = {"name": names[label], "total": f"{found.total:,}", "first": letters[0], "second": letters[1]}
    if not found.total:
        return t("confusion.row.none", **details)
    said = t(
        "confusion.change",
        **details,
        first_right=f"{found.right[0]:,}",
        second_right=f"{found.right[1]:,}",
    )
    if not found.others:
        return said
    told = [
        t("confusion.change.part", name=names[part.label], count=signed(part.count, ","))
        for part in found.others
    ]
    return f"{said} {t('confusion.change.others', second=letters[1], others=', '.join(told))}"


def flow_sentence(found: Flows, names: Sequence[str], t: Language) -> str:
    """What flows from classes to answers show: how they are drawn, what is left out, and the largest mistakes."""
    least = f"{found.least:.0%}"
    said = t("confusion.flows.about", least=least)
    if found.left_out:
        said += " " + t("confusion.flows.left_out", count=f"{found.left_out:,}")
    told = [
        t(
            "confusion.flows.one",
            true=names[flow.true],
            predicted=names[flow.predicted],
            share=f"{flow.share:.1%}",
            count=f"{flow.count:,}",
        )
        for flow in found.wrong[:_MOST]
    ]
    if told:
        return f"{said} {t('confusion.flows.most', flows='; '.join(told))}"
    return said
