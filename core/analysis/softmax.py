"""From raw scores to shares: softmax and the sigmoid, safe for scores of any size.

Both divide powers of e. The largest score is taken off all others first, so that no power exceeds 1 and none
overflows; the shares are the same, for what is taken off cancels out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SoftmaxShare:
    """What softmax makes of one score."""

    score: float  # the raw score
    #: e to the power of the score, divided by the temperature, minus the largest such quotient: 0 to 1
    power: float
    share: float  # its power divided by the sum of all powers


def softmax(scores: Sequence[float], temperature: float = 1.0) -> tuple[SoftmaxShare, ...]:
    """The shares of raw scores, which sum to 1; ValueError without scores, or if the temperature is not above 0.

    Scores are divided by the temperature first: below 1 differences grow, above 1 they shrink.
    """
    if not scores or not temperature > 0:
        raise ValueError(f"{len(scores)} scores at temperature {temperature}")
    largest = max(scores)
    powers = [math.exp((score - largest) / temperature) for score in scores]
    total = math.fsum(powers)
    return tuple(
        SoftmaxShare(score, power, power / total) for score, power in zip(scores, powers, strict=True)
    )


def sigmoid(score: float) -> float:
    """1 / (1 + e^-score): any finite score becomes a number from 0 to 1."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    power = math.exp(score)
    return power / (1 + power)


def sigmoid_slope(score: float) -> float:
    """How much the sigmoid rises for each unit of the score: s (1 - s), 0.25 at most, at 0."""
    return sigmoid(score) * sigmoid(-score)
