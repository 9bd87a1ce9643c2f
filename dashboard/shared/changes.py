"""What is particular about a run: the settings in which it differs from others, as briefly as can be. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from core import presets
from core.analysis.setting_differences import differing_settings
from core.experiment import Experiment
from core.run import Run, RunSummary
from dashboard.shared.language import Language
from dashboard.shared.run_words import layer_sizes, name_of, setting_words

_MOST = 2


def changes_of(run: Run | RunSummary, t: Language) -> list[str]:
    """The settings in which a run differs from the preset it began from: "Seed 3"; none without a preset.

    But for its epochs, which stand beside it.
    """
    if run.preset not in presets.NAMES:
        return []
    found = differing_settings((_preset(run.preset), run.experiment))
    rows = [row for row in found if row.setting != "epochs"]
    return [_brief(row.setting, row.values[1], t) for row in rows[:_MOST]]


def short_names(runs: Sequence[Run], t: Language) -> tuple[str, ...]:
    """What to call runs where there is little room: by name, those of the same name by what differs among them."""
    names = [name_of(run, t) for run in runs]
    found = []
    for run, name in zip(runs, names, strict=True):
        alike = [other for other, its in zip(runs, names, strict=True) if its == name]
        place = alike.index(run)
        rows = differing_settings([other.experiment for other in alike])
        told = [_brief(row.setting, row.values[place], t) for row in rows[:_MOST]]
        found.append(" · ".join(told) or (name if len(alike) == 1 else run.id))
    return tuple(found)


def _brief(setting: str, value: Any, t: Language) -> str:
    name = setting.rpartition(".")[2]
    words = layer_sizes(value) if setting == "layers" else setting_words(name, value, t)
    return f"{t(f'field.{name}')} {words}"


@lru_cache(maxsize=len(presets.NAMES))
def _preset(name: str) -> Experiment:
    return presets.load(name)
