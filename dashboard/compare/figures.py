"""What two networks answer otherwise: the difference of their matrices, and their answers to one sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.shared.charts.class_matrix import FEW, class_matrix
from dashboard.shared.charts.template import new_figure
from dashboard.shared.formats import signed
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief

# Blue and red of diverging scales with nothing between them, so that the page shines through: words on them stay
# readable on a light and on a dark page. Signs tell the same without colour.
_FEWER, _MORE = "67,147,195", "214,96,77"
# So that a sign and two digits fit a cell on a phone.
_PIXELS, _PIXELS_OF_FEW, _FEWEST = 11, 14, 4
_MOST_CLASSES = 6


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
    `labels` are the classes to show, in this order; `chosen` is the cell with a frame, (true, predicted) by label.
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


def two_answers(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    true: int,
    names: Sequence[str],
    letters: tuple[str, str],
    palette: tuple[str, str],
    t: Language,
) -> go.Figure:
    """The probabilities of the classes that either network thinks of most, the largest at the top, and of the true one.

    Both have shape (classes,); the bars of the second are hatched too.
    """
    weight = np.maximum(first, second).astype(float)
    order = [int(label) for label in np.argsort(-weight, kind="stable")[:_MOST_CLASSES]]
    if true not in order:
        order[-1] = true
    called = [f"<b>{brief(names[label])} ✓</b>" if label == true else brief(names[label]) for label in order]
    figure = new_figure(height=110 + 44 * len(order), top=36, right=16, barmode="group", bargap=0.3)
    for shares, letter, colour, pattern in zip((first, second), letters, palette, ("", "/"), strict=True):
        figure.add_bar(
            y=list(range(len(order))),
            x=[float(shares[label]) for label in order],
            orientation="h",
            name=letter,
            marker={
                "color": colour,
                "line": {"width": 0},
                "pattern": {"shape": pattern, "size": 5, "solidity": 0.35},
            },
            customdata=[names[label] for label in order],
            hovertemplate=f"%{{customdata}}: %{{x:.1%}}<extra>{letter}</extra>",
        )
    ticks = [0, 0.25, 0.5, 0.75, 1]
    figure.layout.xaxis = {
        "title_text": t("verdicts.probability"),
        "tickformat": ".0%",
        "tickvals": ticks,
        "range": [0, 1.03],
    }
    figure.layout.yaxis = {
        "tickvals": list(range(len(order))),
        "ticktext": called,
        "range": [len(order) - 0.5, -0.5],
        "showgrid": False,
    }
    return figure
