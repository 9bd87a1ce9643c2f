"""What the evidence tab decides: the rule in words, what was found, other rules, the gap. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from core.analysis.curves import GeneralizationGap, Measure
from core.analysis.evidence import STOPPING_RULES, Evidence, SimulatedStop, StoppingRule, simulate_stopping
from core.analysis.turning_point import Rule, turn
from core.experiment import Experiment, GivenLabels
from dashboard.run.epoch_answers import span_words
from dashboard.shared.language import Language, Message

USUAL = Rule()
THRESHOLDS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
MOST_ABOVE, MOST_RISES = 5, 6

Rows = Literal["above", "rises"]
"""What the rows of the matrix of rules differ in: epochs above the threshold, or rises in a row."""


@dataclass(frozen=True)
class Finding:
    """One thing the rule looks at: what was found and needed, and whether it is met, which is enough by itself."""

    met: bool
    sentence: Message


@dataclass(frozen=True)
class RuleMatrix:
    """What many rules answer to one who watches and stops as soon as they are met.

    A row has a number of epochs above the threshold, or of rises; a column a threshold. `now` is row and column of the
    rule that is being tried.
    """

    thresholds: tuple[float, ...]
    numbers: tuple[int, ...]
    answers: tuple[tuple[SimulatedStop, ...], ...]
    now: tuple[int, int]


def rule_sentence(rule: Rule) -> Message:
    """The rule with its numbers."""
    details = {"threshold": f"{rule.threshold:g}", "above": rule.epochs_above, "rises": rule.rises}
    return Message("evidence.rule", details)


def findings(found: Evidence) -> tuple[Finding, Finding]:
    """What was found of either thing that confirms a turning point."""
    rule = found.rule
    above = {
        "threshold": f"{rule.threshold:g}",
        "count": len(found.above),
        "needed": rule.epochs_above,
        "epochs": spans(found.above),
    }
    rises = {"count": len(found.longest), "needed": rule.rises, "epochs": spans(found.longest)}
    return (
        Finding(found.enough_above, Message(f"evidence.found.above{'' if found.above else '.none'}", above)),
        Finding(
            found.enough_rises, Message(f"evidence.found.rises{'' if found.longest else '.none'}", rises)
        ),
    )


def result(found: Evidence) -> Message:
    """What follows from it; the evidence must have a candidate."""
    if not found.learned:
        return Message("evidence.result.not_learned")
    details = {"epoch": found.turn.epoch, "known": found.known}
    if found.turn.confirmed:
        return Message("evidence.result.confirmed", details)
    return Message("evidence.result.open" if found.turn.epochs_after else "evidence.result.last", details)


def spans(epochs: Sequence[int]) -> str:
    """Epochs in order as a reader would write them: "3, 7–9"; "–" for none."""
    groups: list[list[int]] = []
    for epoch in epochs:
        if groups and epoch == groups[-1][1] + 1:
            groups[-1][1] = epoch
        else:
            groups.append([epoch, epoch])
    return span_words(tuple((first, last) for first, last in groups)) or "–"


def smoothing(smoothed: Sequence[float], found: Evidence) -> Message:
    """Where a smoothed curve is lowest, beside the measured one, which has a candidate."""
    usable = [value if math.isfinite(value) else math.inf for value in smoothed]
    epoch = usable.index(min(usable)) + 1
    same = epoch == found.turn.epoch
    details = {"smoothed": epoch, "epoch": found.turn.epoch}
    return Message("evidence.smoothing.same" if same else "evidence.smoothing.moved", details)


def rule_matrix(losses: Sequence[float], rule: Rule, rows: Rows) -> RuleMatrix:
    """The answers of rules around one, which differ in their thresholds and in what the `rows` tell.

    The losses are one an epoch, infinity where there is none.
    """
    thresholds = tuple(sorted({*THRESHOLDS, rule.threshold}))
    most, own = (MOST_ABOVE, rule.epochs_above) if rows == "above" else (MOST_RISES, rule.rises)
    numbers = tuple(range(1, most + 1))

    def varied(threshold: float, number: int) -> Rule:
        if rows == "above":
            return Rule(threshold, number, rule.rises)
        return Rule(threshold, rule.epochs_above, number)

    answers = tuple(
        tuple(simulate_stopping(losses, varied(threshold, number)) for threshold in thresholds)
        for number in numbers
    )
    return RuleMatrix(thresholds, numbers, answers, (numbers.index(own), thresholds.index(rule.threshold)))


def matrix_sentence(found: RuleMatrix, lowest: int) -> Message:
    """How many of the rules answer with the lowest epoch, and how far the others go astray."""
    cells = [one for row in found.answers for one in row]
    given = [one.epoch for one in cells if one.epoch is not None]
    early = [epoch for epoch in given if epoch != lowest]
    details = {
        "rules": len(cells),
        "epoch": lowest,
        "same": len(given) - len(early),
        "early": len(early),
        "never": len(cells) - len(given),
        "earliest": min(early, default=lowest),
    }
    if not given:
        return Message("evidence.matrix.never", details)
    if early:
        return Message("evidence.matrix.early", details)
    return Message("evidence.matrix.same" if len(given) < len(cells) else "evidence.matrix.all", details)


def rule_table(losses: Sequence[float], rule: Rule, t: Language) -> pd.DataFrame:
    """What simple rules and this one answer, watching and looking back; at least one of the losses is a number."""
    lowest = min(losses)
    best = losses.index(lowest) + 1
    named = [(t("evidence.rule.this"), rule)]
    named += [(_name(simple, t), simple.rule) for simple in STOPPING_RULES]
    rows = [[t("evidence.rule.lowest"), str(len(losses)), str(best), _excess(0), "–"]]
    for name, each in named:
        answer = simulate_stopping(losses, each)
        cells = ["–"] * 3
        if answer.epoch:
            cells = [str(answer.stopped), str(answer.epoch), _excess(answer.excess)]
        rows.append([name, *cells, t("run.yes" if turn(losses, each).confirmed else "run.no")])
    columns = ("rule", "stopped", "answer", "excess", "confirms")
    return pd.DataFrame(rows, columns=[t(f"evidence.column.{name}") for name in columns])


def _name(simple: StoppingRule, t: Language) -> str:
    if simple.kind == "rises" and simple.number == 1:
        return t("evidence.rule.first_rise")
    return t(f"evidence.rule.{simple.kind}", number=f"{simple.number:g}")


def _excess(percent: float) -> str:
    return f"+{percent:.1f}%" if math.isfinite(percent) else "∞"


def gap_sentences(found: GeneralizationGap, measure: Measure, last: int) -> list[Message]:
    """The gap at the candidate and at the end, and where its growth comes from."""

    def form(value: float) -> str:
        return f"{value:+.4f}" if measure == "loss" else f"{100 * value:+.1f}"

    if not (math.isfinite(found.at_epoch) and math.isfinite(found.at_end)):
        return [Message("evidence.gap.no_numbers")]
    details = {"at": found.at, "last": last, "here": form(found.at_epoch), "end": form(found.at_end)}
    if found.at == last:
        return [Message(f"evidence.gap.{measure}.now", details)]
    messages = [Message(f"evidence.gap.{measure}.said", details)]
    growth = found.at_end - found.at_epoch
    parts = {
        "growth": form(growth),
        "training": form(found.by_training),
        "validation": form(found.by_validation),
    }
    messages.append(Message(f"evidence.gap.{measure}.{'grew' if growth > 0 else 'stayed'}", parts))
    return messages


def drops_out(experiment: Experiment) -> bool:
    """Whether training sets anything to 0 at random: by a Dropout layer, or inside a recurrent one."""
    shares = [getattr(layer, name, 0) for layer in experiment.layers for name in ("rate", "dropout")]
    return any(share > 0 for share in shares)


def gap_caveat(experiment: Experiment, found: GeneralizationGap) -> list[Message]:
    """How far training and validation can be compared at all."""
    messages = [Message("evidence.gap.caveat_dropout" if drops_out(experiment) else "evidence.gap.caveat")]
    if not isinstance(experiment.labels, GivenLabels):
        messages.append(Message("evidence.gap.caveat_labels"))
    better = [epoch for epoch, value in enumerate(found.values, start=1) if value < 0]
    if better:
        messages.append(Message("evidence.gap.better", {"count": len(better), "epochs": spans(better)}))
    return messages
