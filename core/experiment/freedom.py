"""What of an experiment may be changed by whoever was given it: said by a link, or by the teacher of a class.

    free=epochs,units               these, nothing else
    lock=network,optimizer          all but these
    hide=all&free=epochs            what stays fixed is not even shown

A name is "all", a group ("data", "network", "learning"), a setting ("epochs", "optimizer"), one inside a part or a
layer ("optimizer.learning_rate", "layers.0.units"), `UNITS` of all hidden layers, or `DEPTH`. Where several speak of
one setting, the most exact one holds; of two as exact, what locks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.errors import ExperimentError, Issue, PresetError
from core.experiment.changes import DEPTH, UNITS, changed, hidden_dense, level_of
from core.experiment.experiment import Experiment
from core.experiment.layers import Layer
from core.experiment.parts import PARTS
from core.experiment.setting_differences import differing_settings

ALL = "all"
GROUPS: dict[str, tuple[str, ...]] = {
    "data": ("dataset", "train_limit", "encoding", "scaling", "split", "labels"),
    "network": ("layers",),
    "learning": ("loss", "optimizer", "epochs", "batch_size", "seed", "early_stopping", "reduce_lr"),
}
"""The settings in the groups that the lab shows them in."""

PARAMETERS = ("lock", "hide", "free")
"""The parameters of a link that say it."""

MOST_NAMES = 60
_LONGEST = 2_000
_NUM_WORDS = "encoding.num_words"
_IN_LAYER = re.compile(r"layers\.(0|[1-9][0-9]?)(?:\.([a-z0-9_]+))?")


@dataclass(frozen=True)
class Freedom:
    """Which settings stay free.

    Attributes:
        lock: Names of what is shown but not to be changed.
        hide: Names of what is not shown either, and so is fixed too.
        free: Names of what stays free in spite of both; with these alone, everything else is locked.
    """

    lock: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    _fixed: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        for parameter in PARAMETERS:
            _check(parameter, getattr(self, parameter))
        alone = bool(self.free) and not self.lock and not self.hide
        object.__setattr__(self, "_fixed", frozenset((*self.lock, *self.hide, *((ALL,) if alone else ()))))

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Self:
        """What the parameters of a link say; those that say something else are passed over.

        Raises:
            PresetError: If there is no setting or group of a name ("fixed_unknown_name"), or there are too many.
        """
        found = {}
        for parameter in PARAMETERS:
            text = parameters.get(parameter, "")
            if len(text) > _LONGEST:
                raise PresetError("link_too_long", field=parameter, received=len(text), bound=_LONGEST)
            found[parameter] = tuple(dict.fromkeys(name for name in text.split(",") if name))
        return cls(**found)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of a link that say the same; none where everything is free."""
        said = {name: ",".join(getattr(self, name)) for name in PARAMETERS}
        return {name: text for name, text in said.items() if text}

    @property
    def is_whole(self) -> bool:
        """Whether everything is free."""
        return not self._fixed

    def is_free(self, path: str) -> bool:
        """Whether the setting of this path, as `differing_settings` names it, may be changed.

        A part or the layers as a whole ("optimizer" for another one) may not where something inside is fixed.
        """
        return self._speaks_for(path, self._fixed) and not any(
            name.startswith(f"{path}.") or (path == "layers" and name in (UNITS, DEPTH))
            for name in self._fixed
        )

    def is_hidden(self, path: str) -> bool:
        """Whether it is not even shown."""
        return not self._speaks_for(path, frozenset(self.hide))

    def has_free(self, *paths: str) -> bool:
        """Whether anything of these settings, or inside of them, may be changed."""
        return any(
            self.is_free(path)
            or any(name.startswith(f"{path}.") and self.is_free(name) for name in self.free)
            or (path.startswith("layers") and UNITS in self.free)
            or (path == "layers" and DEPTH in self.free)
            for path in paths
        )

    def shows(self, *paths: str) -> bool:
        """Whether anything of these settings is shown."""
        return self.has_free(*paths) or not all(self.is_hidden(path) for path in paths)

    def _speaks_for(self, path: str, against: frozenset[str]) -> bool:
        """Whether the most exact name of a path is not one of these."""
        for name in _names_of(path):
            if name in against:
                return False
            if name in self.free:
                return True
        return True

    def changed_though_fixed(self, base: Experiment, experiment: Experiment) -> tuple[str, ...]:
        """The settings in which an experiment differs from what it was made of although they are fixed."""
        start = _followed(base, experiment, self.is_free)
        return tuple(
            row.setting for row in differing_settings((start, experiment)) if not self.is_free(row.setting)
        )

    def check(self, base: Experiment, experiment: Experiment) -> None:
        """Refuse an experiment that differs from what it was made of in anything but what is free.

        Raises:
            ExperimentError: With an issue for each such setting ("setting_fixed").
        """
        found = self.changed_though_fixed(base, experiment)
        if found:
            raise ExperimentError(Issue("setting_fixed", path, {"fixed": path}) for path in found)


def _names_of(path: str) -> Iterator[str]:
    """The names that speak for a path, the most exact one first."""
    head, *rest = path.split(".")
    yield path
    if head in (UNITS, DEPTH):
        head, rest = "layers", [head]
    elif head == "layers" and rest[-1:] == [UNITS]:
        yield UNITS
    for length in range(len(rest) - 1, -1, -1):
        yield ".".join((head, *rest[:length]))
    yield from (group for group, fields in GROUPS.items() if head in fields and group != head)
    yield ALL


def _followed(base: Experiment, experiment: Experiment, is_free: Any) -> Experiment:
    """The base with what changes others when it is changed: the depth, and how many words of the texts are kept."""
    changes: dict[str, Any] = {}
    if is_free(DEPTH) and len(hidden_dense(base)) and len(base.layers) != len(experiment.layers):
        depth = level_of(experiment, DEPTH)
        changes |= {DEPTH: depth} if depth else {}
    alike = type(base.encoding) is type(experiment.encoding)
    if alike and is_free(_NUM_WORDS) and (words := level_of(experiment, _NUM_WORDS)) is not None:
        changes |= {_NUM_WORDS: words}
    return changed(base, changes) if changes else base


def _check(parameter: str, names: tuple[str, ...]) -> None:
    if len(names) > MOST_NAMES:
        raise PresetError("fixed_too_many", field=parameter, received=len(names), bound=MOST_NAMES)
    for name in names:
        if not _is_known(name):
            known = ", ".join((ALL, *GROUPS, UNITS, DEPTH, *Experiment.model_fields))
            raise PresetError("fixed_unknown_name", field=parameter, received=name, known=known)


def _is_known(name: str) -> bool:
    if name == ALL or name in GROUPS or name in (UNITS, DEPTH) or name in Experiment.model_fields:
        return True
    in_layer = _IN_LAYER.fullmatch(name)
    if in_layer is not None:
        return in_layer[2] is None or any(_has(kind, in_layer[2]) for kind in Layer.KINDS.values())
    part, _, setting = name.partition(".")
    return any(_has(kind, setting) for kind in PARTS.get(part, {}).values())


def _has(kind: Any, setting: str) -> bool:
    return setting in kind.model_fields and setting != "kind"


WHOLE = Freedom()
"""Everything may be changed."""
