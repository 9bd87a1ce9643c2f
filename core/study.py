"""Study and its parts: one experiment repeated and varied on purpose. Plain frozen records."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from core.errors import ExperimentError, PlanError, PresetError
from core.experiment import Experiment, FractionSplit
from core.experiment.changes import Level, changed
from core.experiment.data import MOST_FOLDS, SEED_LIMIT

MOST_RUNS = 60
"""How many runs a study may have: some minutes to hours on a small computer."""

MOST_FACTORS = 2


@dataclass(frozen=True)
class Factor:
    """A setting that is varied."""

    setting: str  # its path, as `core.experiment.changes.changed` takes it
    values: tuple[Level, ...]  # what it is set to, one after the other


@dataclass(frozen=True)
class Member:
    """One experiment of a study."""

    levels: tuple[Level, ...]  # the value of each factor
    seed: int
    fold: int | None  # which part of the samples is its validation set, from 0; None without cross-validation
    experiment: Experiment


@dataclass(frozen=True)
class Refused:
    """A member that cannot be trained."""

    levels: tuple[Level, ...]  # the value of each factor
    error: ExperimentError | PresetError


@dataclass(frozen=True)
class Plan:
    """Which experiments a study consists of: each combination of the factors' values, with each seed, on each fold.

    Raises:
        PlanError: On construction, if this is no plan.
        ExperimentError: Likewise, if the base has problems.
    """

    base: Experiment  # the experiment that is varied
    factors: tuple[Factor, ...] = ()  # at most two settings
    #: the seeds, at least one. They decide first weights, order and dropout; the split stays as it is
    seeds: tuple[int, ...] = (777,)
    #: into how many parts the samples are divided for cross-validation; 0 for the split of the base
    folds: int = 0

    def __post_init__(self) -> None:
        self.base.checked()
        settings = [factor.setting for factor in self.factors]
        if len(settings) > MOST_FACTORS:
            raise PlanError("plan_factors", received=len(settings), bound=MOST_FACTORS)
        if len(set(settings)) < len(settings):
            raise PlanError("plan_factor_twice", received=settings[0])
        for factor in self.factors:
            _check_values(factor)
        if self.size > MOST_RUNS:  # before anything is done with each of many
            raise PlanError("plan_too_large", received=self.size, bound=MOST_RUNS)
        if not self.seeds or not all(0 <= seed <= SEED_LIMIT for seed in self.seeds):
            raise PlanError("plan_seeds", received=len(self.seeds), bound=SEED_LIMIT)
        if len(set(self.seeds)) < len(self.seeds):
            twice = next(seed for seed in self.seeds if self.seeds.count(seed) > 1)
            raise PlanError("plan_value_twice", setting="seed", received=twice)
        if self.folds and not 2 <= self.folds <= MOST_FOLDS:
            raise PlanError("plan_folds", received=self.folds, bound=MOST_FOLDS)

    @property
    def size(self) -> int:
        """How many experiments there are."""
        return math.prod(len(one.values) for one in self.factors) * len(self.seeds) * max(1, self.folds)

    @property
    def cells(self) -> tuple[tuple[Level, ...], ...]:
        """All combinations of the factors' values; the single empty one without factors."""
        return tuple(itertools.product(*(factor.values for factor in self.factors)))

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Every experiment: by combination, then by fold, then by seed.

        Raises:
            ExperimentError: If one cannot be; `refused` tells all of them.
            PresetError: If the base has no setting that a factor names.
        """
        return tuple(member for levels in self.cells for member in self._members(levels))

    def label(self, member: Member) -> str:
        """What tells a member from the others, short: "64 · 0.01 · seed 2"; "" in a plan of one."""
        words = [f"{level:g}" if isinstance(level, float) else str(level) for level in member.levels]
        if member.fold is not None:
            words.append(f"fold {member.fold + 1}")  # as people count
        if len(self.seeds) > 1:
            words.append(f"seed {member.seed}")
        return " · ".join(words)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The combinations that cannot be trained, with the reasons."""
        found = []
        for levels in self.cells:
            try:
                list(self._members(levels))
            except (ExperimentError, PresetError) as error:
                found.append(Refused(levels, error))
        return tuple(found)

    def _members(self, levels: tuple[Level, ...]) -> Iterator[Member]:
        settings = (factor.setting for factor in self.factors)
        changes: dict[str, Any] = dict(zip(settings, levels, strict=True))
        for fold in range(self.folds) if self.folds else (None,):
            if fold is not None:
                changes["split"] = self._fold(fold)
            for seed in self.seeds:
                # All changes at once: what a setting needs may come from another one.
                experiment = changed(self.base, {**changes, "seed": seed}).checked()
                yield Member(levels, seed, fold, experiment)

    def _fold(self, fold: int) -> dict[str, Any]:
        """The split that keeps back one of the folds, in plain form."""
        split = self.base.split
        seed = split.seed if isinstance(split, FractionSplit) else self.base.seed
        return {"kind": "fold", "folds": self.folds, "fold": fold, "seed": seed}

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings; `Plan.from_dict` of it gives an equal plan."""
        return {
            "base": self.base.to_dict(),
            "factors": [{"setting": one.setting, "values": list(one.values)} for one in self.factors],
            "seeds": list(self.seeds),
            "folds": self.folds,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Plan:
        """The plan that `to_dict` described.

        Raises:
            PlanError: If it is none.
            ExperimentError: If its base cannot be.
        """
        factors = tuple(Factor(one["setting"], tuple(one["values"])) for one in plain["factors"])
        return cls(Experiment.from_dict(plain["base"]), factors, tuple(plain["seeds"]), plain["folds"])


@dataclass(frozen=True)
class Study:
    """A plan whose runs were queued, or found."""

    id: str  # short, unguessable, safe in a link
    title: str  # what the owner calls it; "" if nothing
    owner: str  # who began it: an opaque code for one browser, or "cli"
    created: datetime  # when (UTC)
    plan: Plan
    runs: tuple[str, ...]  # the run of each member of the plan, in that order; "" where it was deleted
    reused: frozenset[str]  # those of them that were there before, of equal experiments


def seeds_from(first: int, number: int) -> tuple[int, ...]:
    """So many seeds: the first one and those that follow, from 0 again after the last there is.

    Raises:
        PlanError: If there are none ("plan_seeds"), or more than a study may have ("plan_too_large").
    """
    if number < 1:
        raise PlanError("plan_seeds", received=number, bound=SEED_LIMIT)
    if number > MOST_RUNS:
        raise PlanError("plan_too_large", received=number, bound=MOST_RUNS)
    return tuple((first + step) % (SEED_LIMIT + 1) for step in range(number))


def _check_values(factor: Factor) -> None:
    if factor.setting in ("seed", "split", "dataset"):
        raise PlanError("plan_not_a_factor", received=factor.setting)
    if not factor.values:
        raise PlanError("plan_no_values", setting=factor.setting)
    if len(factor.values) > MOST_RUNS:
        raise PlanError("plan_too_large", received=len(factor.values), bound=MOST_RUNS)
    for value in factor.values:
        if factor.values.count(value) > 1:
            raise PlanError("plan_value_twice", setting=factor.setting, received=value)
