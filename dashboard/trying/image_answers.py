"""Decisions of the try page about images: how far one may be distorted, and what came of it. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.distortion import Kind
from core.experiment import DatasetInfo
from core.inference.questions import ImageAnswer, ImagesAnswer
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language, Message
from dashboard.trying.text_answers import decision, probability_of

KINDS: tuple[Kind, ...] = ("degrees", "noise", "right", "down")
_TURN, _TURN_STEP = 90, 5
_NOISE_STEP = 0.05
#: How far an image may be moved, as a share of its side.
_FARTHEST = 0.36


@dataclass(frozen=True)
class Strengths:
    """How strong a distortion may be.

    Attributes:
        lowest: The least; 0 or the negative of the largest.
        highest: The most.
        step: Between two of them.
    """

    lowest: float
    highest: float
    step: float

    @property
    def values(self) -> tuple[float, ...]:
        """All of them, ascending; 0 is among them."""
        first, last = round(self.lowest / self.step), round(self.highest / self.step)
        return tuple(round(place * self.step, 10) for place in range(first, last + 1))


@dataclass(frozen=True)
class StrengthCurve:
    """What a network says of an image distorted more and more.

    Attributes:
        kind: What is done to it.
        values: How strongly, ascending.
        true: The probability of the true class at each.
        others: The largest probability of any other class at each.
        decisions: The class that the network decides for at each.
    """

    kind: Kind
    values: tuple[float, ...]
    true: tuple[float, ...]
    others: tuple[float, ...]
    decisions: tuple[int, ...]


def strengths_of(kind: Kind, facts: DatasetInfo) -> Strengths:
    """How strong a distortion of an image of a data set may be."""
    if kind == "noise":
        return Strengths(0, 1, _NOISE_STEP)
    if kind == "degrees":
        return Strengths(-_TURN, _TURN, _TURN_STEP)
    farthest = round(_FARTHEST * facts.shape[0])
    return Strengths(-farthest, farthest, 1)


def each_answer(answer: ImagesAnswer) -> tuple[ImageAnswer, ...]:
    """The answers to several images as one each."""
    return tuple(ImageAnswer(probabilities, answer.epoch) for probabilities in answer.probabilities)


def strength_curve(
    kind: Kind, values: Sequence[float], answers: Sequence[ImageAnswer], label: int
) -> StrengthCurve:
    """The curve over the strength of a distortion.

    Args:
        answers: What the network said at each.
    """
    classes = max(2, len(answers[0].probabilities))
    others = [each for each in range(classes) if each != label]
    return StrengthCurve(
        kind,
        tuple(values),
        tuple(probability_of(answer, label) for answer in answers),
        tuple(max(probability_of(answer, each) for each in others) for answer in answers),
        tuple(decision(answer) for answer in answers),
    )


def how_long_right(curve: StrengthCurve, label: int, t: Language) -> Message:
    """Around no distortion at all, how far the network stays right."""
    right = [taken == label for taken in curve.decisions]
    start = curve.values.index(0)
    if not right[start]:
        count = sum(right)
        return Message("try.curve.wrong", {"count": count, "of": len(right)})
    low = high = start
    while low > 0 and right[low - 1]:
        low -= 1
    while high < len(right) - 1 and right[high + 1]:
        high += 1
    if (low, high) == (0, len(right) - 1):
        return Message("try.curve.always", {})
    details = {
        "low": strength(curve.kind, curve.values[low], t),
        "high": strength(curve.kind, curve.values[high], t),
    }
    return Message("try.curve.up_to" if curve.values[0] == 0 else "try.curve.between", details)


def strength(kind: Kind, value: float, t: Language) -> str:
    """A strength with its unit."""
    number = f"{100 * value:.0f}" if kind == "noise" else f"{value:.0f}"
    return t(f"try.strength.{kind}", value=number.replace("-", "\N{MINUS SIGN}"))


def said_of(answer: ImageAnswer, names: Sequence[str]) -> tuple[str, str]:
    """The name of the class that a network decides for, and its probability."""
    taken = decision(answer)
    return names[taken], certainty(probability_of(answer, taken)).replace(" ", "\N{NO-BREAK SPACE}")


def pixels_of(image: NDArray[np.uint8]) -> tuple[int, ...]:
    """An image as a question has it."""
    return tuple(image.ravel().tolist())
