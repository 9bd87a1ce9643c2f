"""Train the small networks whose curves stand beside a run as shapes it could be confused with.

    python -m tools.curve_shapes

writes `core/analysis/curve_shapes.json`: of each shape the experiment, and the curves as they came out, rounded;
nothing in it is drawn by hand. A few seconds on the bundled data.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core import presets
from core.analysis import curve_shapes
from core.analysis.curve_shapes import CURVES, SHAPES, ShapeCode
from core.datasets import open_dataset, prepare
from core.experiment import Experiment
from core.experiment.changes import changed
from core.models.build import build
from core.run import Epoch
from core.settings import Settings
from core.training.environment import environment
from core.training.recorders import Recorder
from core.training.train import train

_DIGITS = 4
_VERSIONS = ("python", "keras", "tensorflow", "numpy")


def _dense(units: int, activation: str = "relu") -> dict[str, Any]:
    return {"kind": "dense", "units": units, "activation": activation}


_DROPOUT = {"kind": "dropout", "rate": 0.5}
#: The preset each begins with, and what gives it its shape.
MADE: dict[ShapeCode, tuple[str, dict[str, Any]]] = {
    "rate": (
        "digits-first-network",
        {"epochs": 20, "batch_size": 32, "optimizer.learning_rate": 0.05},
    ),
    "labels": ("mini-reviews", {"labels": {"kind": "replaced", "share": 0.25}}),
    "early": ("mini-reviews", {"epochs": 6, "optimizer.learning_rate": 0.0003}),
    "dropout": (
        "digits-first-network",
        {
            "epochs": 30,
            "batch_size": 32,
            "layers": [_dense(128), _DROPOUT, _dense(64), _DROPOUT, _dense(10, "softmax")],
        },
    ),
    "small": ("mini-reviews", {"split": {"kind": "first", "count": 40}}),
    "noise": (
        "digits-first-network",
        {"epochs": 30, "batch_size": 4, "optimizer.learning_rate": 0.004},
    ),
}


def experiment_of(code: ShapeCode) -> Experiment:
    """The experiment that is trained for a shape."""
    preset, changes = MADE[code]
    return changed(presets.load(preset), changes)


def trained(experiment: Experiment, settings: Settings) -> tuple[Epoch, ...]:
    """The epochs of a training."""
    prepared = prepare(experiment, open_dataset(experiment.dataset, settings))
    return train(experiment, prepared, build(experiment), Recorder(), lambda: False).epochs


def main() -> None:
    """Train all of them and write the file."""
    settings = Settings.from_environment()
    shapes = {}
    for code in SHAPES:
        experiment = experiment_of(code)
        epochs = trained(experiment, settings)
        curves = {name: [round(getattr(one, name), _DIGITS) for one in epochs] for name in CURVES}
        shapes[code] = {"experiment": experiment.to_dict(), **curves}
    known = environment()
    kept = {
        "made": datetime.now(UTC).date().isoformat(),
        "versions": {name: known[name] for name in _VERSIONS},
        "shapes": shapes,
    }
    path = Path(curve_shapes.__file__).with_name(curve_shapes.FILE)
    path.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
