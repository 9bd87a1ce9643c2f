"""A small image, enlarged so that each pixel is a square, in HTML. No Streamlit."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dashboard.shared.language import Language


def pixels_html(image: NDArray[np.uint8], largest: int, caption: str, t: Language) -> str:
    """The image with its caption; its style is in static/answers.css.

    Args:
        image: uint8 (height, width).
        largest: The value that is shown white.
    """
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
    """A PNG as a data address, grey or in colours.

    Args:
        pixels: uint8 (height, width), values from 0 to `largest`; or (height, width, 3), the same for each colour.
        largest: The value that is shown white.
    """
    grey = np.rint(pixels.astype(np.float32) * (255 / largest)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
