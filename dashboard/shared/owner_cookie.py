"""The cookie by which a browser finds its own runs again: its name, and what it may hold. It names nobody."""

from __future__ import annotations

import re

NAME = "turning_point_owner"
#: What the server makes: 128 random bits. Anything else, such as the name of the command line, was made up.
_MADE_HERE = re.compile(r"[A-Za-z0-9_-]{22}")


def is_cookie(value: object) -> bool:
    """Whether a browser's cookie can be one of ours."""
    return isinstance(value, str) and _MADE_HERE.fullmatch(value) is not None
