"""Texts as they are kept: composed letters, no sign that nobody sees, their lines as they came."""

from __future__ import annotations

import re
import unicodedata

from core.plain_text import as_note, as_title

_WHOLE = re.compile(r"[+-]?\d{1,15}\.0*")
_BREAKS = {ord("\r"): "\n", ord("\n"): "\n", ord("\t"): " "}


def as_written(text: str) -> str:
    r"""A text as it is shown and cut: NFC, without control and direction signs, and blanks around it.

    Whatever breaks a line is "\n".
    """
    text = text.replace("\r\n", "\n").translate(_BREAKS).strip()
    if text.replace("\n", " ").isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    return as_note(text).strip()


def has_unseen(text: str) -> bool:
    """Whether there is a control sign in a text that breaks no line, as byte 0."""
    return any(sign < " " and sign not in "\n\r\t" for sign in text) if not text.isprintable() else False


def label_of(text: str) -> str:
    """The label of a class as a file has it: one line without blanks around it; whole numbers without a point."""
    label = " ".join(as_title(text).split())
    return label.partition(".")[0] if _WHOLE.fullmatch(label) else label
