"""A run as the JSON that live curves are drawn from."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.analysis.baseline import VALIDATION_COUNTS, baseline
from core.analysis.loss_axis import SCALES, LossAxis, axis_to_predict_on, loss_axis
from core.analysis.turning_point import Turn, turning_point_of
from core.recorded import is_recorded
from core.run import Run, RunState

#: What is answered for a run that is not, or no longer, there.
MISSING: dict[str, Any] = {"state": "missing"}

#: Until some losses are known, one predicts on an axis up to this much of a constant answer's loss.
_ROOM = 0.75


def run_json(
    run: Run,
    *,
    since: int = 0,
    engine: str | None = None,
    trouble: str | None = None,
    starts_in: float | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """What a browser needs to show a run while it lasts, as JSON knows it; what is no number becomes None.

    Args:
        since: Epochs up to this number are left out; turning point and axes are those of all of them.
        engine: Of a run that is not over, how the engine is, as `engine_status` says.
        trouble: Of a run that is not over, the code of what is wrong with the whole server.
        starts_in: Of a run that waits, in how many seconds it will begin, about; None where nobody knows.
        now: The time it is; that of the clock if None.
    """
    now = datetime.now(UTC) if now is None else now
    plain = {
        "id": run.id,
        "state": run.state.value,
        "reason": {"code": run.reason.code, "details": run.reason.details},
        "epochs": [asdict(epoch) for epoch in run.epochs if epoch.number > since],
        "epochs_planned": run.experiment.epochs,
        "progress": asdict(run.progress) if run.progress is not None else None,
        "position": run.position,
        "starts_in": starts_in,
        "shared": run.follows != "",
        "engine": engine,
        # For how many seconds nothing was heard of it, and for how many it came no further.
        "silent": _seconds_since(run.heartbeat, run, now),
        "still": _seconds_since(run.progressed or run.heartbeat, run, now),
        "trouble": trouble,
        "recorded": is_recorded(run.id),
        "covered": run.is_covered,
        "prediction": _prediction(run),
        **_known(Judged(run)),
    }
    if run.is_covered:
        plain["prediction_axes"] = prediction_axes(run)
    return {name: _finite(value) for name, value in plain.items()}


@dataclass(frozen=True)
class Judged:
    """A run by all that says how it learned, the same as another one of the same training."""

    run: Run

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Judged) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @property
    def _told(self) -> tuple[Any, ...]:
        return self.run.epochs, self.run.experiment, str(self.run.environment.get(VALIDATION_COUNTS))


@lru_cache(maxsize=256)
def _known(judged: Judged) -> dict[str, Any]:
    """What follows from the epochs of a run, worked out once for all who ask until there is another; read-only."""
    return known_after(judged.run)


def known_after(run: Run) -> dict[str, Any]:
    """What follows from the epochs of a run: where it turned, and the axes of its losses."""
    turn = turning_point_of(run)
    plain = {
        "turning_point": {"loss": _turn(turn.loss), "accuracy": _turn(turn.accuracy)},
        "loss_axes": _loss_axes(run),
    }
    return {name: _finite(value) for name, value in plain.items()}


def _seconds_since(moment: datetime | None, run: Run, now: datetime) -> float | None:
    if moment is None or run.state not in (RunState.RUNNING, RunState.STOPPING):
        return None
    return max(0.0, (now - moment).total_seconds())


def _loss_axes(run: Run) -> dict[str, Any]:
    """The axis of both losses by its scale, for all epochs so far, so that the browser has no rule of its own."""
    curves = [epoch.loss for epoch in run.epochs], [epoch.val_loss for epoch in run.epochs]
    return {scale: _axis(loss_axis(curves, scale=scale)) for scale in SCALES}


def prediction_axes(run: Run) -> dict[str, Any]:
    """The axis by its scale on which the owner of a covered run predicts: from the training's own losses alone."""
    losses, constant = [epoch.loss for epoch in run.epochs], baseline(run)
    most = _ROOM * constant.loss if constant is not None else None
    return {scale: _axis(axis_to_predict_on(losses, constant=most, scale=scale)) for scale in SCALES}


def _axis(axis: LossAxis) -> dict[str, Any]:
    return {"range": list(axis.range), "low": axis.low, "high": axis.high, "cut": axis.cut}


def _prediction(run: Run) -> dict[str, Any] | None:
    if run.prediction is None:
        return None
    return {"epoch": run.prediction.epoch}


def _turn(turn: Turn) -> dict[str, Any] | None:
    if turn.epoch is None:
        return None
    return {"epoch": turn.epoch, "value": turn.value, "confirmed": turn.confirmed}


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
