"""Votes and predictions of a class as figures: record in, Plotly figure out. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.classroom.ballot import Tally
from core.classroom.pooled import Pooled
from dashboard.classroom.votes.asking import LETTERS
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

#: Of the bars of each round, and of the words in them.
_LOOKS = ((colours.QUIET, colours.INK), (colours.TRAINING, "#ffffff"))
_ROW, _AROUND = 54, 76  # pixels of a choice, and of what is around them
_FEW = 15


def rounds_figure(rounds: Sequence[Tally], t: Language, *, right: int | None = None) -> go.Figure:
    """How the class voted on a question, a bar a choice and round; the right choice is marked if it is given.

    Bars are shares of those who voted in the round, so that two rounds can be compared; how many stands beside them.
    """
    choices = len(rounds[0].counts)
    names = [f"{LETTERS[place]} ✓" if place == right else LETTERS[place] for place in range(choices)]
    figure = new_figure(
        height=_AROUND + _ROW * choices,
        top=36 if len(rounds) > 1 else 8,
        showlegend=len(rounds) > 1,
        bargap=0.25,
    )
    for number, found in enumerate(rounds, start=1):
        label = t(f"votes.round.{number}")
        colour, ink = _LOOKS[number - 1 if len(rounds) > 1 else 1]
        shares = [100 * found.share(place) for place in range(choices)]
        figure.add_bar(
            orientation="h",
            x=shares,
            y=names,
            name=label,
            marker={"color": colour},
            text=[
                t("votes.bar", number=count, share=f"{share:.0f}")
                for count, share in zip(found.counts, shares, strict=True)
            ],
            textposition="auto",
            insidetextanchor="end",
            insidetextfont={"color": ink},
            hovertemplate=f"%{{y}} · {label}: %{{text}}<extra></extra>",
        )
    ticks = [0, 25, 50, 75, 100]
    words = [f"{tick}%" for tick in ticks]
    figure.layout.xaxis = {
        "range": [0, 104],
        "tickvals": ticks,
        "ticktext": words,
        "title": t("votes.axis.share"),
    }
    figure.layout.yaxis = {"autorange": "reversed", "tickfont": {"size": 16}}
    return figure


def said_rounds(rounds: Sequence[Tally], t: Language, *, right: int | None = None) -> str:
    """The figure in words, for those who do not see it."""
    parts = []
    for number, found in enumerate(rounds, start=1):
        counts = ", ".join(f"{LETTERS[place]} {count}" for place, count in enumerate(found.counts))
        parts.append(t("votes.said.round", round=t(f"votes.round.{number}"), counts=counts))
    if right is not None:
        parts.append(t("votes.said.right", letter=LETTERS[right]))
    return " ".join(parts)


def pooled_figure(found: Pooled, t: Language) -> go.Figure:
    """How many students named each epoch, and of how many runs the validation loss was lowest there."""
    figure = new_figure(height=280, top=36, barmode="overlay")
    # Each over its own epoch, the truth as a narrower bar before the predictions.
    for pairs, name, colour, pattern, width in (
        (found.predicted, t("votes.pooled.predicted"), colours.PREDICTION, "", 0.8),
        (found.true, t("votes.pooled.true"), colours.TURNING_POINT, "/", 0.35),
    ):
        if pairs:
            figure.add_bar(
                x=[epoch for epoch, _ in pairs],
                y=[count for _, count in pairs],
                name=name,
                width=width,
                showlegend=True,
                marker={"color": colour, "pattern": {"shape": pattern}},
                hovertemplate=f"{t('curve.epoch')} %{{x}}: %{{y}}<extra>{name}</extra>",
            )
    figure.layout.xaxis = {
        "title": t("curve.epoch"),
        "range": [0.4, found.epochs + 0.6],
        "dtick": 1 if found.epochs <= _FEW else None,
    }
    most = max((count for _, count in (*found.predicted, *found.true)), default=1)
    figure.layout.yaxis = {
        "title": t("votes.pooled.number"),
        "dtick": 1 if most <= _FEW else None,
        "rangemode": "tozero",
    }
    return figure


def said_pooled(found: Pooled, t: Language) -> str:
    """What the figure shows, in a sentence or two."""
    if found.distance is None:
        return t("votes.pooled.no_truth", number=found.number)
    return t(
        "votes.pooled.said",
        number=found.number,
        right=found.right,
        distance=f"{found.distance:.1f}",
        true=", ".join(str(epoch) for epoch, _ in found.true),
    )
