"""Where one network answers otherwise than another: the difference of their confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.shared.charts.class_matrix import FEW, class_matrix
from dashboard.shared.formats import signed
from dashboard.shared.language import Language

# Blue and red of figures/diverging.py with nothing between them, so that the page shines through: words on them
# stay readable on a light and on a dark page. Signs tell the same without colour.
_FEWER, _MORE = "67,147,195", "214,96,77"
# So that a sign and two digits fit a cell on a phone.
_PIXELS, _PIXELS_OF_FEW, _FEWEST = 11, 14, 4


def matrix_difference(
    first: Sequence[Sequence[int]],
    second: Sequence[Sequence[int]],
    names: Sequence[str],
    letters: tuple[str, str],
    t: Language,
    *,
    labels: Sequence[int] | None = None,
    chosen: tuple[int, int] | None = None,
    dark: bool = False,
) -> go.Figure:
    """The second confusion matrix minus the first: true classes as rows, predicted ones as columns.

    On the diagonal more is better, elsewhere it is worse. Differences of many classes are coloured by the logarithm, so
    that small ones show beside large ones. Its facts, as `class_matrix` has them, are both counts and the difference.

    Args:
        first: Counts of the first network, `first[true][predicted]`.
        second: Those of the second on the same test set.
        names: The classes' names, by label.
        letters: What the two networks are called.
        labels: The classes to show, in this order; all by label without it.
        chosen: The cell with a frame: (true, predicted) by label.
        dark: Whether the page behind it is dark.
    """
    shown = list(range(len(names))) if labels is None else list(labels)
    part = np.ix_(shown, shown)
    one, two = (np.asarray(matrix, dtype=np.int64)[part] for matrix in (first, second))
    difference = two - one
    few = len(shown) <= FEW
    values = difference if few else np.sign(difference) * np.log1p(np.abs(difference))
    largest = max(1.0, float(np.abs(values).max(initial=0)))
    strength = 0.72 if few else 1
    return class_matrix(
        {
            "z": values,
            "zmin": -largest,
            "zmax": largest,
            "colorscale": [
                [0, f"rgba({_FEWER},{strength})"],
                [0.5, f"rgba({_FEWER},0)"],
                [0.5, f"rgba({_MORE},0)"],
                [1, f"rgba({_MORE},{strength})"],
            ],
        },
        np.dstack([one, two, difference]),
        [[signed(value, ",", zero="") for value in row] for row in difference.tolist()] if few else (),
        names,
        shown,
        t,
        formats=(",", ",", "+,"),
        hover=lambda first_count, second_count, change: t(
            "verdicts.matrix.hover",
            first=letters[0],
            second=letters[1],
            first_count=first_count,
            second_count=second_count,
            difference=change,
        ),
        pressable=True,
        chosen=chosen,
        dark=dark,
        pixels=_PIXELS_OF_FEW if len(shown) <= _FEWEST else _PIXELS,
    )
