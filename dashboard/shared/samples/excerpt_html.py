"""The beginning of a text to read, the rest a press away, as HTML; every word is escaped here. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from core.datasets.numbering import Token
from core.datasets.reading import Reading
from dashboard.shared.language import Language

#: So many words are shown at once.
WORDS = 60
_FEW_MORE = 10  # are not worth a press
_UNKNOWN = "opacity:.6;text-decoration:none;cursor:help"
_SUMMARY = "cursor:pointer;opacity:.75;font-size:.875rem;padding-top:.25rem"


def excerpt_html(reading: Reading, say: Language) -> str:
    """The words of a text in a row, without numbers and the start mark; those the network does not know are `?`.

    Args:
        reading: The text.
        say: The language of what explains a mark.
    """
    tokens = reading.tokens[1:]
    cut = WORDS if len(tokens) > WORDS + _FEW_MORE else len(tokens)
    shown = _words(tokens[:cut], reading.words[:cut], say)
    if cut < len(tokens):
        more = escape(say("mistake.more", count=f"{len(tokens) - cut:,}"))
        rest = _words(tokens[cut:], reading.words[cut:], say)
        shown += f' …<details><summary style="{_SUMMARY}">{more}</summary>… {rest}</details>'
    # English whatever the language of the page, for whoever has it read aloud.
    return f'<div lang="en" style="line-height:1.65;overflow-wrap:anywhere">{shown}</div>'


def _words(tokens: Sequence[Token], originals: Sequence[str], say: Language) -> str:
    return " ".join(_word(token, original, say) for token, original in zip(tokens, originals, strict=True))


def _word(token: Token, original: str, say: Language) -> str:
    if token.kind == "word":
        return escape(token.word)
    return f'<abbr style="{_UNKNOWN}" title="{escape(say("mistake.unknown", word=original))}">?</abbr>'
