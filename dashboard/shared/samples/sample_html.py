"""Samples as HTML: a text whose rest is a press away, every word escaped, and a small image. No Streamlit."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.datasets.decoded_text import DecodedText
from core.datasets.tokenization import Token
from dashboard.shared.language import Language

#: So many words are shown at once.
WORDS = 60
_GREY = 2
_FEW_MORE = 10  # are not worth a press
#: So many characters of a text that is shown as it was written.
_SIGNS = 300
_UNKNOWN = "opacity:.6;text-decoration:none;cursor:help"
_SUMMARY = "cursor:pointer;opacity:.75;font-size:.875rem;padding-top:.25rem"


def excerpt_html(reading: DecodedText, t: Language) -> str:
    """A text as it was written; where only its words are known, they stand in a row, those that are not kept as `?`."""
    if reading.raw is not None:
        return _written(reading.raw, t)
    tokens = reading.tokens[1:]
    cut = WORDS if len(tokens) > WORDS + _FEW_MORE else len(tokens)
    shown = _words(tokens[:cut], reading.words[:cut], t)
    if cut < len(tokens):
        more = escape(t("mistake.more", count=f"{len(tokens) - cut:,}"))
        rest = _words(tokens[cut:], reading.words[cut:], t)
        shown += f' …<details><summary style="{_SUMMARY}">{more}</summary>… {rest}</details>'
    # English whatever the language of the page, for whoever has it read aloud.
    return f'<div lang="en" style="line-height:1.65;overflow-wrap:anywhere">{shown}</div>'


def _written(text: str, t: Language) -> str:
    """A text with its lines, of a long one its beginning."""
    if len(text) <= _SIGNS + _FEW_MORE:
        shown = escape(text)
    else:
        # Between two words, if there is a place near.
        cut = max(text.rfind(" ", 0, _SIGNS), text.rfind("\n", 0, _SIGNS))
        cut = cut if cut > _SIGNS // 2 else _SIGNS
        more = escape(t("mistake.more.signs", count=f"{len(text) - cut:,}"))
        shown = (
            f'{escape(text[:cut])} …<details><summary style="{_SUMMARY}">{more}</summary>'
            f"… {escape(text[cut:].lstrip())}</details>"
        )
    style = "line-height:1.65;overflow-wrap:anywhere;white-space:pre-wrap"
    return f'<div lang="{written_in(text)}" dir="auto" style="{style}">{shown}</div>'


def written_in(text: str) -> str:
    """For whoever has a text read aloud: "ko" if there is Hangul in it, else "" for not known."""
    return "ko" if any("가" <= sign <= "힣" for sign in text) else ""


def _words(tokens: Sequence[Token], originals: Sequence[str], t: Language) -> str:
    return " ".join(_word(token, original, t) for token, original in zip(tokens, originals, strict=True))


def _word(token: Token, original: str, t: Language) -> str:
    if token.kind == "word":
        return escape(token.word)
    return f'<abbr style="{_UNKNOWN}" title="{escape(t("mistake.unknown", word=original))}">?</abbr>'


def pixels_html(image: NDArray[np.uint8], largest: int, caption: str, t: Language) -> str:
    """An image, grey (height, width) or colours (..., 3), each pixel a square; its style is in static/answers.css."""
    height, width = image.shape[:2]
    seen = image > 0 if image.ndim == _GREY else (image > 0).any(axis=-1)
    about = t(
        "try.pixels.about",
        caption=caption,
        height=height,
        width=width,
        share=f"{seen.mean():.0%}",
    )
    return (
        f'<figure class="tp-pixels"><img src="{png_address(image, largest)}" alt="{escape(about)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def png_address(pixels: NDArray[np.uint8], largest: int) -> str:
    """A PNG as a data address: of grey values from 0 to `largest`, uint8 (height, width), or of colours (..., 3)."""
    grey = np.rint(pixels.astype(np.float32) * (255 / largest)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
