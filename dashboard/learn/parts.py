"""What all parts of a lesson file are made of. No Streamlit."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from core import presets
from core.catalog import DATASETS
from dashboard.shared.word_files import WORDS, Part, Text

__all__ = ["WORDS", "DatasetName", "Part", "PresetName", "RunName", "StepId", "Text"]

RECORDED, OWN = "recorded-", "own:"

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
