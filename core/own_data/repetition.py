"""What should be known of samples before anybody learns from them: equal ones, and classes of very different size."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from core.own_data.entries import finding
from core.own_data.understood import Finding

_UNEVEN = 5
"""From this many times more samples of one class than of another on, it is said."""


def repetitions(
    samples: Iterable[tuple[int, Hashable]],
    labels: NDArray[np.integer],
    for_test: NDArray[np.bool_],
    place: Callable[[int], str],
) -> list[Finding]:
    """Samples that are there more than once: within the training part, between the parts, in several classes.

    Args:
        samples: Rows with what equal samples have in common, those of the training part first.
        place: Where the sample of a row stands.
    """
    first: dict[Hashable, int] = {}
    again: dict[str, list[str]] = {"duplicates": [], "duplicates_between_parts": [], "contradictions": []}
    for row, content in samples:
        before = first.setdefault(content, row)
        if before == row:
            continue
        if not for_test[row]:
            again["duplicates"].append(place(row))
        elif not for_test[before]:
            again["duplicates_between_parts"].append(place(row))
        if labels[before] != labels[row]:
            again["contradictions"].append(place(row))
    return [finding(code, places) for code, places in again.items() if places]


def imbalance(sizes: Mapping[str, int]) -> list[Finding]:
    """Whether some class is much smaller than another: samples by the names of classes, one without any left out."""
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    most, fewest = sizes[largest], sizes[smallest]
    if not fewest or most < _UNEVEN * fewest:
        return []
    details = {"largest": largest, "smallest": smallest, "most": most, "fewest": fewest}
    return [Finding("imbalance", len(sizes), {**details, "times": round(most / fewest, 1)})]
