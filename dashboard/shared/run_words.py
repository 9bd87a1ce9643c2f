"""Runs, experiments and classes in words. No Streamlit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core import presets
from core.analysis.turning_point import Turn
from core.catalog import dataset_info
from core.experiment import Experiment
from core.experiment.config import Config
from core.run import Run, RunState, RunSummary
from dashboard.shared.language import Language

#: What a study writes behind the titles of its runs, as in "deeper (64 · fold 2 · seed 3)".
_LABEL = re.compile(r"(?:(?<= \()|(?<= · ))(fold|seed) (\d+)(?=(?: · seed \d+)?\)$)")


def name_of(run: Run | RunSummary, t: Language) -> str:
    """What to call a run: its title (a study's label in the reader's language), its preset's, or data and layers."""
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
