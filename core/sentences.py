"""Sentences with places for names and numbers, and nouns that agree with the numbers.

`{count}` stands for a detail, as in `str.format`. After a colon there may be two forms, for one and for any other
number: "{count} {count:epoch|epochs}" gives "1 epoch" and "12 epochs", and so "{count:is|are}". In a form, "#" is
the number itself: "{count:The only run was|All # runs were}". English needs it; a Korean noun is the same for each
number.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

_ONE = ("1", "+1", "-1", "−1")


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, other = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        if str(value).startswith("%{"):
            raise ValueError(f"a chart fills in {value} later, so no noun can agree with it: {format_spec}")
        return (one if str(value) in _ONE else other).replace("#", str(value))


_FORMATTER = _Formatter()


def filled(sentence: str, details: Mapping[str, object]) -> str:
    """A sentence with its details, which may be numbers or written already, as "1,234"; KeyError if one is missing."""
    return _FORMATTER.vformat(sentence, (), details)


def counted(number: int, noun: str) -> str:
    """A number and what it counts: "1 epoch", "1,234 epochs"; for nouns whose plural ends in s."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"
