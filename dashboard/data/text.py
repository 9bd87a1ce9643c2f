"""What the data page decides: which data set, its facts read once for all sessions, how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.catalog import DATASETS, dataset_info
from core.datasets.dataset import Subset
from core.datasets.decoded_text import DecodedText
from core.datasets.exploration import ClassCount
from core.errors import DataError
from dashboard.shared.data_words import Overview, shape_text
from dashboard.shared.language import Language
from dashboard.shared.samples.text_place import DATASET

_LONGEST = 40
_MANY_CLASSES = 12


@dataclass(frozen=True)
class Chosen:
    """The data set a visitor looks at, and why not the one in the address, if it cannot be shown."""

    name: str
    refused: DataError | None = None


def chosen(parameters: Mapping[str, str]) -> Chosen:
    """The data set that the address names; the first one if it names none, or one that does not exist."""
    first = next(iter(DATASETS))
    # Whatever stands in an address is shown as plain, short text: nothing in it is markdown.
    asked = re.sub(r"[^\w.-]", " ", parameters.get(DATASET, first))[:_LONGEST]
    try:
        return Chosen(dataset_info(asked).name)
    except DataError as error:
        return Chosen(first, error)


def count_charts(counts: Sequence[ClassCount]) -> tuple[tuple[ClassCount, ...], ...]:
    """The classes for one chart; many of them by size, the largest first, for two charts side by side."""
    if len(counts) <= _MANY_CLASSES:
        return (tuple(counts),)
    by_size = sorted(counts, key=lambda count: -count.train)
    half = -(-len(by_size) // 2)
    return (tuple(by_size[:half]), tuple(by_size[half:]))


def content_note(name: str, overview: Overview, t: Language) -> str:
    """What the shape of the training samples means."""
    first = overview.shapes[0]
    if first.lengths is None:
        count, height, width, *channels = first.shape
        return t(
            "data.content.colour" if channels else "data.content.image",
            shape=shape_text(first),
            images=f"{count:,}",
            height=height,
            width=width,
            type=first.dtype,
            largest=dataset_info(name).max_value,
        )
    return t(
        "data.content.text",
        shape=shape_text(first),
        texts=f"{first.shape[0]:,}",
        shortest=f"{first.lengths[0]:,}",
        longest=f"{first.lengths[1]:,}",
        largest=f"{first.largest:,}",
    )


#: What the session keeps where no class is chosen. A box that is shown once more takes None for no choice at all.
ALL_CLASSES = -1


def class_name(label: int, name: str) -> str:
    """A class with its number, where the name is not the number."""
    return name if name == str(label) else f"{label} · {name}"


def choose_class(place: DeltaGenerator, names: Sequence[str], t: Language, *, key: str) -> int | None:
    """A class by its name; None for all of them."""
    chosen = place.selectbox(
        t("data.class"),
        [ALL_CLASSES, *range(len(names))],
        format_func=lambda one: t("data.class.all") if one == ALL_CLASSES else class_name(one, names[one]),
        key=key,
        persist_state="session",
    )
    return None if chosen == ALL_CLASSES else chosen


def enter_row(part: Subset, last: int, t: Language, *, key: str, width: int | Literal["stretch"]) -> int:
    """The number of a sample, from 0 to the last one."""
    label = t("data.row", part=t(f"data.part.{part}"), last=f"{last:,}")
    return int(
        st.number_input(
            label, min_value=0, max_value=last, step=1, key=key, width=width, persist_state="session"
        )
        or 0
    )


def fallen_words(one: DecodedText) -> tuple[str, ...]:
    """The words of a text that are not kept, each once, in their order."""
    tokens = zip(one.tokens[1:], one.words, strict=True)
    return tuple(dict.fromkeys(word for token, word in tokens if token.kind == "unknown" and word))


def label_answer(part: Subset, row: int, label: int, names: Sequence[str], t: Language) -> str:
    """A label as the array holds it, with the class's name where that says more."""
    array, name = f"y_{part}[{row}]", names[label]
    if name == str(label):
        return t("data.sample.label", array=array, label=label)
    return t("data.sample", array=array, label=label, name=name)
