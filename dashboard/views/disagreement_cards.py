"""Samples on which two networks disagree, with both answers. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.class_names import brief
from dashboard.language import Language
from dashboard.views.run import certainty
from dashboard.views.sample_cards import SampleCard

Two = tuple[NDArray[np.uint8], NDArray[np.uint8]]
Probabilities = tuple[NDArray[np.floating], NDArray[np.floating]]


def by_certainty(
    rows: NDArray[np.int64], labels: NDArray[np.uint8], answers: Two, probabilities: Probabilities
) -> list[int]:
    """These samples, the surest wrong answer first; equally sure ones in their order.

    Args:
        rows: Where they stand in the test set.
        labels: True classes of the test set, shape (n,).
        answers: What each network answered, shape (n,).
        probabilities: How sure it was of each class, shape (n, classes).
    """
    sure = np.zeros(len(rows))
    for answered, shares in zip(answers, probabilities, strict=True):
        of_answer = shares[rows, answered[rows]].astype(float)
        wrong = answered[rows] != labels[rows]
        sure = np.maximum(sure, np.where(wrong, np.nan_to_num(of_answer), 0))
    return [int(row) for row in rows[np.argsort(-sure, kind="stable")]]


def disagreement_card(
    row: int,
    labels: NDArray[np.uint8],
    answers: Two,
    probabilities: Probabilities | None,
    names: Sequence[str],
    letters: tuple[str, str],
    say: Language,
) -> SampleCard:
    """A sample with what it is and what each network took it for.

    Args:
        row: Where it stands in the test set.
        labels: True classes, shape (n,).
        answers: What each network answered, shape (n,).
        probabilities: How sure each was, shape (n, classes); None leaves it out.
        names: The classes' names, by label.
        letters: What the networks are called.
        say: The language.
    """
    true = int(labels[row])
    short, told = [], []
    for place, (letter, answered) in enumerate(zip(letters, answers, strict=True)):
        taken = int(answered[row])
        right = taken == true
        short.append(f"{letter} {'✓' if right else brief(names[taken])}")
        sure = "" if probabilities is None else f" {certainty(float(probabilities[place][row, taken]))}"
        told.append(f"{letter} {names[taken]}{' ✓' if right else ''}{sure}")
    about = say("verdicts.card.about", row=f"{row:,}", true=names[true], first=told[0], second=told[1])
    return SampleCard(row, (brief(names[true]), " · ".join(short)), about)
