"""The exceptions a caller of `core` may meet, and the sentence that goes with each.

Every error carries a `code` and `details`, so that a page can say it in the reader's language, and reads
as one English sentence by itself: what is wrong, what was received, what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.sentences import filled

#: One sentence a code, from `errors.json` beside this. `{names}` are filled from the details, as `core.sentences` says;
#: the dashboard says the same in Korean under "error.CODE".
MESSAGES: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

#: How many characters of what somebody typed a sentence repeats, and beyond how many bits a number is cut too.
LONGEST_ECHO, _LONG_NUMBER = 80, 64
#: The details that repeat what somebody typed, with as much of each as a sentence bears.
_ECHOES = {
    "received": LONGEST_ECHO,
    "field": LONGEST_ECHO,
    "setting": LONGEST_ECHO,
    "reason": 3 * LONGEST_ECHO,
}


def short(value: object, most: int = LONGEST_ECHO) -> str:
    """What was received, fit to be repeated in a sentence: after `most` characters "…" stands for the rest.

    A text is taken as it is, anything else as Python writes it.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to write a number of more than 4,300 digits: only the first ones are worked out.
        beyond = max(0, int(value.bit_length() * 0.30103) - 2 * most)
        text = f"{'-' if value < 0 else ''}{abs(value) // 10**beyond}"
    else:
        text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _with_short_echoes(details: Mapping[str, object]) -> dict[str, object]:
    found = dict(details)
    for name in _ECHOES.keys() & found.keys():
        value = found[name]
        if isinstance(value, str) or (isinstance(value, int) and value.bit_length() > _LONG_NUMBER):
            found[name] = short(value, _ECHOES[name])
    return found


class TurningPointError(Exception):
    """Base of all errors of this package.

    Args:
        code: A key of `MESSAGES`.
        **details: What the sentence names; plain strings and numbers. What repeats a long input is cut short.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = _with_short_echoes(details)
        super().__init__(filled(MESSAGES[code], self.details))

    def __reduce__(self) -> tuple[object, ...]:
        # As exceptions are copied to other processes by themselves, the sentence would become the code.
        return _again, (type(self), self.code, self.details)


def _again(kind: type[TurningPointError], code: str, details: Mapping[str, object]) -> TurningPointError:
    return kind(code, **details)


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with an experiment.

    Attributes:
        code: A key of `MESSAGES`.
        where: The setting it concerns, dotted and from 0: "epochs", "layers.2.units"; "" for the whole.
        details: What the sentence names. What repeats a long input is cut short.
    """

    code: str
    where: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "details", _with_short_echoes(self.details))

    def __str__(self) -> str:
        return filled(MESSAGES[self.code], self.details)


class ExperimentError(TurningPointError):
    """An experiment that cannot be: everything found wrong with it is in `problems`, the first one first."""

    def __init__(self, problems: Iterable[Issue]) -> None:
        self.problems: tuple[Issue, ...] = tuple(problems)
        first = self.problems[0]
        super().__init__(first.code, **first.details)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class PresetError(TurningPointError):
    """A preset, experiment file or link that cannot be read."""


class PlanError(TurningPointError):
    """A plan of several experiments that cannot be."""


class DataError(TurningPointError):
    """A data set that is missing, damaged or out of reach."""


class DataMissingError(DataError):
    """The data set is not on this computer."""


class DataDamagedError(DataError):
    """A file does not hold what it should; nothing of it was used."""


class NoNetworkError(DataError):
    """The data set could not be fetched."""


class TextError(TurningPointError):
    """A typed text from which no input for a network can be made."""


class DrawingError(TurningPointError):
    """Nothing can be made of an image that a person drew."""


class SettingsError(TurningPointError):
    """A variable of the environment that cannot be what it says."""


class StorageError(TurningPointError):
    """The database or the artifact folder does not answer."""


class DatabaseAwayError(StorageError):
    """The database does not answer now, as while it restarts or somebody has locked it; it may come back."""


class DatabaseLostError(StorageError):
    """The database was away for so long that nobody waits for it any more."""


class DiskFullError(StorageError):
    """There is no room on the disk; what was to be written was not."""


class UnknownRunError(StorageError):
    """A run that is not, or no longer, in storage."""


class UnknownStudyError(StorageError):
    """There is no study of this id."""


class ArtifactMissingError(StorageError):
    """A file of a run that was never written."""


class ArtifactDamagedError(StorageError):
    """A file of a run that does not hold what was written."""


class RunError(TurningPointError):
    """Something asked of a run that its state does not allow."""


class ClassError(TurningPointError):
    """Something in a class that is not there, is taken, or may not be."""


class JobError(TurningPointError):
    """A training that cannot be queued, or a question that is not answered."""
