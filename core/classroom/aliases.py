"""Names that hide nicknames on the projector: a colour and an animal that follow from the number of the seat."""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = ("red", "orange", "yellow", "green", "blue", "teal", "purple", "pink", "brown", "grey")
ANIMALS = ("fox", "bear", "rabbit", "tiger", "otter", "whale", "owl", "turtle", "penguin", "deer")


@dataclass(frozen=True)
class Alias:
    """The hidden name of a seat, which stays as long as the seat does."""

    colour: str
    animal: str
    #: Which of the seats with this colour and animal it is, from 1; more than one only after a hundred seats.
    which: int = 1


def alias(seat: int) -> Alias:
    """The name of a seat by its number, from 1: of any hundred that follow each other no two are the same.

    Neighbours differ in both words.
    """
    round_, place = divmod(seat - 1, len(COLOURS) * len(ANIMALS))
    row, colour = divmod(place, len(COLOURS))
    return Alias(COLOURS[colour], ANIMALS[(row + colour) % len(ANIMALS)], round_ + 1)
