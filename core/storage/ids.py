"""Run ids: short enough to read out, long enough not to be guessed, safe in a link and as a folder name."""

from __future__ import annotations

import re
import secrets

# No 0/o, 1/i/l: they look alike on a projector. 31 ** 10 ids: 49 bits of chance.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 10
_PATTERN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")


def new_run_id() -> str:
    """Ten characters drawn by the operating system's generator."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_run_id(text: str) -> bool:
    """Whether a run could have this id: 1 to 32 letters, digits, `-` and `_`, not beginning with those."""
    return _PATTERN.fullmatch(text) is not None
