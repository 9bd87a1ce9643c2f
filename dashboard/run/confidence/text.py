"""What the confidence tab says: how sure a network became, and whether it was right as often. No Streamlit."""

from __future__ import annotations

import math

import numpy as np

from core.analysis.calibration import SURE, Calibration, calibration_from_confidences
from core.analysis.training_dynamics import PredictionHistory
from dashboard.shared.language import Language, Message

#: So many bins can be chosen; the usual number is that of `core.analysis.calibration.BINS`.
BIN_CHOICES = (5, 10, 15, 20)
# Differences below these shares are no more than chance among a thousand samples.
_STILL, _CLOSE = 0.02, 0.01


def by_epoch(kept: PredictionHistory, bins: int) -> tuple[Calibration, ...]:
    """The calibration after each of the epochs."""
    return tuple(
        calibration_from_confidences(confidence, right, n_bins=bins)
        for confidence, right in zip(kept.confidence, np.asarray(kept.right), strict=True)
    )


def course(here: Calibration, end: Calibration, at: int, last: int) -> list[Message]:
    """What happened from the epoch with the lowest validation loss to the last one."""
    if at == last:
        return [Message("calibration.course.same", {"at": at})]
    surer, better = end.confidence - here.confidence, end.accuracy - here.accuracy
    if surer >= _STILL and abs(better) <= _STILL and surer >= 2 * abs(better):
        kind = "surer"
    elif surer >= _STILL and better < 0:
        kind = "surer_worse"
    else:
        kind = "plain"
    details = {
        "at": at,
        "last": last,
        "accuracy_here": f"{here.accuracy:.1%}",
        "accuracy_end": f"{end.accuracy:.1%}",
        "confidence_here": f"{here.confidence:.1%}",
        "confidence_end": f"{end.confidence:.1%}",
        "error_here": f"{here.error:.3f}",
        "error_end": f"{end.error:.3f}",
    }
    messages = [Message(f"calibration.course.{kind}", details), Message("calibration.course.error", details)]
    if here.wrong and end.wrong:
        sure = {
            "sure": f"{SURE:.0%}",
            "sure_here": here.sure_wrong,
            "sure_end": end.sure_wrong,
            "wrong_here": here.wrong,
            "wrong_end": end.wrong,
            "at": at,
            "last": last,
        }
        messages.append(Message("calibration.course.wrong", sure))
    return messages


def state(found: Calibration) -> list[Message]:
    """How sure and how right a network is, and by how much they differ; there must be answers."""
    over = found.overconfidence
    kind = "close" if abs(over) < _CLOSE else "over" if over > 0 else "under"
    details = {
        "confidence": f"{found.confidence:.1%}",
        "accuracy": f"{found.accuracy:.1%}",
        "points": f"{100 * abs(over):.1f}",
        "error": f"{found.error:.3f}",
    }
    messages = [Message(f"calibration.state.{kind}", details)]
    top = found.bins[-1]
    if top.count:
        share = {"low": f"{top.low:.0%}", "count": f"{top.count:,}", "accuracy": f"{top.accuracy:.1%}"}
        messages.append(Message("calibration.state.top", share))
    return messages


def sureness(found: Calibration) -> Message:
    """How sure the right and the wrong answers are."""
    details = {
        "right": percent(found.confidence_right),
        "wrong": percent(found.confidence_wrong),
        "sure": f"{SURE:.0%}",
        "count": f"{found.sure_wrong:,}",
        "all": f"{found.wrong:,}",
    }
    return Message("calibration.sureness" if found.wrong else "calibration.sureness.perfect", details)


def percent(share: float) -> str:
    """A share in percent; a dash where there is none."""
    return f"{share:.1%}" if math.isfinite(share) else "–"


def joined(messages: list[Message], t: Language) -> str:
    """Sentences one after the other."""
    return " ".join(message.said(t) for message in messages)
