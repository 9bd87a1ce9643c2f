"""What is said of a prediction and of the truth: how far apart they are, in epochs. No Streamlit."""

from __future__ import annotations

from core.analysis.turning_point import TurningPoint
from core.run import Prediction, Run
from dashboard.shared.language import Message


def outcome(run: Run, turning: TurningPoint) -> Message | None:
    """What came of the prediction of a run; None without one.

    While the run is under way only what was predicted: the lowest epoch so far is no answer.
    """
    prediction, turn = run.prediction, turning.loss
    if prediction is None:
        return None
    details = {"said": prediction.epoch}
    if not run.state.is_over:
        return Message("prediction.open", details)
    if turn.epoch is None:
        return Message("prediction.no_numbers", details)
    details |= {"epoch": turn.epoch, "apart": abs(prediction.epoch - turn.epoch)}
    kind = "turn" if turn.confirmed else "lowest"
    return Message(f"prediction.{kind}.{_side(prediction, turn.epoch)}", details)


def when_made(run: Run, prediction: Prediction) -> Message:
    """How much of the training could be seen when it was predicted."""
    planned = run.experiment.epochs
    if not prediction.epochs_seen:
        return Message("prediction.made.before")
    key = "prediction.made.after" if prediction.epochs_seen >= planned else "prediction.made.during"
    return Message(key, {"seen": prediction.epochs_seen, "epochs": planned})


def _side(prediction: Prediction, epoch: int) -> str:
    if prediction.epoch == epoch:
        return "same"
    return "late" if prediction.epoch > epoch else "early"
