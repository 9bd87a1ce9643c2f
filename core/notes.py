"""What whoever owns a run or a comparison writes down of it: what is expected before, what was seen after."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import RunError
from core.plain_text import LONGEST_NOTE, as_note

KINDS = ("hypothesis", "saw")
"""What can be written down, in the order in which it is."""


def checked_note(text: str) -> str:
    """A note as it is kept: plain lines.

    Raises:
        RunError: If it is too long ("note_too_long").
    """
    note = as_note(text)
    if len(note) > LONGEST_NOTE:
        raise RunError("note_too_long", received=len(note), most=LONGEST_NOTE, over=len(note) - LONGEST_NOTE)
    return note


def merged(known: Mapping[str, str] | None, changes: Mapping[str, str]) -> dict[str, str]:
    """The notes with some of them changed; an empty one goes. Raises as `checked_note`."""
    if unknown := changes.keys() - set(KINDS):
        raise ValueError(f"no kinds of notes: {sorted(unknown)}")
    found = {**(known or {}), **{kind: checked_note(text) for kind, text in changes.items()}}
    return {kind: found[kind] for kind in KINDS if found.get(kind)}
