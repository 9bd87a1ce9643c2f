"""Two trained networks side by side: what differs in their settings, and what their test results can say.

A comparison of two runs compares two trained networks, not two designs: with other seeds both would have
come out differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from core.experiment import Experiment


@dataclass(frozen=True)
class Difference:
    """One setting that is not the same in both experiments.

    Attributes:
        setting: Its dotted name: "epochs", "layers.0.units".
        first: Its value in the first; None if it has no such setting.
        second: Its value in the second.
    """

    setting: str
    first: Any
    second: Any


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval after Wilson, all 0 to 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class McNemar:
    """The exact McNemar test on the samples that only one of two networks got right.

    Attributes:
        only_first: Samples that only the first network got right.
        only_second: Samples that only the second network got right.
        p: Two-sided probability of so uneven a division if both were equally good; 1 without disagreement.
    """

    only_first: int
    only_second: int
    p: float


def differences(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """The settings in which two experiments differ, by name."""
    one, two = dict(_flat("", first.to_dict())), dict(_flat("", second.to_dict()))
    names = [*one, *(name for name in two if name not in one)]
    return tuple(
        Difference(name, one.get(name), two.get(name)) for name in names if one.get(name) != two.get(name)
    )


def wilson(hits: int, samples: int) -> Interval:
    """The share of hits with its 95 % Wilson score interval, without continuity correction.

    Args:
        hits: Samples classified rightly.
        samples: All samples, at least 1.
    """
    interval = binomtest(hits, samples).proportion_ci(0.95, method="wilson")
    return Interval(hits / samples, float(interval.low), float(interval.high))


def mcnemar(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> McNemar:
    """Compare two networks on the same samples.

    Args:
        first_right: Whether the first network was right, shape (n,).
        second_right: Whether the second was, on the same samples in the same order.
    """
    only_first = int(np.sum(first_right & ~second_right))
    only_second = int(np.sum(second_right & ~first_right))
    together = only_first + only_second
    p = float(binomtest(only_first, together).pvalue) if together else 1.0
    return McNemar(only_first, only_second, p)


def _flat(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        pairs = [_flat(f"{name}.{key}" if name else key, inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [_flat(f"{name}.{index}", inner) for index, inner in enumerate(value)]
    else:
        return [(name, value)]
    return [pair for group in pairs for pair in group]
