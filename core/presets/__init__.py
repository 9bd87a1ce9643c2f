"""Named experiments shipped with the product: one TOML file each, beside this module.

An own data set gives one more, under its own name: the one with which one begins on it (`beginning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from core.catalog import dataset_info, is_own
from core.errors import PresetError
from core.experiment import Experiment
from core.experiment.link import from_link, to_link
from core.experiment.toml import from_file, from_toml, is_file_name
from core.presets.beginning import beginning

#: In the order in which a course meets them; the first needs no download and shows the turning point within seconds.
NAMES = (
    "digits-wrong-labels",
    "digits-first-network",
    "mini-reviews",
    "mini-newswires",
    "mnist-first-network",
    "mnist-three-layers",
    "fashion-single-layer",
    "fashion-shallow",
    "fashion-deep",
    "imdb-multi-hot",
    "imdb-four-epochs",
    "reuters-multi-hot",
    "reuters-nine-epochs",
    "reuters-bottleneck",
    "mnist-convnet",
    "imdb-embedding",
    "imdb-lstm",
)
#: What the first press trains, and where an experiment of one's own and a link without a preset begin.
FIRST, PLAIN = NAMES[:2]
PRESET = "preset"
_DATASET = "dataset"


def load(name: str) -> Experiment:
    """The experiment of a preset, or the one with which one begins on the own data set of this name.

    Raises:
        PresetError: If there is no such preset.
        DataError: If nobody knows such an own data set.
    """
    if is_own(name):
        return beginning(dataset_info(name))
    if name not in NAMES:
        raise PresetError("unknown_preset", received=name, known=", ".join(NAMES))
    return _shipped(name)


@lru_cache(maxsize=len(NAMES))
def _shipped(name: str) -> Experiment:
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return from_toml(text, f"{name}.toml")


def load_named_or_file(name: str) -> Experiment:
    """The experiment of a preset, or of a TOML file if the name ends in ".toml" or ".TOML".

    Raises:
        PresetError: If there is no such preset or file, or it cannot be read.
        ExperimentError: If the file describes an impossible experiment.
    """
    return from_file(name) if is_file_name(name) else load(name)


def link(experiment: Experiment, preset: str = "") -> dict[str, str]:
    """Link parameters for an experiment: a preset's name and the differences from it.

    Args:
        experiment: What the link shall lead to.
        preset: The preset it began from; without one the nearest preset is taken.
    """
    known = (experiment.dataset, *NAMES) if is_own(experiment.dataset) else NAMES
    name = preset if preset in known else min(known, key=lambda each: len(to_link(experiment, load(each))))
    return {PRESET: name, **to_link(experiment, load(name))}


def follow(parameters: Mapping[str, str]) -> tuple[Experiment, str]:
    """The experiment that link parameters lead to, and the preset they start from.

    One that names an own data set and no preset starts from the beginning of that set.

    Raises:
        PresetError: If a parameter cannot be read.
        ExperimentError: If a setting is unknown or the experiment cannot be.
        DataError: If it starts from an own data set that nobody knows.
    """
    dataset = parameters.get(_DATASET, "")
    name = parameters.get(PRESET, dataset if is_own(dataset) else PLAIN)
    rest = {key: text for key, text in parameters.items() if key != PRESET}
    return from_link(rest, load(name)), name
