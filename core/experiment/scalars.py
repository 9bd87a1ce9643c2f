"""One value as a link and the command line write it: a number, true or false, or a word."""

from __future__ import annotations

import json
import math
import re

from core.errors import PresetError

LONGEST_NUMBER = 100
"""How many characters a number may have: more than any setting needs."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SWITCHES = {"true": True, "false": False}


def scalar(text: str, name: str) -> int | float | bool | str:
    """What a text stands for: a number as JSON writes it, true or false, or else itself.

    A list or a table is none of these, so nothing that is nested is ever read. What is no number stays a text, and
    the check of its setting says so.

    Args:
        name: The setting it is for.

    Raises:
        PresetError: If it is a number that is longer than any setting needs ("number_too_long").
    """
    if text in _SWITCHES:
        return _SWITCHES[text]
    if not _NUMBER.fullmatch(text):
        return text
    if len(text) > LONGEST_NUMBER:
        raise PresetError("number_too_long", field=name, received=len(text), bound=LONGEST_NUMBER)
    value: int | float = json.loads(text)
    return value if math.isfinite(value) else text
