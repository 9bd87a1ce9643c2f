"""What two networks answered to the same test samples, and where they disagree. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief
from dashboard.shared.samples.sample_cards import SampleCard


@dataclass(frozen=True, eq=False)
class TwoAnswers:
    """What two networks answered to a test set: probabilities of shape (n, units), classes of shape (n,)."""

    labels: NDArray[np.integer]
    probabilities: tuple[NDArray[np.floating], NDArray[np.floating]]
    predicted: tuple[NDArray[np.integer], NDArray[np.integer]]

    @classmethod
    def of(
        cls, labels: NDArray[np.integer], first: NDArray[np.floating], second: NDArray[np.floating]
    ) -> TwoAnswers:
        """With the classes that the probabilities lead to."""
        return cls(labels, (first, second), (predicted_classes(first), predicted_classes(second)))

    def certainties(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """How sure each network was of its own answer to these samples, 0 to 1."""
        first, second = (
            class_probabilities(shares[rows])[np.arange(len(rows)), predicted[rows]]
            for shares, predicted in zip(self.probabilities, self.predicted, strict=True)
        )
        return first, second


def by_certainty(rows: NDArray[np.int64], answers: TwoAnswers) -> list[int]:
    """These samples, the surest wrong answer first; equally sure ones in their order."""
    sure = np.zeros(len(rows))
    for certain, predicted in zip(answers.certainties(rows), answers.predicted, strict=True):
        wrong = predicted[rows] != answers.labels[rows]
        sure = np.maximum(sure, np.where(wrong, np.nan_to_num(certain), 0))
    return [int(row) for row in rows[np.argsort(-sure, kind="stable")]]


def disagreement_card(
    row: int, answers: TwoAnswers, names: Sequence[str], letters: tuple[str, str], t: Language
) -> SampleCard:
    """A sample with what it is and what each network took it for."""
    true = int(answers.labels[row])
    lines, told = [brief(names[true])], []
    for letter, predicted in zip(letters, answers.predicted, strict=True):
        taken = int(predicted[row])
        right = taken == true
        lines.append(f"{letter} {'✓' if right else brief(names[taken])}")
        told.append(f"{letter} {names[taken]}{' ✓' if right else ''}")
    about = t("verdicts.card.about", row=f"{row:,}", true=names[true], first=told[0], second=told[1])
    return SampleCard(row, tuple(lines), about)
