"""What is said of a guess which of two networks wins, and of the truth. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from core.analysis.agreement import PairwiseTest, pairwise_tests
from core.comparison import ComparisonPrediction
from core.errors import DataError
from core.experiment.setting_differences import factors
from core.run import Run
from dashboard.shared import services
from dashboard.shared.formats import moment, p_value
from dashboard.shared.judged_runs import judged_runs
from dashboard.shared.language import Language, Message
from dashboard.shared.run_words import factor_words

Truth = Literal["first", "second", "none", "unknown"]
"""The first or the second wins; no difference can be shown; or what the networks answered is not there any more."""


@dataclass(frozen=True)
class Outcome:
    """A guess beside the truth, of runs whose test results may be seen.

    Attributes:
        pair: What the test shows of the two; None where it cannot be worked out any more.
    """

    prediction: ComparisonPrediction
    runs: tuple[Run, Run]
    pair: PairwiseTest | None

    @property
    def truth(self) -> Truth:
        """Who wins."""
        if self.pair is None:
            return "unknown"
        return self.pair.finding if self.pair.finding in ("first", "second") else "none"

    @property
    def winner(self) -> Run | None:
        """The run that wins; None for neither."""
        return {"first": self.runs[0], "second": self.runs[1]}.get(self.truth)

    @property
    def guessed(self) -> Run | None:
        """The run that was expected to; None for neither."""
        return next((run for run in self.runs if run.id == self.prediction.winner), None)


def outcome_of(runs: Sequence[Run], prediction: ComparisonPrediction) -> Outcome:
    """What came of a guess; `StorageError` if storage does not answer."""
    first, second = runs
    dataset = first.experiment.dataset
    try:
        labels = services.test_labels(dataset)
    except DataError:
        return Outcome(prediction, (first, second), None)
    judged = judged_runs(runs, dataset, labels, services.artifacts(), {first.id: "", second.id: ""})
    pairs = pairwise_tests(judged.labels, judged.answers)
    return Outcome(prediction, (first, second), pairs[0] if pairs else None)


def outcome_messages(outcome: Outcome, names: Mapping[str, str]) -> list[Message]:
    """What was guessed, what is true, and what that means for the guess; `names` are what the runs are called."""
    return [_said(outcome, names), _truth(outcome, names), *_judged(outcome)]


def _said(outcome: Outcome, names: Mapping[str, str]) -> Message:
    if outcome.prediction.shown:
        return Message("guess.said.shown")
    if outcome.guessed is None:
        return Message("guess.said.none")
    return Message("guess.said.run", {"winner": names[outcome.guessed.id]})


def _truth(outcome: Outcome, names: Mapping[str, str]) -> Message:
    first, second = outcome.runs
    pair = outcome.pair
    if pair is None:
        right = {
            place: f"{run.evaluation.accuracy:.2%}" if run.evaluation is not None else "–"
            for place, run in (("first_right", first), ("second_right", second))
        }
        return Message("guess.truth.unknown", {"first": names[first.id], "second": names[second.id], **right})
    turned = outcome.truth == "second"
    counts = pair.agreement.turned if turned else pair.agreement
    better, worse = (second, first) if turned else (first, second)
    details = {
        "samples": f"{counts.samples:,}",
        "first": names[better.id],
        "second": names[worse.id],
        "first_wrong": f"{counts.first_wrong:,}",
        "second_wrong": f"{counts.second_wrong:,}",
        "first_alone": f"{counts.only_first:,}",
        "second_alone": f"{counts.only_second:,}",
        "right": f"{counts.both_right:,}",
        "p": p_value(pair.p),
    }
    if pair.finding == "same":
        return Message("guess.truth.same", details)
    return Message("guess.truth.open" if outcome.winner is None else "guess.truth.better", details)


def _judged(outcome: Outcome) -> list[Message]:
    """Nothing of one who guessed nothing, nor where the truth is not known."""
    if outcome.prediction.shown or outcome.truth == "unknown":
        return []
    if outcome.guessed == outcome.winner:
        return [Message("guess.judged.right")]
    if outcome.winner is None:
        return [Message("guess.judged.not_shown")]
    return [Message("guess.judged.missed" if outcome.guessed is None else "guess.judged.other")]


def when_said(prediction: ComparisonPrediction, timezone: tzinfo | None) -> Message:
    """When it was guessed or shown, and what could be seen by then."""
    details = {"moment": moment(prediction.when, timezone)}
    if prediction.shown:
        return Message("guess.made.shown", details)
    sealed = ("none", "one", "both")[len(prediction.sealed)]
    return Message(f"guess.made.{sealed}", details)


def differing(runs: Sequence[Run], t: Language) -> str:
    """What the two experiments differ in, in a sentence."""
    first, second = (run.experiment for run in runs)
    names = [factor_words(name, first, second, t) for name in factors(first, second)]
    return t("guess.differs", names=", ".join(names)) if names else t("guess.differs.nothing")
