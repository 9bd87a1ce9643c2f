"""What is said when looking back: of a mistake, of what became right, of what became of it; and of wrong labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.analysis import training_dynamics
from core.analysis.memorization import LabelHistory, LabelShares, Memorization
from core.analysis.predictions import SamplePrediction
from core.analysis.training_dynamics import PredictionHistory, correct_spans
from core.analysis.turning_point import Turn
from core.experiment import Experiment, ReplacedLabels
from dashboard.run.epoch_answers import span_words
from dashboard.shared.formats import certainty
from dashboard.shared.language import Language, Message
from dashboard.shared.markdown import escaped
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


# Labels that are wrong on purpose

_HALF = 0.5


def labels_sentences(
    experiment: Experiment, history: LabelHistory, shares: LabelShares, found: Memorization, turn: Turn
) -> tuple[Message, ...]:
    """Which samples are watched, and when their wrong labels were learned by heart."""
    wrong = int(history.wrong.sum())
    right = len(history.wrong) - wrong
    watched = {"wrong": f"{wrong:,}", "right": f"{right:,}"}
    messages = [Message("lookback.labels.watched" if right else "lookback.labels.watched.wrong", watched)]
    last = {"epoch": history.epochs[-1], **_answered(shares, len(history.epochs) - 1)}
    labels = experiment.labels
    if isinstance(labels, ReplacedLabels) and experiment.facts.classes == 2 and labels.share > _HALF:
        # Most samples of a class have the label of the other: that is a rule, and nothing to know by heart.
        messages.append(Message("lookback.labels.turned", last))
    elif found.saw_the_truth and labels.tell(experiment.facts.classes):
        then = {"epoch": found.truest, **_answered(shares, history.place(found.truest) or 0)}
        messages.append(Message("lookback.labels.truth", then))
        now = "not_yet" if found.by_heart is None else "then"
        messages.append(Message(f"lookback.labels.{now}", {**last, "by_heart": found.by_heart}))
    else:
        constant = {"most": f"{found.constant_given:.1%}", "most_true": f"{found.constant_true:.1%}"}
        messages.append(Message("lookback.labels.end", {**last, **constant}))
        if found.knows_labels:
            messages.append(Message("lookback.labels.known"))
    place = history.place(turn.epoch)
    if place is not None and turn.epoch != history.epochs[-1]:
        at = {"epoch": turn.epoch, "given": f"{shares.as_given[place]:.1%}", "end": last["given"]}
        messages.append(Message(f"lookback.labels.{'turn' if turn.confirmed else 'lowest'}", at))
    return tuple(messages)


def _answered(shares: LabelShares, place: int) -> dict[str, str]:
    return {"given": f"{shares.as_given[place]:.1%}", "true": f"{shares.as_true[place]:.1%}"}


def label_fates(history: LabelHistory, since: NDArray[np.int64]) -> dict[str, NDArray[np.intp]]:
    """The places of the wrongly labelled samples by how they were answered at the end.

    With the wrong label, the first known by heart first; with the true class, the surest first; with neither.
    """
    wrong, given, true = history.wrong, history.as_given[-1], history.as_true[-1]
    sure = history.answers["of_true"][-1].astype(float)
    by_heart, truth = np.flatnonzero(wrong & given), np.flatnonzero(wrong & true)
    return {
        "by_heart": by_heart[np.argsort(since[by_heart], kind="stable")],
        "truth": truth[np.argsort(-sure[truth], kind="stable")],
        "neither": np.flatnonzero(wrong & ~given & ~true),
    }


def label_card(
    history: LabelHistory,
    sample: int,
    since: NDArray[np.int64],
    names: Sequence[str],
    t: Language,
    *,
    narrow: bool,
) -> SampleCard:
    """A wrongly labelled sample, and what became of its label; `narrow` as under an image."""
    one = history.samples[sample]
    true, given = brief(names[one["true"]]), brief(names[one["given"]])
    predicted, epoch = brief(names[int(history.answers["predicted"][-1, sample])]), int(since[sample])
    about = {"row": f"{one['row']:,}", "true": true, "given": given}
    if epoch:
        status = t("lookback.labels.card.by_heart" if narrow else "lookback.card.learned", epoch=epoch)
        sentence = t("lookback.labels.card.heart", **about, epoch=epoch)
    else:
        status = t("lookback.labels.card.answer", name=predicted)
        sentence = t("lookback.labels.card", **about, predicted=predicted)
    label = t("lookback.labels.card.label", name=given)
    lines = (true, label, status) if narrow else (f"{true} · {label}", status)
    return SampleCard(int(one["row"]), lines, sentence)


def label_course(
    history: LabelHistory, sample: int, since: NDArray[np.int64], names: Sequence[str]
) -> Message:
    """What was answered to a wrongly labelled sample in the course of the epochs."""
    one, spans = history.samples[sample], None
    if history.as_true[:, sample].any():
        spans = span_words(correct_spans(history.epochs, history.as_true[:, sample]))
    details = {
        "row": f"{one['row']:,}",
        "true": escaped(names[one["true"]]),
        "given": escaped(names[one["given"]]),
        "since": int(since[sample]),
        "predicted": escaped(names[int(history.answers["predicted"][-1, sample])]),
    }
    by_heart = bool(since[sample])
    if spans is None:
        end = "lookback.labels.never.by_heart" if by_heart else "lookback.labels.never"
        return Message(end, details)
    end = "lookback.labels.course.by_heart" if by_heart else "lookback.labels.course"
    return Message(end, {**details, "epochs": spans})


def _pair(true: str, predicted: str, *, narrow: bool) -> tuple[str, ...]:
    return (true, f"→ {predicted}") if narrow else (f"{true} → {predicted}",)
