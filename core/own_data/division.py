"""Which of the samples that were found are for training and which for testing, and in which order they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.own_data.choices import Choices
from core.own_data.limits import FEWEST_TRAINING

_MOST, _TEST, _ORDER = range(3)
#: Below this share of the changes of class that are there by chance, samples come class by class.
_LEAST_CHANGES = 0.25


@dataclass(frozen=True, eq=False)
class Division:
    """Rows of the samples as they were found, int64: those to learn from, and those to test with."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def divide(labels: NDArray[np.integer], given: NDArray[np.bool_] | None, choices: Choices) -> Division:
    """Divide samples as chosen: labels from 0, and which of them the files set apart for testing, None if they do not.

    Samples stay in the order of the files. Where that goes class by class, as in folders, they are shuffled, so that
    the first samples are not all of one class.

    Raises:
        DataError: If too few are left to learn from ("own_too_few"), or none to test with ("own_no_test").
    """
    rows = np.arange(len(labels), dtype=np.int64)
    if choices.most is not None and choices.most < len(rows):
        parts = labels if given is None else labels.astype(np.int64) * 2 + given
        rows = _share(rows, parts, choices.most / len(rows), [choices.seed, _MOST], rest=False)
    if given is not None and choices.given_split:
        test = rows[given[rows]]
    else:
        test = _share(rows, labels[rows], choices.test_share, [choices.seed, _TEST], rest=True)
    train = np.setdiff1d(rows, test, assume_unique=True)
    if len(train) < FEWEST_TRAINING:
        raise DataError("own_too_few", received=len(train), needed=FEWEST_TRAINING)
    if not len(test):
        raise DataError("own_no_test")
    return Division(_mixed(train, labels, choices.seed), _mixed(test, labels, choices.seed))


def needed(counts: Sequence[int], share: float) -> int:
    """How many samples in all can be divided, if those that are missing come to the rarest class each.

    Args:
        counts: How many there are of each class, none included.
        share: The share to test with.
    """
    have = list(counts)
    while True:
        tested = sum(_tested(count, share) for count in have if count)
        if tested and sum(have) - tested >= FEWEST_TRAINING:
            return sum(have)
        have[have.index(min(have))] += 1


def _tested(count: int, share: float) -> int:
    """How many of a class are for testing: at least one, but one stays behind to learn from."""
    return min(max(1, round(share * count)), count - 1)


def _share(
    rows: NDArray[np.int64], groups: NDArray[np.integer], share: float, seed: list[int], *, rest: bool
) -> NDArray[np.int64]:
    """The same share of each group, ascending, at least one of each; with `rest` one of each stays behind, too."""
    order = np.random.default_rng(seed).permutation(len(rows))
    taken = []
    for group in np.unique(groups):
        members = order[groups[order] == group]
        few = _tested(len(members), share) if rest else max(1, round(share * len(members)))
        taken.append(members[:few])
    return np.sort(rows[np.concatenate(taken)])


def _mixed(rows: NDArray[np.int64], labels: NDArray[np.integer], seed: int) -> NDArray[np.int64]:
    """Rows as they are, or shuffled if the class changes far less often from one to the next than by chance."""
    found = labels[rows].astype(np.int64)
    by_chance = (len(rows) - 1) * (1 - float(np.sum((np.bincount(found) / max(1, len(rows))) ** 2)))
    if np.count_nonzero(np.diff(found)) < _LEAST_CHANGES * by_chance:
        return rows[np.random.default_rng([seed, _ORDER]).permutation(len(rows))]
    return rows
