"""Named experiments shipped with the product: one TOML file each, beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from core.errors import PresetError
from core.experiment import Experiment
from core.experiment.link import from_link, to_link
from core.experiment.toml import from_file, from_toml, is_file_name

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


@lru_cache(maxsize=len(NAMES))
def load(name: str) -> Experiment:
    """The experiment of a preset.

    Raises:
        PresetError: If there is no such preset.
    """
    if name not in NAMES:
        raise PresetError("unknown_preset", received=name, known=", ".join(NAMES))
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
    name = preset if preset in NAMES else min(NAMES, key=lambda each: len(to_link(experiment, load(each))))
    return {PRESET: name, **to_link(experiment, load(name))}


def follow(parameters: Mapping[str, str]) -> tuple[Experiment, str]:
    """The experiment that link parameters lead to, and the preset they start from.

    Raises:
        PresetError: If a parameter cannot be read.
        ExperimentError: If a setting is unknown or the experiment cannot be.
    """
    name = parameters.get(PRESET, PLAIN)
    rest = {key: text for key, text in parameters.items() if key != PRESET}
    return from_link(rest, load(name)), name
