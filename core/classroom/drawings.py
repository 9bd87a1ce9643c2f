"""What a class draws together: what each seat is asked to draw, and what it has sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.errors import ClassError
from core.plain_text import as_name

FEWEST_LABELS, MOST_LABELS = 2, 20
MOST_OF_EACH, MOST_OF_A_SEAT = 10, 60
"""How many drawings of one label, and in all, one seat may be asked for."""
DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Collection:
    """What a class is asked to draw.

    Attributes:
        title: What the set is to be called.
        labels: What is to be drawn; different names.
        each: How many of each label a seat draws.
        ended: When nothing more could be sent; None as long as it can.
        dataset: The name of the data set that was made of it last; "" for none.
    """

    id: str
    classroom: str
    title: str
    labels: tuple[str, ...]
    each: int
    opened: datetime
    ended: datetime | None = None
    dataset: str = ""

    @property
    def is_on(self) -> bool:
        """Whether drawings may be sent."""
        return self.ended is None

    @property
    def wanted(self) -> int:
        """How many drawings one seat is asked for."""
        return len(self.labels) * self.each


@dataclass(frozen=True)
class Drawn:
    """A drawing that a seat sent.

    Attributes:
        label: The place of what it shows in the labels of its collection.
        bits: The drawing, for `core.datasets.drawing.from_bits`.
        removed: Whether the teacher took it out.
    """

    number: int
    seat: int
    label: int
    bits: str
    moment: datetime
    removed: bool = False


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels as they are kept.

    Raises:
        ClassError: If there are too few or too many ("drawing_labels"), or two are the same ("drawing_label_twice").
    """
    names = tuple(name for name in map(as_name, labels) if name)
    if not FEWEST_LABELS <= len(names) <= MOST_LABELS:
        raise ClassError("drawing_labels", received=len(names), fewest=FEWEST_LABELS, most=MOST_LABELS)
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise ClassError("drawing_label_twice", received=twice)
    return names


def checked_each(each: int, labels: int) -> int:
    """How many of each label are drawn; a ClassError ("drawing_each") if that is none or more than a seat can do."""
    most = min(MOST_OF_EACH, MOST_OF_A_SEAT // labels)
    if not 1 <= each <= most:
        raise ClassError("drawing_each", received=each, most=most)
    return each


def asked_next(collection: Collection, seat: int, sent: Sequence[int]) -> int | None:
    """The label that a seat draws next, after those that it has sent; None if it has sent all.

    Each seat has an order of its own, so that also of a collection that ends early all labels are there.
    """
    counts = Counter(sent)
    for turn in range(collection.each):
        order = np.random.default_rng([seat, turn]).permutation(len(collection.labels))
        for label in order.tolist():
            if counts[label] <= turn:
                return int(label)
    return None
