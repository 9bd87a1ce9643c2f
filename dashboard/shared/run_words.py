"""Runs, experiments, classes and settings in words. No Streamlit.

Settings have the dotted names that `core` gives them: "epochs", "optimizer.learning_rate", "layers.2.rate".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from core import presets
from core.analysis.turning_point import Turn
from core.catalog import dataset_info
from core.experiment import Experiment, ReplacedLabels, ShuffledLabels
from core.experiment.changes import DEPTH, UNITS
from core.experiment.config import Config
from core.experiment.setting_differences import differing_settings
from core.recorded import is_recorded
from core.run import Run, RunState, RunSummary
from dashboard.shared.language import Language

#: What a study writes behind the titles of its runs, as in "deeper (64 · fold 2 · seed 3)".
_LABEL = re.compile(r"(?:(?<= \()|(?<= · ))(fold|seed) (\d+)(?=(?: · seed \d+)?\)$)")
_OPTIMIZER = "optimizer.kind"
#: Parts of several kinds, and where the names of the kinds stand.
_KINDS = {
    "encoding": "option.encoding",
    "split": "option.split",
    "labels": "option.labels",
    "optimizer": "optimizer",
}
_MOST = 2  # settings that tell runs apart
_ROOM = 14  # characters beside a matrix


def name_of(run: Run | RunSummary, t: Language) -> str:
    """What to call a run: its title (a study's label in the reader's language), its preset's, or data and layers.

    A recorded run is always said to be one.
    """
    if is_recorded(run.id):
        return t("recorded.name", name=t(f"preset.{run.preset}.title"))
    if run.title:
        return _LABEL.sub(lambda found: t(f"study.member.{found[1]}", **{found[1]: found[2]}), run.title)
    if run.preset in presets.NAMES:
        return t(f"preset.{run.preset}.title")
    return network_name(run.experiment, t)


def network_name(experiment: Experiment, t: Language) -> str:
    """What to call an experiment that has no name of its own: its data and layers."""
    return f"{t(f'option.dataset.{experiment.dataset}')} · {layer_sizes(experiment.layers)}"


def layer_sizes(layers: Sequence[Config]) -> str:
    """A network by the units and filters of its layers: "64-32-10"."""
    units = [getattr(layer, "units", None) or getattr(layer, "filters", None) for layer in layers]
    return "-".join(str(number) for number in units if number)


#: What else a result may depend on; which process on which computer it was is left out.
_ENVIRONMENT = (
    "python",
    "keras",
    "tensorflow",
    "numpy",
    "machine",
    "processors",
    "threads",
    "onednn",
    "path",
)


def class_names(dataset: str, t: Language) -> tuple[str, ...]:
    """The classes of a data set in the reader's language, by label."""
    names = dataset_info(dataset).class_names
    return tuple(
        name if name == str(label) else t(f"class.{dataset}.{label}") for label, name in enumerate(names)
    )


def turn_label(turn: Turn, t: Language, *, learned: bool) -> str:
    """A turn for a tile: "Epoch 11", "not reached", or "nothing learned"."""
    if not learned:
        return t("turn.nothing_learned")
    if turn.epoch is None or not turn.confirmed:
        return t("turn.not_reached")
    return t("turn.epoch", epoch=turn.epoch)


def ended_badly(run: Run) -> bool:
    """Whether a run ended as nobody wanted."""
    return run.state in (RunState.FAILED, RunState.INTERRUPTED)


def brief(name: str) -> str:
    """A name without what explains it in brackets: of "earn (earnings)" only "earn"."""
    return name.partition(" (")[0] or name


def cut(name: str) -> str:
    """A name with no more characters than there is room for beside a matrix."""
    return name if len(name) <= _ROOM else f"{name[: _ROOM - 1]}…"


# Settings


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
            layer=type(experiment.layers[place]).__name__,
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


def factor_words(name: str, first: Experiment, second: Experiment, t: Language) -> str:
    """A factor with its two values where they are short: "Layers (64-32-10 → 128-128-10)"."""
    head, *path = name.split(".")
    if head == "layers":
        label = t(f"field.{path[0]}") if path else t("field.layers")
        values = (
            [layer_sizes(one.layers) for one in (first, second)] if not path or path[0] == "units" else []
        )
    else:
        label = t(f"field.{(path or [head])[-1]}")
        parts = [attrgetter(name)(one) for one in (first, second)]
        # A callback or an encoding in all its settings would be too long here.
        short = all(part is None or isinstance(part, str | int | float) for part in parts)
        values = [value_text((path or [head])[-1], part, t) for part in parts] if short else []
        if head == "optimizer" and not path:
            values = [t(f"optimizer.{one.optimizer.kind}") for one in (first, second)]
        if head == "labels" and not path:
            values = [t(f"option.labels.{one.labels.kind}") for one in (first, second)]
    return f"{label} ({' → '.join(values)})" if values and values[0] != values[1] else label


def settings_of(experiment: Experiment, t: Language) -> dict[str, str]:
    """Every setting but the layers, label and value in words, in the order of the form."""
    names = [name for name in type(experiment).model_fields if name != "layers"]
    return {t(f"field.{name}"): value_text(name, getattr(experiment, name), t) for name in names}


def timing_of(run: Run, t: Language) -> dict[str, str]:
    """How long the parts of a run took and how much memory they needed, in words; nothing of one that is not over."""
    if run.timing is None:
        return {}
    seconds = {
        t(f"timing.{name}"): t("timing.seconds", seconds=f"{getattr(run.timing, name):.2f}")
        for name in ("prepare", "fit", "evaluate")
    }
    return {**seconds, t("timing.peak_mb"): f"{run.timing.peak_mb:,.0f} MB"}


def environment_of(run: Run, t: Language) -> dict[str, str]:
    """What else its result may depend on, in words."""
    return {
        t(f"environment.{name}"): str(run.environment[name])
        for name in _ENVIRONMENT
        if name in run.environment
    }


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


def label_note(experiment: Experiment, t: Language) -> str | None:
    """That training labels are wrong on purpose, and what this means for the numbers; None where they are right."""
    labels, samples = experiment.labels, max(0, experiment.train_size)
    details = {"samples": f"{samples:,}"}
    if isinstance(labels, ShuffledLabels):
        return t("labels.note.shuffled", **details)
    wrong = round(labels.share * samples) if isinstance(labels, ReplacedLabels) else 0
    if not wrong:
        return None
    return t("labels.note.replaced", wrong=f"{wrong:,}", share=f"{wrong / samples:.1%}", **details)
