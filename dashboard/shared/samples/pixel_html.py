"""A small image, enlarged so that each pixel is a square, in HTML. No Streamlit."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from dashboard.shared.grey_png import png_address
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
