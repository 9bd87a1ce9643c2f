"""What is said of each sample when looking back: of a mistake, of what became right, of what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis import training_dynamics
from core.analysis.predictions import SamplePrediction
from core.analysis.training_dynamics import PredictionHistory
from core.analysis.turning_point import Turn
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief
from dashboard.shared.samples.sample_cards import SampleCard


def mistake_card(one: SamplePrediction, names: Sequence[str], t: Language, *, narrow: bool) -> SampleCard:
    """A sample taken for another class; `narrow` as under an image."""
    true, predicted, sure = brief(names[one.true]), brief(names[one.predicted]), certainty(one.probability)
    probability = sure if narrow else t("lookback.card.sure", probability=sure)
    return SampleCard(
        one.row,
        (*_pair(true, predicted, narrow=narrow), probability),
        t("lookback.card.wrong", row=f"{one.row:,}", true=true, predicted=predicted, probability=sure),
    )


def flips_sentence(kept: PredictionHistory, turn: Turn, t: Language) -> str:
    """How often samples were learned and forgotten, in all and after the turning point."""
    gained, lost = training_dynamics.flips(kept.right)
    each = kept.epochs[-1] - kept.epochs[0] == len(kept.epochs) - 1
    sentence = t(
        "lookback.flips" if each else "lookback.flips.thinned",
        gained=f"{gained.sum():,}",
        lost=f"{lost.sum():,}",
    )
    then = kept.place(turn.epoch)
    if then is not None and turn.confirmed and then < len(gained):
        sentence += " " + t(
            "lookback.flips.turn",
            epoch=turn.epoch,
            gained=f"{gained[then:].sum():,}",
            lost=f"{lost[then:].sum():,}",
        )
    return sentence


def gained_card(
    kept: PredictionHistory, place: int, then: int, sample: int, names: Sequence[str], t: Language
) -> SampleCard:
    """A sample told rightly after one epoch and wrongly after another, both by their places."""
    now = training_dynamics.sample_prediction(kept, place, sample)
    before = training_dynamics.sample_prediction(kept, then, sample)
    true, predicted = brief(names[now.true]), brief(names[before.predicted])
    return SampleCard(
        now.row,
        (true, t("lookback.card.before", predicted=predicted)),
        t(
            "lookback.card.right",
            row=f"{now.row:,}",
            true=true,
            predicted=predicted,
            epoch=kept.epochs[then],
        ),
    )


def course_card(
    kept: PredictionHistory, sample: int, forgotten: int, names: Sequence[str], t: Language, *, narrow: bool
) -> SampleCard:
    """A sample with how often it was forgotten, and what it was taken for at the end; `narrow` as under an image."""
    end = training_dynamics.sample_prediction(kept, len(kept.epochs) - 1, sample)
    true, predicted = brief(names[end.true]), brief(names[end.predicted])
    spans = training_dynamics.correct_spans(kept.epochs, kept.right[:, sample])
    classes = (true,) if end.true == end.predicted else _pair(true, predicted, narrow=narrow)
    if forgotten:
        status = t("lookback.card.forgotten", count=forgotten)
    elif end.true == end.predicted:
        status = t("lookback.card.learned", epoch=spans[-1][0])
    else:
        status = certainty(end.probability)
    about = t("lookback.card.course", row=f"{end.row:,}", true=true, predicted=predicted, status=status)
    return SampleCard(end.row, (*classes, status), about)


def _pair(true: str, predicted: str, *, narrow: bool) -> tuple[str, ...]:
    return (true, f"→ {predicted}") if narrow else (f"{true} → {predicted}",)
