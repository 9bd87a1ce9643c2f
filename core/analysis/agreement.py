"""Where networks agree on the samples of one test set, where they do not, and what each pair of them shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.analysis.significance import ALPHA, holm, mcnemar

Classes = NDArray[np.integer]

Disagreement = Literal["only_first", "only_second", "both_wrong"]
"""Only the first was right; only the second was; both were wrong, each in another way."""


@dataclass(frozen=True)
class Agreement:
    """How many samples two networks got right and wrong together and alone; the five add up to all."""

    both_right: int  # both were right
    only_first: int  # only the first was right
    only_second: int  # only the second was right
    wrong_alike: int  # both took it for the same wrong class
    wrong_differently: int  # both were wrong, each in another way

    @property
    def samples(self) -> int:
        """All samples."""
        return self.both_right + self.first_wrong + self.only_first

    @property
    def first_wrong(self) -> int:
        """Mistakes of the first network."""
        return self.only_second + self.wrong_alike + self.wrong_differently

    @property
    def second_wrong(self) -> int:
        """Mistakes of the second network."""
        return self.only_first + self.wrong_alike + self.wrong_differently

    @property
    def turned(self) -> Agreement:
        """The same with the second network as the first."""
        return replace(self, only_first=self.only_second, only_second=self.only_first)


@dataclass(frozen=True)
class CellChange:
    """What two networks answered to the samples of one class, seen from one cell of the confusion matrix."""

    #: the samples that only the first network answered so: their rows in the test set
    only_first: NDArray[np.int64]
    only_second: NDArray[np.int64]  # those that only the second answered so
    both: int  # how many both answered so


def agreement(labels: Classes, first: Classes, second: Classes) -> Agreement:
    """Count where two networks agree, all classes (n,); ValueError if there are not as many of each."""
    if not labels.shape == first.shape == second.shape:
        raise ValueError(f"{labels.shape}, {first.shape} and {second.shape} are not the same samples")
    one, two, same = first == labels, second == labels, first == second
    return Agreement(
        both_right=int(np.sum(one & two)),
        only_first=int(np.sum(one & ~two)),
        only_second=int(np.sum(two & ~one)),
        wrong_alike=int(np.sum(~one & same)),
        wrong_differently=int(np.sum(~one & ~two & ~same)),
    )


def disagreements(labels: Classes, first: Classes, second: Classes, kind: Disagreement) -> NDArray[np.int64]:
    """The rows of the samples on which two networks disagree in one way, in their order; int64."""
    one, two = first == labels, second == labels
    wanted = {
        "only_first": one & ~two,
        "only_second": two & ~one,
        "both_wrong": ~one & ~two & (first != second),
    }
    return np.flatnonzero(wanted[kind]).astype(np.int64)


def cell_change(labels: Classes, first: Classes, second: Classes, true: int, predicted: int) -> CellChange:
    """Who answered one class to the samples of one class; on the diagonal that is who was right."""
    one, two = (labels == true) & (first == predicted), (labels == true) & (second == predicted)
    return CellChange(np.flatnonzero(one & ~two), np.flatnonzero(two & ~one), int(np.sum(one & two)))


def matrix_difference(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """The second confusion matrix minus the first, int64 (classes, classes); each row adds up to 0.

    ValueError if a class differs in its number of samples: then they are not of the same test set.
    """
    one, two = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if one.shape != two.shape or (one.sum(axis=1) != two.sum(axis=1)).any():
        raise ValueError("the matrices are not of the same test set")
    return two - one


Finding = Literal["first", "second", "not_among_all", "not_shown", "too_few", "same"]
"""What a pair shows:

- `first`, `second`: that network made fewer mistakes, more clearly than chance explains
- `not_among_all`: so it seems from this pair alone, but not when all pairs are judged together
- `not_shown`: no difference can be shown
- `too_few`: nor could one be, on whichever side the few samples were that only one got right
- `same`: no sample was got right by only one of them
"""


@dataclass(frozen=True)
class PairwiseTest:
    """Two networks on the same test samples."""

    first: str  # the run of the first
    second: str  # the run of the second
    agreement: Agreement  # where they agree
    p: float  # of the exact McNemar test
    p_holm: float  # the same, adjusted after Holm for all pairs that are judged together

    @property
    def turned(self) -> PairwiseTest:
        """The same with the second network as the first."""
        return replace(self, first=self.second, second=self.first, agreement=self.agreement.turned)

    @property
    def finding(self) -> Finding:
        """What the pair shows."""
        alone = self.agreement.only_first + self.agreement.only_second
        if not alone:
            return "same"
        if self.p_holm < ALPHA:
            return "first" if self.agreement.only_first > self.agreement.only_second else "second"
        if self.p < ALPHA:
            return "not_among_all"
        return "too_few" if 2.0 ** (1 - alone) >= ALPHA else "not_shown"


def pairwise_tests(labels: Classes, answers: Mapping[str, Classes]) -> tuple[PairwiseTest, ...]:
    """Every network against every later one: true classes (n,), and by run what it answered to these samples, (n,)."""
    right = {run: answered == labels for run, answered in answers.items()}
    names = list(combinations(answers, 2))
    tests = [mcnemar(right[first], right[second]) for first, second in names]
    adjusted = holm([test.p for test in tests])
    return tuple(
        PairwiseTest(first, second, agreement(labels, answers[first], answers[second]), test.p, p_holm)
        for (first, second), test, p_holm in zip(names, tests, adjusted, strict=True)
    )
