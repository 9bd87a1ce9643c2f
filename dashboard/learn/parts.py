"""What all parts of a lesson file are made of. No Streamlit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from core import presets
from core.catalog import DATASETS

#: Stands beside the type of a field that holds words of a language.
WORDS = "words"
RECORDED, OWN = "recorded-", "own:"


class Part(BaseModel):
    """A frozen part of a lesson file; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$")]


def _preset(name: str) -> str:
    if name not in presets.NAMES:
        raise ValueError(f"no preset {name}")
    return name


def _dataset(name: str) -> str:
    if name not in DATASETS:
        raise ValueError(f"no data set {name}")
    return name


def _run(name: str) -> str:
    if name.startswith(RECORDED):
        _preset(name.removeprefix(RECORDED))
    elif not name.startswith(OWN):
        raise ValueError(f"a run is {RECORDED}PRESET or {OWN}STEP, not {name}")
    return name


PresetName = Annotated[str, AfterValidator(_preset)]
DatasetName = Annotated[str, AfterValidator(_dataset)]
RunName = Annotated[str, AfterValidator(_run)]


def structure_of(part: Any) -> Any:
    """A part as plain values with a mark in the place of its words; how many words there are in a list stays."""
    if isinstance(part, BaseModel):
        return {
            name: _without_words(getattr(part, name))
            if WORDS in field.metadata
            else structure_of(getattr(part, name))
            for name, field in type(part).model_fields.items()
        }
    if isinstance(part, tuple):
        return [structure_of(one) for one in part]
    return part


def _without_words(value: Any) -> Any:
    return [WORDS for _ in value] if isinstance(value, tuple) else WORDS
