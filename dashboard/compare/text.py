"""What is said of two networks, or of two designs: no more than the numbers carry. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.analysis.agreement import Agreement, PairwiseTest
from core.analysis.bands import Measure
from core.analysis.caveats import Caveat, caveats
from core.analysis.macro_f1 import MacroF1Difference
from core.analysis.repeats import DesignPair, Repeats, seeds_needed
from core.run import Run
from dashboard.compare.table import points
from dashboard.shared.formats import p_value, signed
from dashboard.shared.judged_runs import JudgedRuns
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief, factor_words

Letters = Mapping[str, str]
"""What each run is called, by its id."""

_CHANGES = 3


def pair_verdict(pair: PairwiseTest, pairs: int, letters: Letters, t: Language) -> str:
    """What one of so many pairs that were judged together shows, in words."""
    counts = pair.agreement
    first, second = letters[pair.first], letters[pair.second]
    p = _adjusted(pair.p_holm, pairs, t)
    if pair.finding in ("first", "second"):
        turned = pair.turned if pair.finding == "second" else pair
        better = turned.agreement
        return t(
            "verdicts.finding.better",
            samples=f"{counts.samples:,}",
            better=letters[turned.first],
            worse=letters[turned.second],
            better_wrong=f"{better.first_wrong:,}",
            worse_wrong=f"{better.second_wrong:,}",
            better_alone=f"{better.only_first:,}",
            worse_alone=f"{better.only_second:,}",
            p=p,
        )
    return t(
        f"verdicts.finding.{pair.finding}",
        first=first,
        second=second,
        first_alone=f"{counts.only_first:,}",
        second_alone=f"{counts.only_second:,}",
        alone=counts.only_first + counts.only_second,
        right=f"{counts.both_right:,}",
        pairs=pairs,
        p=p,
        p_alone=p_value(pair.p),
    )


def pair_line(pair: PairwiseTest, pairs: int, letters: Letters, t: Language) -> str:
    """The same in one line, for lists."""
    return t(
        "verdicts.line",
        finding=pair_finding(pair, letters, t),
        first=letters[pair.first],
        second=letters[pair.second],
        first_alone=f"{pair.agreement.only_first:,}",
        second_alone=f"{pair.agreement.only_second:,}",
        p=_adjusted(pair.p_holm, pairs, t),
    )


def pair_finding(pair: PairwiseTest, letters: Letters, t: Language) -> str:
    """The same in few words, for a table."""
    if pair.finding in ("first", "second"):
        better = pair.first if pair.finding == "first" else pair.second
        return t("verdicts.brief.better", better=letters[better])
    return t(f"verdicts.brief.{pair.finding}")


def pairs_table(pairs: Sequence[PairwiseTest], letters: Letters, t: Language) -> pd.DataFrame:
    """One row for each two networks that were judged."""
    return pd.DataFrame(
        {
            t("verdicts.pair"): [f"{letters[pair.first]} · {letters[pair.second]}" for pair in pairs],
            t("verdicts.result"): [pair_finding(pair, letters, t) for pair in pairs],
            t("verdicts.alone.first"): [pair.agreement.only_first for pair in pairs],
            t("verdicts.alone.second"): [pair.agreement.only_second for pair in pairs],
            t("verdicts.p.column"): [p_value(pair.p)[2:].lstrip("= ") for pair in pairs],
            t("verdicts.p.column.adjusted"): [p_value(pair.p_holm)[2:].lstrip("= ") for pair in pairs],
        }
    )


def obstacles(judged: JudgedRuns, t: Language) -> list[str]:
    """Why runs are not among those that were judged."""
    return [
        t(
            one.key,
            letter=one.details["letter"],
            dataset=t(f"option.dataset.{one.details['dataset']}"),
            state=t(f"state.{one.details['state']}"),
        )
        for one in judged.obstacles
    ]


def agreement_rows(counts: Agreement, letters: tuple[str, str], t: Language) -> dict[str, dict[str, str]]:
    """The fourfold table of McNemar: a column for what the second did, in it a row for what the first did."""
    first, second = letters
    wrong = counts.wrong_alike + counts.wrong_differently
    rows = [t(f"verdicts.{kind}", letter=first) for kind in ("right", "wrong")]
    columns = {"right": (counts.both_right, counts.only_second), "wrong": (counts.only_first, wrong)}
    return {
        t(f"verdicts.{kind}", letter=second): {
            row: f"{count:,}" for row, count in zip(rows, pair, strict=True)
        }
        for kind, pair in columns.items()
    }


def macro_verdict(found: MacroF1Difference, letters: tuple[str, str], t: Language) -> str:
    """What the bootstrap of the macro-F1 shows."""
    first, second = letters
    numbers = t(
        "verdicts.macro",
        first=first,
        second=second,
        first_value=f"{found.first:.4f}",
        second_value=f"{found.second:.4f}",
        difference=signed(found.difference, ".4f"),
        low=signed(found.low, ".4f"),
        high=signed(found.high, ".4f"),
    )
    # What only just leaves out 0 may not do so with other drawings: an end is known to about the last digit shown.
    low, high = round(found.low, 4), round(found.high, 4)
    if low <= 0 <= high:
        return f"{numbers} {t('verdicts.macro.open')}"
    return f"{numbers} {t('verdicts.macro.higher', better=second if low > 0 else first)}"


def caveat_words(caveat: Caveat, first: Run, second: Run, letters: Letters, t: Language) -> str:
    """What to know before two runs are compared."""
    details: dict[str, Any] = {}
    if caveat.code == "several_factors":
        names = [factor_words(name, first.experiment, second.experiment, t) for name in caveat.names]
        details = {"number": len(names), "names": ", ".join(names)}
    elif caveat.code == "train_limit":
        sizes = [run.experiment.rows for run in (first, second)]
        details = {"first": f"{sizes[0]:,}", "second": f"{sizes[1]:,}"}
    elif caveat.code == "ended_early":
        details = {"names": ", ".join(letters[run] for run in caveat.runs)}
    elif caveat.code == "environment":
        told = [
            f"{t(f'environment.{name}')} ({first.environment[name]} → {second.environment[name]})"
            for name in caveat.names
        ]
        details = {"names": ", ".join(told)}
    return t(f"verdicts.caveat.{caveat.code}", **details)


def largest_changes(
    difference: NDArray[np.integer], names: Sequence[str], letters: tuple[str, str], t: Language
) -> str:
    """Where the second network differs most from the first: cells of the difference matrix in a sentence."""
    flat = np.argsort(-np.abs(difference).ravel(), kind="stable")[:_CHANGES]
    cells = [np.unravel_index(place, difference.shape) for place in flat]
    told = [
        f"{brief(names[true])} → {brief(names[predicted])} {signed(int(difference[true, predicted]), ',')}"
        for true, predicted in cells
        if difference[true, predicted]
    ]
    if not told:
        return t("verdicts.matrix.same")
    return t("verdicts.matrix.largest", first=letters[0], second=letters[1], cells=", ".join(told))


def changed_classes(difference: NDArray[np.integer]) -> tuple[int, ...]:
    """All classes, those first whose rows and columns changed most; of equal ones the smaller label."""
    weight = np.abs(difference).sum(axis=0) + np.abs(difference).sum(axis=1)
    return tuple(int(label) for label in np.argsort(-weight, kind="stable"))


# Designs


def design_names(groups: Sequence[Repeats], names: Sequence[str], t: Language) -> list[str]:
    """What designs are called: as their first runs, without the seed that a study writes into their titles."""
    found = []
    for group, name in zip(groups, names, strict=True):
        seed = t("study.member.seed", seed=group.runs[0].experiment.seed)
        found.append(name.replace(f" ({seed})", "").replace(f" · {seed})", ")"))
    return found


def group_words(group: Repeats, name: str, letters: Letters, t: Language) -> str:
    """What the repeats of one design came to; the name comes escaped."""
    values = group.values("test_accuracy") or ()
    return t(
        "verdicts.design",
        letters=" ".join(sorted(letters[run.id] for run in group.runs)),
        name=name,
        seeds=len(values),
        mean=f"{np.mean(values):.2%}",
        low=f"{min(values):.2%}",
        high=f"{max(values):.2%}",
    )


def design_verdict(pair: DesignPair, groups: Sequence[Repeats], pairs: int, t: Language) -> str:
    """What the repeats of two designs show of their test accuracy."""
    test, first, second = pair.test, pair.first + 1, pair.second + 1
    details = {
        "first": first,
        "second": second,
        "first_seeds": len(groups[pair.first].runs),
        "second_seeds": len(groups[pair.second].runs),
        "p": _adjusted(pair.p_holm, pairs, t),
    }
    if pair.finding == "too_few":
        smallest = f"{pair.smallest_holm:.2g}"
        needed = seeds_needed(pairs)
        return t("verdicts.design.too_few", smallest=smallest, needed=needed, **details)
    if pair.finding == "not_shown":
        return t("verdicts.design.not_shown", difference=_distance(test.difference, t), **details)
    better = second if pair.finding == "second" else first
    return t(
        "verdicts.design.better",
        better=better,
        worse=first if better == second else second,
        difference=_distance(test.difference, t),
        **details,
    )


def design_row(pair: DesignPair, measure: Measure, pairs: int, t: Language) -> dict[str, str]:
    """One measure of two designs as a row of a table: both means, their difference, its interval, p."""
    test = pair.test
    told = {"test_accuracy": ".2%", "turning_point": ".1f", "gap": ".3f"}[measure]

    def shift(value: float) -> str:
        return points(value, t) if measure == "test_accuracy" else signed(value, told)

    none = test.low is None or test.high is None
    return {
        t("verdicts.design.measure"): t(f"verdicts.measure.{measure}"),
        t("verdicts.design.number", number=pair.first + 1): f"{test.first:{told}}",
        t("verdicts.design.number", number=pair.second + 1): f"{test.second:{told}}",
        t("verdicts.design.difference"): shift(test.difference),
        t("verdicts.design.interval"): "–"
        if none
        else f"{shift(test.low or 0.0)} ~ {shift(test.high or 0.0)}",
        t("verdicts.p.column" if pairs == 1 else "verdicts.p.column.adjusted"): p_value(pair.p_holm),
    }


def design_caveats(first: Repeats, second: Repeats) -> tuple[Caveat, ...]:
    """What to know before two designs are compared; their seeds are meant to differ."""
    found = caveats(first.runs[0], second.runs[0])
    return tuple(one for one in found if one.code not in ("seed", "only_seed", "same_experiment"))


def _adjusted(p: float, pairs: int, t: Language) -> str:
    """A probability, and that it was adjusted if there was something to adjust for."""
    return p_value(p) if pairs == 1 else t("verdicts.p.adjusted", p=p_value(p))


def _distance(value: float, t: Language) -> str:
    """Without a sign: for sentences that say which is higher, or only how far apart two are."""
    return t("compare.points", value=f"{100 * abs(value):.2f}")
