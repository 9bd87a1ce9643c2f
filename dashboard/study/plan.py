"""From what a person types to a plan: which settings can be varied, values read, runs counted. No Streamlit here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.analysis.repeats import FEWEST, seeds_needed
from core.errors import Issue
from core.experiment import Experiment, ReplacedLabels, ShuffledLabels
from core.experiment.changes import DEPTH, MOST_DEPTH, UNITS, Level, hidden_dense, level_of
from core.experiment.data import SEED_LIMIT
from core.experiment.layers import Dense
from core.experiment.parts import PARTS
from core.experiment.training import Optimizer
from core.run import RunSummary
from core.study import MOST_RUNS, Plan
from dashboard.shared.fields import Field, field, plain_fields
from dashboard.shared.formats import about_time
from dashboard.shared.language import Language
from dashboard.shared.training import Outlook, outlook

#: What K-fold cross-validation is meant for; with more samples one fixed validation set is as good and K times cheaper.
SMALL = 10_000
LONGEST_LIST = 300  # characters
#: Also the signs between words that nobody sees and that come along when a list is copied.
_SEPARATORS = re.compile("[,;\\s，、；\u200b-\u200f\u2060\ufeff]+")
_NOT_VARIED = frozenset({"vocabulary", "seed"})


@dataclass(frozen=True)
class Choice:
    """A setting that can be varied, and its value now, in the first of several layers that differ."""

    setting: str
    field: Field
    now: Level | None


@dataclass(frozen=True)
class Values:
    """The values of a list that could be read, each once, in their order; and for each other word a problem."""

    values: tuple[Level, ...]
    problems: tuple[Issue, ...]


def choices(experiment: Experiment) -> tuple[Choice, ...]:
    """The settings of an experiment that can be varied, the most usual ones first."""
    found = {choice.setting: choice for choice in _choices(experiment)}
    first = [
        setting for setting in (UNITS, DEPTH, "optimizer.learning_rate", "batch_size") if setting in found
    ]
    return tuple(found[setting] for setting in [*first, *(one for one in found if one not in first)])


def _choices(experiment: Experiment) -> Iterator[Choice]:
    if hidden_dense(experiment):
        units = field(Dense, "units")
        first = f"layers.{hidden_dense(experiment)[0]}.units"
        yield Choice(UNITS, units, level_of(experiment, UNITS) or level_of(experiment, first))
        depth = replace(units, name=DEPTH, low=1, high=MOST_DEPTH, unit="")
        yield Choice(DEPTH, depth, level_of(experiment, DEPTH))
    for place, layer in enumerate(experiment.layers):
        given = {"units", "activation"} if place == len(experiment.layers) - 1 else set()
        yield from _of_part(f"layers.{place}", type(layer), experiment, without=given)
    for name in ("batch_size", "epochs", "train_limit"):
        yield Choice(name, field(Experiment, name), level_of(experiment, name))
    if experiment.facts.kind == "image":
        yield Choice("scaling", field(Experiment, "scaling"), experiment.scaling)
    yield from _of_part("encoding", type(experiment.encoding), experiment)
    if not isinstance(experiment.labels, ShuffledLabels):
        # Labels of the data are a share of 0: whoever varies it has them replaced.
        now = getattr(experiment.labels, "share", 0.0)
        yield Choice("labels.share", field(ReplacedLabels, "share"), now)
    kinds = Field("kind", "Experiment", "choice", choices=tuple(Optimizer.KINDS))
    yield Choice("optimizer.kind", kinds, experiment.optimizer.kind)
    yield from _of_part("optimizer", type(experiment.optimizer), experiment)
    for name in ("early_stopping", "reduce_lr"):
        if getattr(experiment, name) is not None:
            yield from _of_part(name, PARTS[name]["on"], experiment)


def _of_part(
    path: str, model: type[Any], experiment: Experiment, *, without: Iterable[str] = ()
) -> Iterator[Choice]:
    for one in plain_fields(model):
        if one.kind != "switch" and one.name not in _NOT_VARIED.union(without):
            setting = f"{path}.{one.name}"
            yield Choice(setting, one, level_of(experiment, setting))


def read_values(text: str, kind: str, name: str) -> Values:
    """Read a list such as "64, 128, 256"; whether a number is in bounds is for the experiment to say.

    Problems call the setting by its name in words.
    """
    values: list[Level] = []
    problems = []
    for word in filter(None, _SEPARATORS.split(text)):
        try:
            number = int(word) if kind == "whole" else float(word)
        except ValueError:
            number = math.nan
        if isinstance(number, int) or math.isfinite(number):
            values.append(number)
        else:
            code = "not_a_whole_number" if kind == "whole" else "not_a_number"
            problems.append(Issue(code, "", {"field": name, "received": word}))
    return Values(tuple(dict.fromkeys(values)), tuple(problems))


def suggestion(choice: Choice) -> tuple[Level, ...]:
    """Values to begin with: what the setting has now between half and double of it; two kinds of a choice."""
    one = choice.field
    if one.kind == "choice":
        others = [word for word in one.choices if word != choice.now]
        return (str(choice.now if choice.now is not None else one.choices[0]), others[0])
    now = choice.now
    if not isinstance(now, int | float) or isinstance(now, bool) or now <= 0:
        start = one.low if one.low and one.low >= 1 else 0.0
        values: list[float] = [start, start + 10 * (one.step or 1)]
    elif choice.setting == DEPTH:
        values = [1, 2, 3]
    elif one.high is not None and one.high <= 1:
        values = [now / 2, now, (now + one.high) / 2]
    else:
        values = [now / 2, now, now * 2]
    whole = [_rounded(value, choice) for value in values]
    low, high = (-math.inf if one.low is None else one.low), (math.inf if one.high is None else one.high)
    return tuple(dict.fromkeys(value for value in whole if low <= value <= high))


def _rounded(value: float, choice: Choice) -> float:
    """A round number near a value; what the setting has now stays as it is, so that its runs count."""
    if value == choice.now:
        return value
    return max(1, round(value)) if choice.field.kind == "whole" else float(f"{value:.3g}")


def as_typed(value: Level) -> str:
    """A value as a person types it, and as `read_values` reads it again, with all its digits."""
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def with_more_seeds(plan: Plan) -> Plan | None:
    """The same plan with enough more seeds to learn something from them; None where that does not help.

    Enough is what a difference takes to show at all, or twice as many as there are if that was not it.
    """
    number, last = len(plan.seeds), max(plan.seeds)
    needed = _needed(plan) if len(plan.cells) > 1 else FEWEST
    wanted = needed if number < needed else 2 * number
    if plan.folds or plan.size // number * wanted > MOST_RUNS or last + wanted > SEED_LIMIT:
        return None
    return replace(plan, seeds=(*plan.seeds, *range(last + 1, last + 1 + wanted - number)))


def _needed(plan: Plan) -> int:
    """How many seeds it takes to show a difference between any two of its combinations."""
    return seeds_needed(math.comb(len(plan.cells), 2))


def preview(plan: Plan, reused: int, seconds: float, t: Language) -> str:
    """What a plan will do: how many runs it makes, which are there, how long the others take, whether they suffice."""
    counts = [len(factor.values) for factor in plan.factors]
    counts += [plan.folds] if plan.folds else []
    counts += [len(plan.seeds)] if len(plan.seeds) > 1 or not counts else []
    product = " × ".join(map(str, counts))
    key = "study.preview.product" if len(counts) > 1 else "study.preview.runs"
    said = [t(key, product=product, runs=plan.size)]
    if reused:
        said.append(t("study.preview.reused", reused=reused, new=plan.size - reused))
    if plan.size > reused:
        said.append(t("study.preview.time", time=about_time(seconds, t)))
    if len(plan.cells) > 1 and not plan.folds and len(plan.seeds) < _needed(plan):
        said.append(t("study.preview.too_few", seeds=_needed(plan)))
    return " ".join(said)


def seconds_needed(plan: Plan, reused: int, past: Sequence[RunSummary]) -> float:
    """About how long the runs of a plan without refused members take in a row, as far as finished ones can tell.

    Early stopping can only make it shorter.
    """
    todo = max(0, len(plan.members) - reused)
    cells = {member.levels: member.experiment for member in plan.members}
    return todo * sum(outlook(one, past, 0).seconds for one in cells.values()) / len(cells)


def longest(plan: Plan, past: Sequence[RunSummary], minutes: int) -> Outlook:
    """What is to be expected of the run of a plan that takes longest; see `outlook`."""
    cells = {member.levels: member.experiment for member in plan.members}
    return max((outlook(one, past, minutes) for one in cells.values()), key=lambda one: one.seconds)
