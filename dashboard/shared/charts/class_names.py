"""How a class is called where there is little room."""

from __future__ import annotations

_MOST = 14  # characters beside a matrix


def brief(name: str) -> str:
    """A name without what explains it in brackets: of "earn (earnings)" only "earn"."""
    return name.partition(" (")[0] or name


def cut(name: str) -> str:
    """A name with no more characters than there is room for beside a matrix."""
    return name if len(name) <= _MOST else f"{name[: _MOST - 1]}…"
