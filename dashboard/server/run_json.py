"""A run as the JSON that live curves are drawn from."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from core.analysis.turning_point import Turn, turning_point_of
from core.run import Run

#: What is answered for a run that is not, or no longer, there.
MISSING: dict[str, Any] = {"state": "missing"}


def run_json(run: Run, *, since: int = 0, engine: str | None = None) -> dict[str, Any]:
    """What a browser needs to show a run while it lasts.

    Args:
        run: The run.
        since: Epochs up to this number are left out; the turning point is judged on all of them.
        engine: For a run that is not over, how the engine is that starts it and looks after it, as `engine_status`
            says.

    Returns:
        Only None, bool, int, float, str, list and dict; numbers that JSON does not know become None.
    """
    turn = turning_point_of(run)
    plain = {
        "id": run.id,
        "state": run.state.value,
        "reason": {"code": run.reason.code, "details": run.reason.details},
        "epochs": [asdict(epoch) for epoch in run.epochs if epoch.number > since],
        "epochs_planned": run.experiment.epochs,
        "progress": asdict(run.progress) if run.progress is not None else None,
        "position": run.position,
        "engine": engine,
        "turning_point": {"loss": _turn(turn.loss), "accuracy": _turn(turn.accuracy)},
    }
    return {name: _finite(value) for name, value in plain.items()}


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
