"""Runs that differ in nothing but their seed, and what such repeats say about two designs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.analysis.comparison import holm
from core.analysis.permutation import MeanDifference, mean_difference
from core.run import Run, RunState

#: Fewer seeds of a design say nothing about how its results scatter.
FEWEST = 3


@dataclass(frozen=True)
class Repeats:
    """The runs of one experiment with different seeds.

    Attributes:
        runs: The finished and evaluated ones, one for each seed, by seed.
        left_out: How many others there were: not finished or not evaluated, or of a seed that is there already.
    """

    runs: tuple[Run, ...]
    left_out: int

    @property
    def accuracies(self) -> tuple[float, ...]:
        """The test accuracy of each run, 0 to 1."""
        return tuple(run.evaluation.accuracy for run in self.runs if run.evaluation is not None)


@dataclass(frozen=True)
class DesignPair:
    """Two designs compared by their repeats.

    Attributes:
        first: Which of the groups is the first, from 0.
        second: Which is the second.
        test: Their test accuracies.
        p_holm: Its p, adjusted after Holm for all pairs of designs.
    """

    first: int
    second: int
    test: MeanDifference
    p_holm: float


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
            if run.state is RunState.FINISHED and run.evaluation is not None
        }
        if len(by_seed) > 1:
            members = tuple(by_seed[seed] for seed in sorted(by_seed))
            found.append(Repeats(members, len(group) - len(members)))
    return tuple(found)


def compare_designs(groups: Sequence[Repeats]) -> tuple[DesignPair, ...]:
    """Every design with enough seeds against every later one on the same data.

    Args:
        groups: The designs; those with fewer than `FEWEST` seeds are passed over.
    """
    able = [place for place, group in enumerate(groups) if len(group.runs) >= FEWEST]
    pairs = [
        (one, two)
        for one, two in combinations(able, 2)
        if groups[one].runs[0].experiment.dataset == groups[two].runs[0].experiment.dataset
    ]
    tests = [mean_difference(groups[one].accuracies, groups[two].accuracies) for one, two in pairs]
    adjusted = holm([test.p for test in tests])
    return tuple(
        DesignPair(one, two, test, p) for (one, two), test, p in zip(pairs, tests, adjusted, strict=True)
    )
