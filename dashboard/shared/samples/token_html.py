"""Texts as HTML, in which every word, whatever it is, is escaped. No Streamlit."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from core.datasets.decoded_text import DecodedText, PaddedText
from core.datasets.tokenization import Token
from core.experiment.data import Side
from dashboard.shared.language import Language
from dashboard.shared.samples.sample_html import written_in
from dashboard.shared.theme import stylesheet

#: The style sheet of all HTML made here.
STYLE = stylesheet("texts")


def text_html(
    reading: DecodedText, t: Language, *, with_numbers: bool, marked: Collection[str] = (), name: str = ""
) -> str:
    """A text to read: words in a row, or each with its number beneath; `marked` ones highlighted if they are kept."""
    originals = ("", *reading.words)
    pieces = [
        _piece(token, original, t, with_numbers=with_numbers, marked=marked)
        for token, original in zip(reading.tokens, originals, strict=True)
    ]
    content = "".join(pieces) if with_numbers else " ".join(pieces)
    return _box(content, name, pairs=with_numbers, lang=_lang(reading))


def written_html(text: str, name: str = "", marked: Collection[str] = ()) -> str:
    """A text as it was written; the parts looked for are highlighted, in small letters or large."""
    wanted = sorted(filter(None, marked), key=len, reverse=True)
    pieces = (
        re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE) if wanted else [text]
    )
    content = "".join(
        f"<mark>{escape(piece)}</mark>" if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )
    return _box(content, name, pairs=False, lang=written_in(text), written=True)


def padded_html(
    reading: PaddedText, cut: Side, t: Language, *, name: str = "", raw: str | None = None
) -> str:
    """A padded text: every number of it with its word, and at which end it was cut; `raw` as in a reading."""
    pieces = [_piece(token, "", t, with_numbers=True, marked=()) for token in reading.tokens]
    if reading.cut:
        note = f'<span class="tp-cut">✂ {escape(t("data.padded.cut_here", count=f"{reading.cut:,}"))}</span>'
        pieces.insert(0 if cut == "start" else len(pieces), note)
    return _box("".join(pieces), name, pairs=True, lang="en" if raw is None else written_in(raw))


def legend_html(kinds: Sequence[str], t: Language) -> str:
    """What the marks of these kinds of tokens mean: "start", "unknown", "padding"."""
    rows = "".join(
        f'<span><abbr class="tp-{kind}">{escape(_sign(kind, t))}</abbr> {escape(t(f"data.mark.{kind}"))}</span>'
        for kind in kinds
    )
    return f'<div class="tp-text tp-legend">{rows}</div>'


def _piece(token: Token, original: str, t: Language, *, with_numbers: bool, marked: Collection[str]) -> str:
    if token.kind == "word":
        word = escape(token.word)
        if token.word in marked:
            word = f"<mark>{word}</mark>"
    else:
        told = t("data.mark.was", word=original) if original else t(f"data.mark.{token.kind}")
        word = f'<abbr class="tp-{token.kind}" title="{escape(told)}">{escape(_sign(token.kind, t))}</abbr>'
    return f"<ruby>{word}<rt>{token.number}</rt></ruby>" if with_numbers else word


def _sign(kind: str, t: Language) -> str:
    return t("data.sign.start") if kind == "start" else "·" if kind == "padding" else "?"


def _lang(reading: DecodedText) -> str:
    """The language of a text: published ones are English."""
    return "en" if reading.raw is None else written_in(reading.raw)


def _box(content: str, name: str, *, pairs: bool, lang: str, written: bool = False) -> str:
    kind = "tp-text tp-pairs" if pairs else "tp-text tp-written" if written else "tp-text"
    # The language is that of the text, for whoever has it read aloud; to be scrolled by key.
    return (
        f'<div class="{kind}" role="region" tabindex="0" lang="{lang}" '
        f'aria-label="{escape(name)}">{content}</div>'
    )
