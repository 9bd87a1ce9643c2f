"""Which text a visitor looks at, what the address says of it, and which numbers of words are offered. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from core.datasets.dataset import Subset
from core.datasets.tokenization import FIRST_WORD
from dashboard.shared.language import Message
from dashboard.shared.url_state import Property, UrlState, one_of, whole_number

#: The parameters of the address of the data page.
DATASET, PART, ROW, SEARCH = "dataset", "part", "row", "search"
PARTS: tuple[Subset, ...] = ("train", "test")
#: So many characters a search may have.
LONGEST_SEARCH = 80
#: Lengths of padded texts that still can be looked at as a whole.
PADDED_LENGTHS = (20, 50, 100, 200, 300, 500)
FIRST_PADDED_LENGTH = 100
_USUAL_WORDS = 10_000


class TextPlace(NamedTuple):
    """A text among others, as a link names it: training or test set, its number there, and what was searched for."""

    part: Subset = "train"
    row: int = 0
    search: str = ""


def _search(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SEARCH]


def _no_part(text: str) -> Message:
    return Message("data.text.no_part", {"received": text})


_PART = Property(PART, PARTS[0], one_of(PARTS, _no_part))


def text_address(part: Subset, texts: int) -> UrlState:
    """The rows of an address that names a text of a part that has so many, at least one."""

    def no_row(text: str) -> Message:
        details = {"received": text, "part": Message(f"data.part.{part}"), "last": f"{texts - 1:,}"}
        return Message("data.text.no_row", details)

    return UrlState(_PART, Property(ROW, 0, whole_number(texts - 1, no_row)), Property(SEARCH, "", _search))


def text_place(
    parameters: Mapping[str, str], sizes: Mapping[Subset, int]
) -> tuple[TextPlace, tuple[Message, ...]]:
    """The text that an address names, and why it leads elsewhere, if it does: to the first one.

    The sizes tell how many texts each part has.
    """
    part, refused = _PART.read(parameters)
    if refused:  # a number without a set names nothing
        parameters = {name: text for name, text in parameters.items() if name == SEARCH}
    values, notes = text_address(part, sizes[part]).read(parameters)
    return TextPlace(**values), refused or notes


def word_limits(words: int) -> tuple[int, ...]:
    """Values of `num_words` to choose from: 10, 20, 50, 100, ... and at last the one that keeps every word."""
    everything = words + FIRST_WORD
    steps = (base * 10**power for power in range(1, 7) for base in (1, 2, 5))
    return (*(step for step in steps if step < everything), everything)


def first_word_limit(words: int) -> int:
    """The value of `num_words` to begin with: the usual 10,000, or the next lower one that drops words."""
    limits = word_limits(words)
    return max((limit for limit in limits[:-1] if limit <= _USUAL_WORDS), default=limits[-1])
