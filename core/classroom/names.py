"""The code of a class, and the nicknames in it: what is taken, and how it is compared."""

from __future__ import annotations

import re
import secrets
import unicodedata

from core.errors import ClassError
from core.plain_text import as_title, folded

CODE_LENGTH = 6
# No vowels, so that no code is a word; nothing that is read as another letter or a digit. 19 ** 6: 47 million.
_LETTERS = "BCDFGHJKLMNPQRSTVWX"
_CODE = re.compile(f"[{_LETTERS}]{{{CODE_LENGTH}}}")
_BETWEEN = re.compile(r"[\s\-_.·]+")

LONGEST_NICKNAME = 24
"""So many characters a nickname may have: as many as a tile of the board can show."""


def new_code() -> str:
    """A code that nobody can guess from another one."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def as_code(text: str) -> str:
    """A code as somebody typed it: small letters, full-width ones, blanks and hyphens between them do no harm.

    Raises:
        ClassError: If it cannot be a code ("class_code").
    """
    typed = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    if _CODE.fullmatch(typed) is None:
        raise ClassError("class_code", received=as_title(text), length=CODE_LENGTH)
    return typed


def as_nickname(text: str) -> str:
    """A nickname as it is kept and shown: one plain line.

    Raises:
        ClassError: If nothing of it can be seen ("nickname_empty"), or it is too long ("nickname_long").
    """
    name = as_title(text[: 50 * LONGEST_NICKNAME])
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in name):
        raise ClassError("nickname_empty")
    if len(name) > LONGEST_NICKNAME:
        raise ClassError("nickname_long", received=len(text), most=LONGEST_NICKNAME)
    return name


def same_name(nickname: str) -> str:
    """What two nicknames that look alike have in common: letter case, width and blanks make no other name."""
    return "".join(folded(nickname).split())
