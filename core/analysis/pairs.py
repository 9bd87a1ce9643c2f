"""Each of several networks against each other on one test set, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from core.analysis.agreement import Agreement, Classes, agreement
from core.analysis.comparison import holm, mcnemar

#: Below this probability a difference counts as shown.
LEVEL = 0.05

Finding = Literal["first", "second", "not_among_all", "not_shown", "too_few", "same"]
"""What a pair shows:

- `first`, `second`: that network made fewer mistakes, more clearly than chance explains
- `not_among_all`: so it seems from this pair alone, but not when all pairs are judged together
- `not_shown`: no difference can be shown
- `too_few`: nor could one be, on whichever side the few samples were that only one got right
- `same`: no sample was got right by only one of them
"""


@dataclass(frozen=True)
class Pair:
    """Two networks on the same test samples.

    Attributes:
        first: The run of the first.
        second: The run of the second.
        agreement: Where they agree.
        p: Of the exact McNemar test.
        p_holm: The same, adjusted after Holm for all pairs that are judged together.
    """

    first: str
    second: str
    agreement: Agreement
    p: float
    p_holm: float

    @property
    def turned(self) -> Pair:
        """The same with the second network as the first."""
        return replace(self, first=self.second, second=self.first, agreement=self.agreement.turned)

    @property
    def finding(self) -> Finding:
        """What the pair shows."""
        alone = self.agreement.only_first + self.agreement.only_second
        if not alone:
            return "same"
        if self.p_holm < LEVEL:
            return "first" if self.agreement.only_first > self.agreement.only_second else "second"
        if self.p < LEVEL:
            return "not_among_all"
        return "too_few" if 2.0 ** (1 - alone) >= LEVEL else "not_shown"


def all_pairs(labels: Classes, answers: Mapping[str, Classes]) -> tuple[Pair, ...]:
    """Every network against every later one.

    Args:
        labels: True classes, shape (n,).
        answers: What each network answered to these samples, shape (n,), by its run.
    """
    right = {run: answered == labels for run, answered in answers.items()}
    names = list(combinations(answers, 2))
    tests = [mcnemar(right[first], right[second]) for first, second in names]
    adjusted = holm([test.p for test in tests])
    return tuple(
        Pair(first, second, agreement(labels, answers[first], answers[second]), test.p, p_holm)
        for (first, second), test, p_holm in zip(names, tests, adjusted, strict=True)
    )
