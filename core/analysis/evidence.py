"""What speaks for a turning point, epoch by epoch, and what other rules would have answered.

The names are those of Lutz Prechelt, "Early Stopping - But When?" (1998): the generalisation loss GL(t) says by how
many percent the validation loss after epoch t is above the lowest one up to t; a series of rises is a number of
epochs in a row, each with a higher loss than the one before.

There are two ways to use a rule. Looking back, the whole curve is known: the candidate is its lowest epoch, and the
rule only says whether to believe it. Watching, one stops as soon as the rule is met and answers with the lowest
epoch so far: an impatient rule then answers too early, and another rule gives another epoch.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.analysis.turning_point import Rule, Turn, generalisation_loss, turn, validation_losses
from core.run import Epoch

RuleKind = Literal["rises", "loss", "patience"]
"""So many rises in a row (Prechelt's UP); generalisation loss above a threshold once (his GL); so many epochs
without a new lowest loss (the patience of Keras' EarlyStopping)."""

_NEVER = sys.maxsize


@dataclass(frozen=True)
class Step:
    """One epoch as the rule sees it."""

    epoch: int  # from 1
    val_loss: float  # the validation loss; infinity if it is no number
    #: by how many percent it is above the lowest up to this epoch; infinity without numbers
    generalisation_loss: float
    rises: int  # how many epochs in a row, up to this one, the loss has risen
    counts: bool  # whether it comes after the candidate, so that the rule looks at it


@dataclass(frozen=True)
class Evidence:
    """A turning point with all that the rule looked at."""

    rule: Rule
    turn: Turn  # what it finds; not confirmed where nothing was learned
    steps: tuple[Step, ...]  # one an epoch
    above: tuple[int, ...]  # the epochs after the candidate whose generalisation loss exceeds the threshold
    #: the epochs of the longest series of rises after the candidate, the first of equally long ones
    longest: tuple[int, ...]
    #: the epoch after which the rule was met: nothing that came later could take it back, but for a new
    #: lowest loss, and none came. None if it is not met.
    known: int | None
    learned: bool = True  # whether the network was ever better than a constant answer

    @property
    def enough_above(self) -> bool:
        """Whether the generalisation loss alone confirms the candidate."""
        return self.turn.epoch is not None and len(self.above) >= self.rule.epochs_above

    @property
    def enough_rises(self) -> bool:
        """Whether the rises in a row alone confirm it."""
        return self.turn.epoch is not None and len(self.longest) >= self.rule.rises


@dataclass(frozen=True)
class SimulatedStop:
    """What one would have answered who watched a curve and stopped as soon as a rule was met."""

    stopped: int | None = None  # the epoch after which the rule was met; None if it never was
    #: the epoch with the lowest loss until then, which is the answer; None if the rule was never met
    epoch: int | None = None
    #: by how many percent the loss there is above the lowest of the whole curve; 0 for the lowest itself, and
    #: without an answer
    excess: float = 0.0


@dataclass(frozen=True)
class StoppingRule:
    """A rule with one number, to compare with."""

    kind: RuleKind  # what it looks at
    number: float  # rises, percent, or epochs

    @property
    def rule(self) -> Rule:
        """The same as a rule for `simulate_stopping`."""
        if self.kind == "rises":
            return Rule(threshold=math.inf, epochs_above=_NEVER, rises=int(self.number))
        if self.kind == "loss":
            return Rule(threshold=self.number, epochs_above=1, rises=_NEVER)
        # Each epoch that brings no new lowest loss has a GL of at least 0.
        return Rule(threshold=-1, epochs_above=int(self.number), rises=_NEVER)


_NUMBERS: dict[RuleKind, tuple[float, ...]] = {"rises": (1, 2, 3), "loss": (2, 5, 10), "patience": (3, 5, 10)}
STOPPING_RULES = tuple(StoppingRule(kind, number) for kind, numbers in _NUMBERS.items() for number in numbers)


def evidence(epochs: Sequence[Epoch], rule: Rule | None = None, *, learned: bool = True) -> Evidence:
    """What speaks for and against a turning point; nothing is confirmed of a network that never learned."""
    rule = rule or Rule()
    losses = validation_losses(epochs)
    found = turn(losses, rule)
    if not learned:
        found = replace(found, confirmed=False)
    steps: list[Step] = []
    lowest, rises = math.inf, 0
    for number, loss in enumerate(losses, start=1):
        rises = rises + 1 if steps and loss > steps[-1].val_loss else 0
        lowest = min(lowest, loss)
        above = generalisation_loss(loss, lowest) if math.isfinite(loss) else math.inf
        steps.append(Step(number, loss, above, rises, found.epoch is not None and number > found.epoch))
    after = [step for step in steps if step.counts]
    exceeding = tuple(step.epoch for step in after if step.generalisation_loss > rule.threshold)
    # The candidate itself is no rise, so that a series after it begins after it.
    longest = max(after, key=lambda step: step.rises, default=None)
    met = [*exceeding[rule.epochs_above - 1 : rule.epochs_above]]
    met += [step.epoch for step in after if step.rises == rule.rises][:1]
    return Evidence(
        rule=rule,
        turn=found,
        steps=tuple(steps),
        above=exceeding,
        longest=tuple(range(longest.epoch - longest.rises + 1, longest.epoch + 1)) if longest else (),
        known=min(met, default=None),
        learned=learned,
    )


def simulate_stopping(losses: Sequence[float], rule: Rule) -> SimulatedStop:
    """Watch a curve of `validation_losses` from its first epoch on and stop as soon as the rule is met."""
    best, lowest = None, math.inf
    above = rises = 0
    for number, loss in enumerate(losses, start=1):
        if loss < lowest:
            best, lowest, above, rises = number, loss, 0, 0
            continue
        if best is None:
            continue
        above += generalisation_loss(loss, lowest) > rule.threshold
        rises = rises + 1 if loss > losses[number - 2] else 0
        if above >= rule.epochs_above or rises >= rule.rises:
            return SimulatedStop(number, best, generalisation_loss(lowest, min(losses)))
    return SimulatedStop()
