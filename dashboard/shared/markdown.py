"""Text of others among text of ours, wherever Streamlit reads Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from core.sentences import filled

#: What Markdown, Streamlit's icons and colours and formulas are made of, and what only counts where a line begins.
_SPECIAL = re.compile(
    r"""
      [\\`*\[\]~$<>|]
    | (?<![^\W_]) _ | _ (?![^\W_])   # within a word it is no emphasis
    | : (?=\S)
    | & (?=[\w#])
    | ^ (?: = | [-+] (?=[\s-]|$) | \# (?=[\s\#]|$) )
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
#: What Streamlit makes links, icons, emoji and arrows of even where its signs are escaped. An invisible sign that
#: no line may be broken at (WORD JOINER) takes it apart.
_FOUND_LATER = re.compile(
    r"""
      (?<=\w)(?=://)          # http://
    | (?<=www)(?=\.)          # www.
    | (?<=@)(?=\w)            # somebody@
    | (?<=:)(?=[\w+-]+[:/])   # :material/home:, :streamlit:, :smile:
    | (?<=[-<>=~])(?=[-<>=~]) # -> and the like
    """,
    re.VERBOSE | re.IGNORECASE,
)
_JOINER = "\N{WORD JOINER}"
_LONGEST = 1_000


def escaped(text: str) -> str:
    """Text that shall appear as it was typed, on one line, where Streamlit would read Markdown, icons and formulas."""
    plain = _FOUND_LATER.sub(_JOINER, one_line(text))
    return _NUMBERED.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", plain))


def one_line(text: str) -> str:
    """Text without line breaks, signs that steer a screen, or signs that turn the direction of the words around it.

    What is longer than a sentence can bear is cut.
    """
    shown = "".join(" " if _steers(one) else one for one in text[: _LONGEST + 1])
    line = " ".join(shown.split())
    return f"{line[:_LONGEST]}…" if len(text) > _LONGEST else line


def _steers(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(sign) in {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip


def sentence(words: str, details: Mapping[str, object]) -> str:
    """A sentence of ours, which may hold Markdown, with details of others, which may not.

    The words have `{names}` of details, as `core.sentences` has them, also between backticks; numbers stay numbers.
    """
    # Between backticks nothing is read as Markdown but the backtick that ends it.
    parts = words.split("`")
    text = {name: _kept(value, code=False) for name, value in details.items()}
    code = {name: _kept(value, code=True) for name, value in details.items()}
    return "`".join(filled(part, code if place % 2 else text) for place, part in enumerate(parts))


def _kept(value: object, *, code: bool) -> object:
    return value if isinstance(value, int | float) else _Foreign(value, code=code)


class _Foreign:
    """A value that is escaped however a sentence asks for it: `{name}`, `{name!r}` or `{name:>8}`."""

    def __init__(self, value: object, *, code: bool) -> None:
        self._value = value
        self._code = code

    def _shown(self, text: str) -> str:
        return one_line(text).replace("`", "'") if self._code else escaped(text)

    def __str__(self) -> str:
        return self._shown(str(self._value))

    def __repr__(self) -> str:
        return self._shown(repr(self._value))

    def __format__(self, specification: str) -> str:
        return self._shown(format(self._value, specification))
