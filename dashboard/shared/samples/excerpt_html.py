"""The beginning of a text to read, the rest a press away, as HTML; every word is escaped here. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from core.datasets.decoded_text import DecodedText
from core.datasets.tokenization import Token
from dashboard.shared.language import Language

#: So many words are shown at once.
WORDS = 60
_FEW_MORE = 10  # are not worth a press
_UNKNOWN = "opacity:.6;text-decoration:none;cursor:help"
_SUMMARY = "cursor:pointer;opacity:.75;font-size:.875rem;padding-top:.25rem"


def excerpt_html(reading: DecodedText, t: Language) -> str:
    """The words of a text in a row, without numbers and the start mark; those the network does not know are `?`."""
    tokens = reading.tokens[1:]
    cut = WORDS if len(tokens) > WORDS + _FEW_MORE else len(tokens)
    shown = _words(tokens[:cut], reading.words[:cut], t)
    if cut < len(tokens):
        more = escape(t("mistake.more", count=f"{len(tokens) - cut:,}"))
        rest = _words(tokens[cut:], reading.words[cut:], t)
        shown += f' …<details><summary style="{_SUMMARY}">{more}</summary>… {rest}</details>'
    # English whatever the language of the page, for whoever has it read aloud.
    return f'<div lang="en" style="line-height:1.65;overflow-wrap:anywhere">{shown}</div>'


def _words(tokens: Sequence[Token], originals: Sequence[str], t: Language) -> str:
    return " ".join(_word(token, original, t) for token, original in zip(tokens, originals, strict=True))


def _word(token: Token, original: str, t: Language) -> str:
    if token.kind == "word":
        return escape(token.word)
    return f'<abbr style="{_UNKNOWN}" title="{escape(t("mistake.unknown", word=original))}">?</abbr>'
