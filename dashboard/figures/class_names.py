"""How a class is called where there is little room."""

from __future__ import annotations


def brief(name: str) -> str:
    """A name without what explains it in brackets: of "earn (earnings)" only "earn"."""
    return name.partition(" (")[0] or name
