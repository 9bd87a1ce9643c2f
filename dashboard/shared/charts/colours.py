"""Colours with a meaning, the same in every figure and in both themes.

Each keeps a contrast of at least 3 : 1 against the white and the dark page, and they stay apart in the
common forms of colour blindness. Nothing is told by colour alone: lines also differ in dash and marker.
Numbers of both signs are blue below 0, white at 0, red above, by the stops of ColorBrewer's RdBu (Cynthia Brewer and
Mark Harrower, colorbrewer2.org).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TRAINING = "#1f83c9"
VALIDATION = "#d9731a"
TURNING_POINT = "#c0569f"
PREDICTION = "#2f9169"
#: Answers of a network that was told wrong labels: the true class all the same, or the wrong label by heart.
TRUTH, BY_HEART = "#00926b", "#cf4a3c"
#: The same for figures that the browser draws.
BY_NAME = {
    "training": TRAINING,
    "validation": VALIDATION,
    "turning_point": TURNING_POINT,
    "prediction": PREDICTION,
}
#: Lines and words that stand back: grids, axes, notes.
QUIET = "#8793a0"
#: Words on coloured cells of a light page, and of a dark one.
INK, INK_ON_DARK = "#1f2a33", "#f2f6f9"

STOPS = (
    "#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7",
    "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f",
)  # fmt: skip
#: One colour for each sign, where there is no scale.
POSITIVE, NEGATIVE = STOPS[8], STOPS[2]

_TABLE = np.array([[int(stop[place : place + 2], 16) for place in (1, 3, 5)] for stop in STOPS])


def colourscale(*, signed: bool = True) -> list[list[Any]]:
    """The stops in Plotly's form, from the lowest number to the highest; without a sign it begins at 0, with white."""
    stops = STOPS if signed else STOPS[len(STOPS) // 2 :]
    return [[place / (len(stops) - 1), stop] for place, stop in enumerate(stops)]


def coloured(values: NDArray[np.floating], largest: float) -> NDArray[np.uint8]:
    """Numbers of any shape as colours, uint8 (*shape, 3): red, green and blue.

    `largest` is shown darkest on either side, as is what lies beyond it; if it is 0, all is white.
    """
    middle = (len(STOPS) - 1) / 2
    share = values.astype(np.float64) / largest if largest > 0 else np.zeros(values.shape)
    places = (np.clip(share, -1, 1) + 1) * middle
    channels = [np.interp(places, np.arange(len(STOPS)), _TABLE[:, channel]) for channel in range(3)]
    rgb: NDArray[np.uint8] = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    return rgb


#: How the three colours of a pixel are named in the language files, in their order, and how much of them looks.
CHANNELS = ("red", "green", "blue")
_GREY = 127.5


def as_lights(weights: NDArray[np.floating], largest: float) -> NDArray[np.uint8]:
    """Weights of the three colours of pixels, (..., 3), as one colour a pixel, uint8: what they look for.

    0 is a middle grey; a weight makes its own colour lighter above 0 and darker below, up to `largest` on either side.
    """
    share = weights.astype(np.float64) / largest if largest > 0 else np.zeros(weights.shape)
    lights: NDArray[np.uint8] = np.rint(_GREY * (1 + np.clip(share, -1, 1))).astype(np.uint8)
    return lights


def light_gradient(channel: int) -> str:
    """The scale of one of these colours alone, from the lowest weight to the highest, as a background in CSS."""
    ends = as_lights(np.array([-1.0, 0.0, 1.0])[:, np.newaxis] * np.eye(3)[channel], 1.0)
    return f"linear-gradient(to right, {', '.join('rgb({}, {}, {})'.format(*end) for end in ends)})"


def channel_scale(channel: int) -> list[list[Any]]:
    """From black to all of one of the three colours, in Plotly's form."""
    full = np.eye(3, dtype=int)[channel] * 255
    return [[0, "#000000"], [1, "#{:02x}{:02x}{:02x}".format(*full)]]


def gradient() -> str:
    """The scale from left to right as a background in CSS."""
    return f"linear-gradient(to right, {', '.join(STOPS)})"
