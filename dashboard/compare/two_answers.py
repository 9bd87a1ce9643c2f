"""What two networks answer to one sample, class by class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.shared.charts.class_names import brief
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_MOST_CLASSES = 6


def two_answers(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    true: int,
    names: Sequence[str],
    letters: tuple[str, str],
    colours: tuple[str, str],
    t: Language,
) -> go.Figure:
    """The probabilities of the classes that either network thinks of most, the largest at the top.

    Args:
        first: The first network's probability of each class, shape (classes,).
        true: The true class, which is always among those shown.
        names: The classes' names, by label.
        letters: What the two networks are called.
        colours: Of their bars; the second's are hatched too.
    """
    weight = np.maximum(first, second).astype(float)
    order = [int(label) for label in np.argsort(-weight, kind="stable")[:_MOST_CLASSES]]
    if true not in order:
        order[-1] = true
    called = [f"<b>{brief(names[label])} ✓</b>" if label == true else brief(names[label]) for label in order]
    figure = new_figure(height=110 + 44 * len(order), top=36, right=16, barmode="group", bargap=0.3)
    for shares, letter, colour, pattern in zip((first, second), letters, colours, ("", "/"), strict=True):
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
    figure.update_xaxes(
        title_text=t("verdicts.probability"),
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        range=[0, 1.03],
    )
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=called,
        range=[len(order) - 0.5, -0.5],
        showgrid=False,
    )
    return figure
