"""Which text a visitor looks at, what the address says of it, and which numbers of words are offered. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.datasets.exploration import Subset
from core.datasets.tokenization import FIRST_WORD
from dashboard.shared.language import Message

#: The parameters of the address of the data page.
DATASET, PART, ROW, SEARCH = "dataset", "part", "row", "search"
PARTS: tuple[Subset, ...] = ("train", "test")
#: So many characters a search may have.
LONGEST_SEARCH = 80
#: Lengths of padded texts that still can be looked at as a whole.
PADDED_LENGTHS = (20, 50, 100, 200, 300, 500)
FIRST_PADDED_LENGTH = 100
_USUAL_WORDS = 10_000
_SHOWN = 20


@dataclass(frozen=True)
class TextPlace:
    """A text among others, as a link names it.

    Attributes:
        part: Training or test set.
        row: The text's number there, from 0.
        search: What was searched for; "" for nothing.
        refused: Why the address leads elsewhere; None if it does not.
    """

    part: Subset = "train"
    row: int = 0
    search: str = ""
    refused: Message | None = field(default=None, compare=False)

    def parameters(self) -> dict[str, str]:
        """What an address says of it; nothing of what goes without saying."""
        said = {PART: self.part, ROW: str(self.row), SEARCH: self.search}
        usual = {PART: PARTS[0], ROW: "0", SEARCH: ""}
        return {key: value for key, value in said.items() if value != usual[key]}


def text_place(parameters: Mapping[str, str], sizes: Mapping[Subset, int]) -> TextPlace:
    """The text that an address names; the first one where it names none, or one that does not exist."""
    search = " ".join(parameters.get(SEARCH, "").split())[:LONGEST_SEARCH]
    asked = parameters.get(PART, PARTS[0])
    part = next((each for each in PARTS if each == asked), None)
    if part is None:
        return TextPlace(search=search, refused=Message("data.text.no_part", {"received": asked[:_SHOWN]}))
    row = parameters.get(ROW, "0")
    last = sizes[part] - 1
    # `isdecimal` holds for other digits too, and `int` reads them; a number of a thousand digits it would not.
    if not row.isdecimal() or len(row) > len(str(last)) or int(row) > last:
        refused = Message("data.text.no_row", {"received": row[:_SHOWN], "part": part, "last": f"{last:,}"})
        return TextPlace(part, search=search, refused=refused)
    return TextPlace(part, int(row), search)


def word_limits(words: int) -> tuple[int, ...]:
    """Values of `num_words` to choose from: 10, 20, 50, 100, ... and at last the one that keeps every word."""
    everything = words + FIRST_WORD
    steps = (base * 10**power for power in range(1, 7) for base in (1, 2, 5))
    return (*(step for step in steps if step < everything), everything)


def first_word_limit(words: int) -> int:
    """The value of `num_words` to begin with: the usual 10,000, or the next lower one that drops words."""
    limits = word_limits(words)
    return max((limit for limit in limits[:-1] if limit <= _USUAL_WORDS), default=limits[-1])
