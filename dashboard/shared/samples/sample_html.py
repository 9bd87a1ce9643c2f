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


def pixels_html(image: NDArray[np.uint8], largest: int, caption: str, t: Language) -> str:
    """An image, uint8 (height, width), enlarged so that each pixel is a square; its style is in static/answers.css."""
    height, width = image.shape
    about = t(
        "try.pixels.about",
        caption=caption,
        height=height,
        width=width,
        share=f"{(image > 0).mean():.0%}",
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
