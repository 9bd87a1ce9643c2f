"""Text from outside without the signs that do something instead of being read.

Control signs drive a terminal, signs of direction (bidi) turn what follows around, and line signs forge lines. Nobody
sees any of them, so a title keeps none, and a terminal gets them only as the escapes that name them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Joins emoji to one, and shapes the letters of some scripts; the tags spell the flags of regions.
_JOINING = re.compile("[\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{TAG SPACE}-\N{CANCEL TAG}]")
#: Letters to Unicode, blank to the eye.
_BLANK_LETTERS = re.compile("[\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{HANGUL FILLER}\uffa0]")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_TERMINAL_TAKES = "\n\t"

LONGEST_TITLE = 200
"""So many characters a title keeps."""
LONGEST_NOTE = 2_000
"""So many a note may have."""
LONGEST_NAME = 60
"""So many a name keeps that somebody gave to a data set or a class in it."""

#: Signs that Markdown, HTML or Plotly take for something to do, and their full-width likes, which nobody does.
_FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "*`[]<>$~|\\:#&_{}"}


def as_title(text: str) -> str:
    """What a title keeps of a text: its first characters, composed (NFC), as one line that looks as it reads.

    Control, direction and invisible signs are left out, and what breaks a line becomes a blank; unpaired
    surrogates, which no file can hold, become "?".
    """
    return _one_line(text)[:LONGEST_TITLE].rstrip()


def as_name(text: str) -> str:
    """What the name of a data set or a class keeps of a text: a short title that means nothing but itself.

    Such names stand in headings, formulas, charts and files; whatever does something in one of them is written with
    its full-width like, but for a "_" between two letters or digits.
    """
    plain = " ".join(as_title(text).split())
    inside = re.sub(r"(?<=[^\W_])_(?=[^\W_])", "\0", plain)
    return inside.translate(_FULL_WIDTH).replace("\0", "_")[:LONGEST_NAME].rstrip()


def as_note(text: str) -> str:
    """What a note keeps of a text: its lines, each as plain as a title, without blank ones around them."""
    return "\n".join(_plain(line).rstrip() for line in text.splitlines()).strip("\n").rstrip()


def folded(text: str) -> str:
    """A title, or a part of one, as it is compared: however its letters are composed, small, large or full-width."""
    folds = unicodedata.normalize("NFKC", _one_line(text)).casefold()
    # Folding may take a composed letter apart, and putting it together may make another one to be folded.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folds).casefold()).strip()


def for_terminal(text: str) -> str:
    r"""A text that no terminal takes for a command: its control, direction and line signs as `\x1b`, `\u202e`.

    Line feeds and tabs stay: sentences of ours have them.
    """
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if sign not in _TERMINAL_TAKES and _unseen(sign)
        else sign
        for sign in text
    )


def _one_line(text: str) -> str:
    return _plain(text).strip()


def _plain(text: str) -> str:
    plain = []
    for sign in unicodedata.normalize("NFC", text):
        if not _unseen(sign):
            plain.append(sign)
        elif sign.isspace():
            plain.append(" ")
        elif unicodedata.category(sign) == "Cs":
            plain.append("?")
    # Without what stood between them a letter and an accent may become one.
    return unicodedata.normalize("NFC", "".join(plain))


@lru_cache(maxsize=4096)
def _unseen(sign: str) -> bool:
    if _JOINING.match(sign):
        return False
    return unicodedata.category(sign) in _UNSEEN or _BLANK_LETTERS.match(sign) is not None
