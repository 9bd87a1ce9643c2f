"""What the curves of a comparison show, as lines and as sentences. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.analysis.curves import axis_positions, exponential_moving_average
from core.analysis.run_metrics import RunMetrics, run_metrics
from core.run import Epoch, Run
from dashboard.shared.charts.run_curves import Kind, Measure, RunCurves
from dashboard.shared.compare_address import Wish
from dashboard.shared.language import Language, Message
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import short_names

LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class ComparedRun:
    """A run of a comparison with what came of it, its letter, a brief name, and the colour of its lines."""

    run: Run
    metrics: RunMetrics
    letter: str
    name: str
    colour: str


def compared_runs(runs: Sequence[Run], names: Sequence[str], palette: Sequence[str]) -> list[ComparedRun]:
    """The runs of a comparison in its order, from A on."""
    return [
        ComparedRun(run, run_metrics(run), LETTERS[place], names[place], palette[place % len(palette)])
        for place, run in enumerate(runs)
    ]


def lettered(runs: Sequence[Run], t: Language) -> list[tuple[str, str, str]]:
    """Of each run its id, its letter and its brief name, escaped."""
    named = zip(runs, LETTERS, short_names(runs, t), strict=False)
    return [(run.id, letter, escaped(name)) for run, letter, name in named]


def measures(wish: Wish) -> tuple[Measure, ...]:
    """The measures to draw."""
    return ("loss", "accuracy") if wish.show == "both" else (wish.show,)


def run_curves(compared: Sequence[ComparedRun], wish: Wish, measure: Measure) -> list[RunCurves]:
    """The curves of the runs that are not hidden and have any; smoothed ones are for the eye only."""
    found = []
    for one in compared:
        run, turning = one.run, one.metrics.turning
        if run.id in wish.hide or not run.epochs:
            continue
        found.append(
            RunCurves(
                letter=one.letter,
                name=one.name,
                colour=one.colour,
                x=axis_positions(run.experiment, run.epochs, wish.align),
                training=_line("training", run.epochs, measure, wish),
                validation=_line("validation", run.epochs, measure, wish),
                turn=turning.loss if measure == "loss" else turning.accuracy,
            )
        )
    return found


def summary(
    outcomes: Sequence[RunMetrics], called: Sequence[str], measure: Measure, *, alike: bool = True
) -> list[Message]:
    """What a reader of the curves would find: who was best and when, when each turned, whose curves lie apart.

    All from what was recorded, smoothed or not; nobody is said to be best where not all are on the same data (`alike`).
    """
    found = _best(outcomes, called, measure) if alike else []
    if measure == "accuracy":
        return found
    turned = [
        (came.turning.epoch, name) for came, name in zip(outcomes, called, strict=True) if came.turning.epoch
    ]
    if turned:
        listed = ", ".join(f"{name} {epoch}" for epoch, name in sorted(turned))
        found.append(Message("compare.said.turned", {"turns": listed}))
    for key, learned in (("not_turned", True), ("not_learned", False)):
        names = [
            name
            for came, name in zip(outcomes, called, strict=True)
            if came.turning.epoch is None and came.val_loss is not None and came.turning.learned is learned
        ]
        if names:
            found.append(Message(f"compare.said.{key}", {"runs": ", ".join(names)}))
    gaps = [came.gap for came in outcomes]
    if alike and len([gap for gap in gaps if gap is not None]) > 1:
        largest = max(gap for gap in gaps if gap is not None)
        names = [name for gap, name in zip(gaps, called, strict=True) if gap == largest]
        found.append(Message("compare.said.gap", {"runs": ", ".join(names), "gap": f"{largest:.4f}"}))
    return found


def sentences(wish: Wish, compared: Sequence[ComparedRun], measure: Measure, t: Language) -> list[str]:
    """What the curves of the runs that are shown tell, in sentences; runs go by their letters."""
    shown = [one for one in compared if one.run.id not in wish.hide]
    alike = len({one.run.experiment.test_set for one in shown}) == 1
    found = summary([one.metrics for one in shown], [one.letter for one in shown], measure, alike=alike)
    return [sentence.said(t) for sentence in found]


def reading_notes(
    wish: Wish, compared: Sequence[ComparedRun], t: Language, *, first: str = "compare.read"
) -> list[str]:
    """How to read the curves as they are shown; `first` is the key of what holds of all of them."""
    notes = [t(first)]
    if wish.smooth:
        notes.append(t("compare.smoothed"))
    if wish.align == "seconds":
        notes.append(t("compare.seconds.about"))
    if len({one.run.experiment.test_set for one in compared}) > 1:
        notes.append(t("compare.other_data.curves"))
    return notes


def _best(outcomes: Sequence[RunMetrics], called: Sequence[str], measure: Measure) -> list[Message]:
    reached = [
        (best, name)
        for came, name in zip(outcomes, called, strict=True)
        if (best := came.val_loss if measure == "loss" else came.val_accuracy) is not None
    ]
    if not reached:
        return []
    values = [best.value for best, _ in reached]
    value = min(values) if measure == "loss" else max(values)
    winners = [(best.epoch, name) for best, name in reached if best.value == value]
    details = {
        "runs": ", ".join(name for _, name in winners),
        "value": f"{value:.4f}" if measure == "loss" else f"{value:.2%}",
        "epoch": ", ".join(str(epoch) for epoch in dict.fromkeys(epoch for epoch, _ in winners)),
    }
    return [Message(f"compare.said.{measure}", details)]


def _line(kind: Kind, epochs: Sequence[Epoch], measure: Measure, wish: Wish) -> Sequence[float]:
    if wish.lines not in ("both", kind):
        return ()
    field = measure if kind == "training" else f"val_{measure}"
    values = [math.nan if (value := getattr(epoch, field)) is None else value for epoch in epochs]
    return exponential_moving_average(values, wish.smooth / 100) if wish.smooth else values
