"""Grey values, or colours, as a picture that a browser shows without asking for a file."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


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
