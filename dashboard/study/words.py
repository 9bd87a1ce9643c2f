"""What a study page decides: how far it is, what its parts are called, what its results say. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.analysis.bands import BandPoint, Cell, Levels, Measure, Spread, Turns
from core.analysis.repeats import FEWEST, seeds_needed
from core.analysis.significance import ALPHA, permutation_test
from core.experiment.data import SEED_LIMIT
from core.run import Run, RunState
from core.study import MOST_RUNS, Member, Plan, Study
from dashboard.shared.language import Language, Message
from dashboard.shared.run_words import network_name
from dashboard.shared.settings_text import setting_name, value_text
from dashboard.study.study_factors import written, written_single

#: What is larger if it is better; of the others less is better, or neither is.
_MORE_IS_BETTER = frozenset({"val_accuracy", "test_accuracy"})
#: What a result may be judged by: never the test set, and not where "better" has no meaning.
JUDGED: tuple[Measure, ...] = ("val_accuracy", "val_loss")


@dataclass(frozen=True)
class Standing:
    """How far a study is; each of its runs counts once.

    Attributes:
        finished: Runs with a result.
        running: Under way, also if asked to stop.
        waiting: In the queue.
        failed: Ended as nobody wanted.
        stopped: Ended on request.
        deleted: No longer in storage.
        reused: How many of all of them were there before.
    """

    finished: int = 0
    running: int = 0
    waiting: int = 0
    failed: int = 0
    stopped: int = 0
    deleted: int = 0
    reused: int = 0

    @property
    def total(self) -> int:
        """All runs."""
        return self.over + self.open

    @property
    def over(self) -> int:
        """Runs to which nothing will happen any more."""
        return self.finished + self.failed + self.stopped + self.deleted

    @property
    def open(self) -> int:
        """Runs that a cancelling would end."""
        return self.running + self.waiting


_STATES = {
    RunState.QUEUED: "waiting",
    RunState.RUNNING: "running",
    RunState.STOPPING: "running",
    RunState.FINISHED: "finished",
    RunState.STOPPED: "stopped",
    RunState.FAILED: "failed",
    RunState.INTERRUPTED: "failed",
}


def standing(study: Study, states: Mapping[str, RunState]) -> Standing:
    """How far a study is.

    Args:
        states: The state of each of its runs that is in storage.
    """
    number = dict.fromkeys(("finished", "running", "waiting", "failed", "stopped", "deleted"), 0)
    for run in study.runs:
        number[_STATES[states[run]] if run in states else "deleted"] += 1
    return Standing(**number, reused=sum(run in study.reused for run in study.runs))


def name_of(study: Study, t: Language) -> str:
    """What to call a study: its title, else what it does."""
    return study.title or f"{network_name(study.plan.base, t)}: {kind_of(study.plan, t)}"


def kind_of(plan: Plan, t: Language) -> str:
    """What a plan does: "5 seeds", "Units of the hidden layers × Learning rate", "5-fold cross-validation"."""
    parts = []
    if plan.factors:
        parts.append(" × ".join(setting_name(one.setting, plan.base, t) for one in plan.factors))
    if plan.folds:
        parts.append(t("study.kind.folds", folds=plan.folds))
    if len(plan.seeds) > 1 or not parts:
        parts.append(t("study.kind.seeds", seeds=len(plan.seeds)))
    return " · ".join(parts)


def level_name(plan: Plan, levels: Levels, t: Language, *, settings: bool = False) -> str:
    """The values that make a level: "64 · 0.001"; with their settings: "Units 64 · Learning rate 0.001"."""
    words = []
    for factor, level in zip(plan.factors, levels, strict=True):
        value = value_text(factor.setting, level, t)
        words.append(f"{setting_name(factor.setting, plan.base, t)} {value}" if settings else value)
    return " · ".join(words)


def member_name(plan: Plan, member: Member, t: Language) -> str:
    """What sets a member apart from the others: "64 · 0.001 · fold 2 · seed 778"."""
    words = [level_name(plan, member.levels, t)] if plan.factors else []
    if member.fold is not None:
        words.append(t("study.member.fold", fold=member.fold + 1))
    if len(plan.seeds) > 1 or not words:
        words.append(t("study.member.seed", seed=member.seed))
    return " · ".join(words)


def turns_said(name: str, turns: Turns) -> Message | None:
    """The turning points of one level in a sentence; None if none of its runs has a validation loss."""
    number = len(turns.reached) + len(turns.open)
    if not number:
        return None
    details: dict[str, Any] = {"name": name, "reached": len(turns.reached), "runs": number}
    spread = turns.spread
    if spread is None:
        return Message("study.turns.none", details)
    if spread.n == 1:
        return Message("study.turns.one", {**details, "epoch": f"{spread.low:.0f}"})
    if spread.low == spread.high:
        return Message("study.turns.same", {**details, "epoch": f"{spread.low:.0f}"})
    details |= {"low": f"{spread.low:.0f}", "high": f"{spread.high:.0f}", "mean": f"{spread.mean:.1f}"}
    return Message("study.turns.said", details)


def repeats_verdict(val_accuracy: Spread | None, turns: Turns) -> tuple[Message, ...]:
    """What runs that differ in nothing but chance show: how much chance alone does.

    Args:
        val_accuracy: Of their best validation accuracies.
    """
    if val_accuracy is None:
        return (Message("study.verdict.nothing"),)
    if val_accuracy.n == 1:
        return (Message("study.verdict.one_run"),)
    said = [
        Message(
            "study.verdict.chance",
            {
                "n": val_accuracy.n,
                "low": f"{val_accuracy.low:.2%}",
                "high": f"{val_accuracy.high:.2%}",
                "points": f"{100 * (val_accuracy.high - val_accuracy.low):.2f}",
            },
        )
    ]
    spread = turns.spread
    if spread is not None and spread.n > 1:
        epochs = {"epochs": f"{spread.high - spread.low:.0f}", "n": spread.n}
        said.append(
            Message(
                "study.verdict.turn_moves" if spread.high > spread.low else "study.verdict.turn_stays", epochs
            )
        )
    return tuple(said)


def best_first(cells: Sequence[Cell], measure: Measure) -> list[Cell]:
    """The cells that have results, the one with the best mean first."""
    told = [cell for cell in cells if cell.spread is not None]
    sign = -1 if measure in _MORE_IS_BETTER else 1
    return sorted(told, key=lambda cell: sign * cell.spread.mean if cell.spread else 0)


def levels_verdict(plan: Plan, cells: Sequence[Cell], measure: Measure, t: Language) -> Message | None:
    """Whether the best level is better than the next, as far as the repeats carry; None if there are not two.

    The two were picked among all levels, so their p is multiplied by the number of pairs (Bonferroni). Folds of a
    cross-validation share most of their samples, so no test is made of them.

    Args:
        cells: What came of each level.
        measure: One of `JUDGED`.
    """
    ranked = best_first(cells, measure)
    if len(ranked) < 2:
        return None
    first, second = ranked[:2]
    details: dict[str, Any] = {
        "measure": t(f"study.measure.{measure}"),
        "best": level_name(plan, first.levels, t, settings=True),
        "best_told": spread_said(first.spread, measure),
        "next": level_name(plan, second.levels, t, settings=True),
        "next_told": spread_said(second.spread, measure),
    }
    if plan.folds:
        return Message("study.verdict.folds", details)
    pairs = math.comb(len(plan.cells), 2)
    few = min(len(first.values), len(second.values))
    if few == 1:
        return Message("study.verdict.once", details | {"seeds": seeds_needed(pairs)})
    test = permutation_test(second.values, first.values)
    p = min(1.0, pairs * test.p)
    details |= {"p": f"{p:.3f}" if p >= 0.001 else "< 0.001", "runs": few, "pairs": pairs}
    if p < ALPHA:
        return Message("study.verdict.apart", details)
    if pairs * test.smallest >= ALPHA:
        return Message("study.verdict.too_few", details | {"seeds": seeds_needed(pairs)})
    return Message("study.verdict.not_shown", details)


def with_more_seeds(plan: Plan) -> Plan | None:
    """The same plan with enough more seeds to learn something from them; None where that does not help.

    Enough is what a difference takes to show at all, or twice as many as there are if that was not it.
    """
    seeds = len(plan.seeds)
    needed = seeds_needed(math.comb(len(plan.cells), 2)) if len(plan.cells) > 1 else FEWEST
    wanted = needed if seeds < needed else 2 * seeds
    if plan.folds or plan.size // seeds * wanted > MOST_RUNS:
        return None
    last = max(plan.seeds)
    if last + wanted > SEED_LIMIT:
        return None
    return replace(plan, seeds=(*plan.seeds, *range(last + 1, last + 1 + wanted - seeds)))


def folds_said(values: Spread | None, best: BandPoint | None, folds: int) -> tuple[Message, ...]:
    """What a cross-validation says, and what that estimates.

    Args:
        values: Of the validation accuracies in the last epoch, one a fold.
        best: The epoch with the lowest mean validation loss over the folds.
        folds: How many folds there are.
    """
    if values is None:
        return (Message("study.verdict.nothing"),)
    if values.deviation is None:
        return (Message("study.folds.one", {"folds": folds}),)
    said = [
        Message(
            "study.folds.said",
            {
                "n": values.n,
                "folds": folds,
                "mean": f"{values.mean:.2%}",
                "deviation": f"{100 * values.deviation:.2f}",
                "share": f"{1 - 1 / folds:.0%}",
            },
        )
    ]
    if best is not None and best.runs > 1:
        said.append(Message("study.folds.epoch", {"epoch": best.epoch, "loss": f"{best.mean:.4f}"}))
    return tuple(said)


def spread_said(spread: Spread | None, measure: Measure) -> str:
    """A spread in a table: "0.9512 (0.9467 – 0.9550)"; only the number of a single run."""
    if spread is None:
        return "–"
    if spread.n == 1:
        return written_single(spread.mean, measure)
    low, high = written_single(spread.low, measure), written_single(spread.high, measure)
    return f"{written(spread.mean, measure)} ({low} – {high})"


def deviation_said(deviation: float | None, measure: Measure, t: Language) -> str:
    """A standard deviation in a table: of shares in percentage points, "–" if there is none."""
    if deviation is None:
        return "–"
    if measure in _MORE_IS_BETTER:
        return t("compare.points", value=f"{100 * deviation:.2f}")
    return written(deviation, measure)


def missing(runs: Sequence[Run | None]) -> int:
    """How many runs have no result but would have one if trained again: not those that failed of themselves.

    Args:
        runs: The run of each member; None where it was deleted.
    """
    again = (RunState.STOPPED, RunState.INTERRUPTED)
    return sum(run is None or run.state in again for run in runs)


def finished(runs: Sequence[Run]) -> list[Run]:
    """The runs that count: those that came to their planned end, and not ones with fewer epochs than meant."""
    return [run for run in runs if run.state is RunState.FINISHED and run.epochs]
