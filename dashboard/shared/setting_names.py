"""Settings and their values in words, by the dotted names that `core` gives them. No Streamlit here."""

from __future__ import annotations

from typing import Any

from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS
from core.experiment.layers import LAYERS
from dashboard.shared.language import Language

_OPTIMIZER = "optimizer.kind"


def setting_name(setting: str, experiment: Experiment, t: Language) -> str:
    """What a setting is called: "Learning rate", "3. Dropout: Share set to 0".

    Args:
        setting: Its dotted name: "epochs", "optimizer.learning_rate", "layers.2.rate", or one of those that
            stand for several layers.
        experiment: An experiment that has it.
    """
    if setting in (DEPTH, UNITS):
        return t(f"setting.{setting}")
    if setting == _OPTIMIZER:
        return t("field.optimizer")
    path = setting.split(".")
    name = t(f"field.{path[-1]}")
    if path[0] == "layers":
        place = int(path[1])
        return t(
            "setting.of_layer",
            number=place + 1,
            layer=LAYERS[experiment.layers[place].kind].__name__,
            setting=name,
        )
    if path[0] in ("early_stopping", "reduce_lr"):
        return t("setting.of_part", part=t(f"field.{path[0]}"), setting=name)
    return name


def value_name(setting: str, value: Any, t: Language) -> str:
    """A value of a setting: "128", "0.001", "ReLU"."""
    if isinstance(value, bool):
        return t("run.yes" if value else "run.no")
    if isinstance(value, str):
        field = setting.rpartition(".")[2]
        key = f"optimizer.{value}" if setting == _OPTIMIZER else f"option.{field}.{value}"
        return t(key) if t.has(key) else value
    if value is None:
        return t("run.off")
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
