"""What a study page says: what its parts are called, and what its results show. No Streamlit here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from core.analysis.bands import BandPoint, Cell, Levels, Measure, Spread, Turns, thins_out
from core.analysis.repeats import seeds_needed
from core.analysis.significance import ALPHA, permutation_test
from core.study import Member, Plan, Study
from dashboard.shared.language import Language, Message
from dashboard.shared.run_words import network_name, setting_name, value_text
from dashboard.study.opened import Progress

#: Measures that are shares; of the others less is better, or neither is.
PERCENT = frozenset({"val_accuracy", "test_accuracy"})


def number_format(measure: Measure) -> str:
    """How Python and Plotly write a measured number."""
    return ".2%" if measure in PERCENT else ".1f" if measure == "turning_point" else ".4f"


def written(value: float, measure: Measure) -> str:
    """A measured number as it stands in figures, tables and sentences."""
    return f"{value:{number_format(measure)}}"


def written_single(value: float, measure: Measure) -> str:
    """The same of one run, whose turning point is a whole epoch."""
    return f"{value:.0f}" if measure == "turning_point" else written(value, measure)


# Names


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


def progress_said(progress: Progress, t: Language) -> str:
    """How far a study is: "2 of 5 done · failed: 1"."""
    parts = [t("study.progress", finished=progress.finished, total=progress.total)]
    for name in ("running", "waiting", "failed", "stopped", "deleted", "reused"):
        if number := getattr(progress, name):
            parts.append(t(f"study.progress.{name}", number=number))
    return " · ".join(parts)


# Figures in words


def band_said(name: str, points: Sequence[BandPoint], *, percent: bool, validation: bool, t: Language) -> str:
    """The end of a band, and from where on runs are missing in it; "" of a band without points."""
    if not points:
        return ""
    last, thins = points[-1], thins_out(points)
    form = ".1%" if percent else ".3f"
    said = t(
        "study.bands.said",
        name=name or t("study.bands.all"),
        curve=t("curve.validation" if validation else "curve.training"),
        epoch=last.epoch,
        mean=f"{last.mean:{form}}",
        low=f"{last.low:{form}}",
        high=f"{last.high:{form}}",
        runs=last.runs,
    )
    return said if thins is None else f"{said} {t('study.bands.thins', epoch=thins)}"


def turns_said(name: str, turns: Turns) -> Message | None:
    """The turning points of one level in a sentence; None if none of its runs has a validation loss."""
    number, spread = len(turns.reached) + len(turns.open), turns.spread
    if not number:
        return None
    details: dict[str, Any] = {"name": name, "reached": len(turns.reached), "runs": number}
    if spread is None:
        return Message("study.turns.none", details)
    details["epoch"] = f"{spread.low:.0f}"
    if spread.n == 1:
        return Message("study.turns.one", details)
    if spread.low == spread.high:
        return Message("study.turns.same", details)
    details |= {"low": f"{spread.low:.0f}", "high": f"{spread.high:.0f}", "mean": f"{spread.mean:.1f}"}
    return Message("study.turns.said", details)


def cells_said(plan: Plan, cells: Sequence[Cell], measure: Measure, t: Language) -> str:
    """The extremes of a figure in a sentence; for the test set too it names them, but not as better or worse."""
    told = [(cell.spread.mean, level_name(plan, cell.levels, t)) for cell in cells if cell.spread]
    if not told:
        return t("study.factor.none_at_all")
    (low, low_name), (high, high_name) = (pick(told, key=lambda one: one[0]) for pick in (min, max))
    alike = len(told) > 1 and written(low, measure) == written(high, measure)
    said = t(
        "study.factor.alike" if alike else "study.factor.said",
        measure=t(f"study.measure.{measure}"),
        low=written(low, measure),
        low_name=low_name,
        high=written(high, measure),
        high_name=high_name,
    )
    missing = sum(cell.runs - len(cell.values) for cell in cells)
    more = [t("study.factor.missing", runs=missing)] if missing else []
    more += [t("study.factor.share")] if len(plan.factors) > 1 else []
    return " ".join([said, *more])


def deviation_said(deviation: float | None, measure: Measure, t: Language) -> str:
    """A standard deviation in a table: of shares in percentage points, "–" if there is none."""
    if deviation is None:
        return "–"
    if measure in PERCENT:
        return t("compare.points", value=f"{100 * deviation:.2f}")
    return written(deviation, measure)


# Verdicts


def repeats_verdict(val_accuracy: Spread | None, turns: Turns) -> tuple[Message, ...]:
    """What runs that differ in nothing but chance show, by their best validation accuracies: how much it alone does."""
    if val_accuracy is None:
        return (Message("study.verdict.nothing"),)
    if val_accuracy.n == 1:
        return (Message("study.verdict.one_run"),)
    details = {
        "n": val_accuracy.n,
        "low": f"{val_accuracy.low:.2%}",
        "high": f"{val_accuracy.high:.2%}",
        "points": f"{100 * (val_accuracy.high - val_accuracy.low):.2f}",
    }
    said, spread = [Message("study.verdict.chance", details)], turns.spread
    if spread is not None and spread.n > 1:
        epochs = {"epochs": f"{spread.high - spread.low:.0f}", "n": spread.n}
        moved = spread.high > spread.low
        said.append(Message("study.verdict.turn_moves" if moved else "study.verdict.turn_stays", epochs))
    return tuple(said)


def levels_verdict(plan: Plan, cells: Sequence[Cell], measure: Measure, t: Language) -> Message | None:
    """Whether the best level is better than the next, as far as the repeats carry; None if there are not two.

    The two were picked among all levels, so their p is multiplied by the number of pairs (Bonferroni). Folds of a
    cross-validation share most of their samples, so no test is made of them. The measure is one of the validation set:
    nothing may be chosen by the test set.
    """
    sign = -1 if measure in PERCENT else 1
    means = {place: cell.spread.mean for place, cell in enumerate(cells) if cell.spread}
    ranked = sorted(means, key=lambda place: (sign * means[place], place))
    if len(ranked) < 2:
        return None
    details: dict[str, Any] = {"measure": t(f"study.measure.{measure}")}
    mean = written(means[ranked[0]], measure)
    alike = [cells[place] for place in means if written(means[place], measure) == mean]
    if len(alike) > 1:  # none is best by digits that nobody sees
        names = ", ".join(level_name(plan, cell.levels, t, settings=True) for cell in alike)
        return Message("study.verdict.alike", {**details, "names": names, "mean": mean})
    first, second = (cells[place] for place in ranked[:2])
    for name, cell in (("best", first), ("next", second)):
        details[name] = level_name(plan, cell.levels, t, settings=True)
        details[f"{name}_told"] = _spread_said(cell.spread, measure) if cell.spread else "–"
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


def folds_said(values: Spread | None, best: BandPoint | None, folds: int) -> tuple[Message, ...]:
    """What a cross-validation says, and what that estimates.

    It takes the validation accuracies in the last epoch, and the epoch with the lowest mean validation loss.
    """
    if values is None:
        return (Message("study.verdict.nothing"),)
    if values.deviation is None:
        return (Message("study.folds.one", {"folds": folds}),)
    details = {
        "n": values.n,
        "folds": folds,
        "mean": f"{values.mean:.2%}",
        "deviation": f"{100 * values.deviation:.2f}",
        "share": f"{1 - 1 / folds:.0%}",
    }
    said = [Message("study.folds.said", details)]
    if best is not None and best.runs > 1:
        said.append(Message("study.folds.epoch", {"epoch": best.epoch, "loss": f"{best.mean:.4f}"}))
    return tuple(said)


def _spread_said(spread: Spread, measure: Measure) -> str:
    """A spread in a sentence: "0.9512 (0.9467 – 0.9550)"; only the number of a single run."""
    if spread.n == 1:
        return written_single(spread.mean, measure)
    low, high = written_single(spread.low, measure), written_single(spread.high, measure)
    return f"{written(spread.mean, measure)} ({low} – {high})"
