"""The classes of own data: their order, and names that mean nothing but themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.catalog.own import checked_names
from core.errors import DataError
from core.own_data.entries import natural
from core.own_data.limits import FEWEST_CLASSES, MOST_CLASSES
from core.plain_text import as_name

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{0,15})?")


def ordered(labels: Iterable[str]) -> tuple[str, ...]:
    """The different labels in the order of their numbers: numbers by value, all others by name, "img2" before "img10".

    Raises:
        DataError: If there are too few or too many.
    """
    found = set(labels)
    if len(found) < FEWEST_CLASSES:
        only = next(iter(found), "")
        raise DataError("own_one_class", received=as_name(only))
    if len(found) > MOST_CLASSES:
        raise DataError("own_many_classes", received=len(found), limit=MOST_CLASSES)
    if all(_NUMBER.fullmatch(one) for one in found):
        return tuple(sorted(found, key=lambda one: (float(one), one)))
    return tuple(sorted(found, key=natural))


def named(labels: Sequence[str], chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """What classes are called: as chosen, or as their labels read, each in its own words.

    Raises:
        DataError: If the names that were chosen are too many, too few, empty or equal.
    """
    if chosen:
        return checked_names(tuple(map(as_name, chosen)), len(labels))
    taken: list[str] = []
    for place, label in enumerate(labels):
        name = as_name(label) or str(place)
        while name in taken:
            name = as_name(f"{name[:50]} ({place})")
        taken.append(name)
    return tuple(taken)
