"""Runs that differ in nothing but their seed, and what such repeats say about two designs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, count
from typing import Literal

from core.analysis.bands import Measure, measured
from core.analysis.significance import ALPHA, PermutationTest, holm, permutation_test
from core.run import Run, RunState

#: Fewer seeds of a design say nothing about how its results scatter.
FEWEST = 3

DesignFinding = Literal["first", "second", "not_shown", "too_few"]
"""Which design has the larger mean, if that can be shown; `too_few`: so few runs could not show any difference."""


@dataclass(frozen=True)
class Repeats:
    """The runs of one experiment with different seeds."""

    runs: tuple[Run, ...]  # the finished and evaluated ones, one for each seed, by seed

    def values(self, measure: Measure) -> tuple[float, ...] | None:
        """One number of each run; None if one of them has none: the others alone would give a wrong picture."""
        found = [_exact(run) if measure == "test_accuracy" else measured(run, measure) for run in self.runs]
        known = tuple(value for value in found if value is not None)
        return known if len(known) == len(found) else None


@dataclass(frozen=True)
class DesignPair:
    """Two designs compared by their repeats."""

    first: int  # which of the groups is the first, from 0
    second: int  # which is the second
    test: PermutationTest  # how the means of what was measured differ
    p_holm: float  # its p, adjusted after Holm for all pairs of designs
    smallest_holm: float  # the smallest p that so many runs, judged so, can reach

    @property
    def finding(self) -> DesignFinding:
        """What the pair shows."""
        if self.p_holm < ALPHA:
            return "first" if self.test.difference < 0 else "second"
        return "too_few" if self.smallest_holm >= ALPHA else "not_shown"


def repeats(runs: Sequence[Run]) -> tuple[Repeats, ...]:
    """The designs that were trained with at least two seeds, in the order of their first runs.

    A second run of the same experiment and seed repeats nothing (it is the same network), so it is left out.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        plain = run.experiment.to_dict()
        del plain["seed"]
        groups.setdefault(json.dumps(plain, sort_keys=True), []).append(run)
    found = []
    for group in groups.values():
        by_seed = {
            run.experiment.seed: run
            for run in reversed(group)
            if run.state is RunState.FINISHED and run.evaluation is not None and run.evaluation.samples
        }
        if len(by_seed) > 1:
            found.append(Repeats(tuple(by_seed[seed] for seed in sorted(by_seed))))
    return tuple(found)


def compare_designs(groups: Sequence[Repeats], measure: Measure = "test_accuracy") -> tuple[DesignPair, ...]:
    """Every design against every later one that is tested on the same samples.

    Those with fewer than `FEWEST` seeds, or with a run that has no such number, are passed over.
    """
    values = [group.values(measure) for group in groups]
    pairs = [
        (one, two, first, second)
        for (one, first), (two, second) in combinations(enumerate(values), 2)
        if first is not None
        and second is not None
        and min(len(first), len(second)) >= FEWEST
        and groups[one].runs[0].experiment.test_set == groups[two].runs[0].experiment.test_set
    ]
    tests = [permutation_test(first, second) for _, _, first, second in pairs]
    adjusted = holm([test.p for test in tests])
    return tuple(
        DesignPair(one, two, test, p, min(1.0, len(pairs) * test.smallest))
        for (one, two, _, _), test, p in zip(pairs, tests, adjusted, strict=True)
    )


def seeds_needed(pairs: int = 1) -> int:
    """How many seeds of each design the test needs to be able to show a difference among so many pairs."""
    return next(seeds for seeds in count(2) if 2 * pairs / math.comb(2 * seeds, seeds) < ALPHA)


def _exact(run: Run) -> float | None:
    """The test accuracy by counting: equal counts must be equal numbers, which rounded ones need not be."""
    return None if run.evaluation is None else run.evaluation.right / run.evaluation.samples
