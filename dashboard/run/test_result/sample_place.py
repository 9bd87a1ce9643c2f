"""Which test sample of a run an address names. No Streamlit."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.shared.language import Message

#: The address parameter that names a test sample.
SAMPLE = "sample"
_SHOWN = 20


@dataclass(frozen=True)
class SamplePlace:
    """A test sample, as a link names it.

    Attributes:
        row: Where it stands in the test set, from 0; None if the address names none that there is.
        refused: Why what it names is none; None if it names none at all, or one that there is.
    """

    row: int | None = None
    refused: Message | None = None


def sample_place(named: str | None, samples: int) -> SamplePlace:
    """The sample that an address names.

    Args:
        named: The parameter as it stands in the address; None without one.
        samples: How many test samples there are.
    """
    if not named:
        return SamplePlace()
    last = samples - 1
    # `isdecimal` holds for other digits too, and `int` reads them; a number of a thousand digits it would not.
    if named.isdecimal() and len(named) <= len(str(last)) and int(named) <= last:
        return SamplePlace(int(named))
    return SamplePlace(refused=Message("sample.not_there", {"received": named[:_SHOWN], "last": f"{last:,}"}))
