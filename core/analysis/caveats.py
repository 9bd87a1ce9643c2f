"""What keeps a comparison of two runs from meaning what it seems to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.experiment.setting_differences import CIRCUMSTANCES, factors
from core.run import Run, RunState

CaveatCode = Literal[
    "same_experiment",
    "only_seed",
    "several_factors",
    "seed",
    "split",
    "train_limit",
    "ended_early",
    "environment",
]

# What the same experiment may turn out otherwise by; which processor or how many makes no difference of its own.
_ENVIRONMENT = ("python", "keras", "tensorflow", "numpy", "machine", "threads", "onednn", "path")


@dataclass(frozen=True)
class Caveat:
    """One thing to know before two runs are compared.

    - `same_experiment`: nothing was varied, so a difference is due to machine or program
    - `only_seed`: nothing but the seed was varied, so a difference is chance
    - `several_factors`: which of them made the difference cannot be told
    - `seed`: the seed differs too, so the difference may be chance
    - `split`: other samples were kept back, so the validation curves are not on the same samples
    - `train_limit`: they learned from different numbers of samples
    - `ended_early`: a run ended before all its epochs, and not by its own rule
    - `environment`: versions or threads differ
    """

    code: CaveatCode  # what it is about
    names: tuple[str, ...] = ()  # which factors, or which parts of the environment; () for the others
    runs: tuple[str, ...] = ()  # the runs it is about, if it is not about both


def caveats(first: Run, second: Run) -> tuple[Caveat, ...]:
    """What to know of a comparison of two runs on the same data, the weightiest first."""
    varied = factors(first.experiment, second.experiment)
    designed = tuple(name for name in varied if name not in CIRCUMSTANCES)
    found: list[Caveat] = []
    if not varied:
        found.append(Caveat("same_experiment"))
    elif varied == ("seed",):
        found.append(Caveat("only_seed"))
    if len(designed) > 1:
        found.append(Caveat("several_factors", designed))
    if "seed" in varied and varied != ("seed",):
        found.append(Caveat("seed"))
    found += [Caveat(code) for code in ("split", "train_limit") if code in varied]
    early = [run.id for run in (first, second) if run.state.is_over and run.state is not RunState.FINISHED]
    if early:
        found.append(Caveat("ended_early", runs=tuple(early)))
    one, two = first.environment, second.environment
    unlike = [name for name in _ENVIRONMENT if name in one and name in two and one[name] != two[name]]
    if designed and "path" in unlike:  # the way of training follows from the design
        unlike.remove("path")
    if unlike:
        found.append(Caveat("environment", tuple(unlike)))
    return tuple(found)
