"""Settings, their values, and the settings in which experiments differ, in words. No Streamlit.

Settings have the dotted names that `core` gives them: "epochs", "optimizer.learning_rate", "layers.2.rate".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core import presets
from core.analysis.setting_differences import differing_settings
from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS
from core.experiment.config import Config
from core.experiment.layers import LAYERS
from core.run import Run, RunSummary
from dashboard.shared.language import Language
from dashboard.shared.run_words import layer_sizes, name_of

_OPTIMIZER = "optimizer.kind"
#: Parts of several kinds, and where the names of the kinds stand.
_KINDS = {"encoding": "option.encoding", "split": "option.split", "optimizer": "optimizer"}
_MOST = 2


def setting_name(setting: str, experiment: Experiment, t: Language) -> str:
    """What a setting of an experiment is called: "Learning rate", "3. Dropout: Share set to 0"."""
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


def value_text(setting: str, value: Any, t: Language) -> str:
    """A value of a setting: "128", "0.001", "ReLU", "off"; of a part of the experiment with all its settings."""
    name = setting.rpartition(".")[2]
    if isinstance(value, Config):
        fields = [each for each in type(value).model_fields if each != "kind"]
        parts = [f"{t(f'field.{each}')} {value_text(each, getattr(value, each), t)}" for each in fields]
        if name in _KINDS:
            parts.insert(0, t(f"{_KINDS[name]}.{value.kind}"))  # type: ignore[attr-defined]
        return " · ".join(parts)
    if value is None:
        return t("run.all" if name == "train_limit" else "run.off")
    if isinstance(value, bool):
        return t("run.yes" if value else "run.no")
    if isinstance(value, str):
        key = f"optimizer.{value}" if setting == _OPTIMIZER else f"option.{name}.{value}"
        return t(key) if t.has(key) else value
    return f"{value:,}" if isinstance(value, int) and name != "seed" else f"{value:g}"


def settings_of(experiment: Experiment, t: Language) -> dict[str, str]:
    """Every setting but the layers, label and value in words, in the order of the form."""
    names = [name for name in type(experiment).model_fields if name != "layers"]
    return {t(f"field.{name}"): value_text(name, getattr(experiment, name), t) for name in names}


def changes_of(run: Run | RunSummary, t: Language) -> list[str]:
    """The settings in which a run differs from the preset it began from: "Seed 3"; none without a preset.

    But for its epochs, which stand beside it.
    """
    if run.preset not in presets.NAMES:
        return []
    return _differences((_preset(run.preset), run.experiment), 1, t, without="epochs")


def short_names(runs: Sequence[Run], t: Language) -> tuple[str, ...]:
    """What to call runs where there is little room: by name, those of the same name by what differs among them."""
    names = [name_of(run, t) for run in runs]
    found = []
    for run, name in zip(runs, names, strict=True):
        alike = [other for other, its in zip(runs, names, strict=True) if its == name]
        told = _differences([other.experiment for other in alike], alike.index(run), t)
        found.append(" · ".join(told) or (name if len(alike) == 1 else run.id))
    return tuple(found)


def _differences(experiments: Sequence[Experiment], of: int, t: Language, *, without: str = "") -> list[str]:
    """The first settings that are not the same in all experiments, with the values that one of them has."""
    rows = [row for row in differing_settings(experiments) if row.setting != without][:_MOST]
    return [_brief(row.setting, row.values[of], t) for row in rows]


def _brief(setting: str, value: Any, t: Language) -> str:
    name = setting.rpartition(".")[2]
    words = layer_sizes(value) if setting == "layers" else value_text(name, value, t)
    return f"{t(f'field.{name}')} {words}"


@lru_cache(maxsize=len(presets.NAMES))
def _preset(name: str) -> Experiment:
    return presets.load(name)
