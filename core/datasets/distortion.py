"""Images made harder to read: turned, moved, with noise. Done again, the same distortion gives the same pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
"""An image: grey (height, width), or in colours (height, width, 3)."""
Kind = Literal["noise", "right", "down", "degrees"]
_GREY = 2


@dataclass(frozen=True)
class Distortion:
    """What is done to an image, in this order: turned, moved, then with noise.

    Degrees are anticlockwise around the middle; what is moved out of the image is lost. Noise is normal, its standard
    deviation a share of the largest value, and what leaves the range becomes its end.
    """

    degrees: float = 0.0
    right: int = 0
    down: int = 0
    noise: float = 0.0
    seed: int = 0

    @property
    def does_nothing(self) -> bool:
        """Whether an image stays as it is."""
        return not (self.degrees or self.right or self.down or self.noise)


def distorted(image: Pixels, how: Distortion, max_value: int) -> Pixels:
    """A distorted image, uint8 of the same shape and range, 0 to `max_value`.

    In colours each of the three is turned and moved alike, and gets noise of its own.
    """
    if how.degrees:
        image = _whole(_turned(image.astype(np.float32), how.degrees), max_value)
    image = _moved(image, how.down, how.right)
    if how.noise:
        # One field of noise for all strengths, so that a slider makes the same noise stronger.
        field = np.random.default_rng(how.seed).standard_normal(image.shape)
        image = _whole(image + how.noise * max_value * field, max_value)
    return image


def series(how: Distortion, kind: Kind, values: tuple[float, ...]) -> tuple[Distortion, ...]:
    """The same distortion with one of its strengths at each of some values."""
    if kind == "right":
        return tuple(replace(how, right=int(value)) for value in values)
    if kind == "down":
        return tuple(replace(how, down=int(value)) for value in values)
    if kind == "noise":
        return tuple(replace(how, noise=float(value)) for value in values)
    return tuple(replace(how, degrees=float(value)) for value in values)


def _turned(image: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """An image turned with the precision of fractions: of values up to 16 whole ones would be too coarse."""
    if image.ndim > _GREY:
        return np.stack([_turned(channel, degrees) for channel in np.moveaxis(image, -1, 0)], axis=-1)
    return np.asarray(Image.fromarray(image).rotate(degrees, Image.Resampling.BILINEAR))


def _moved(image: Pixels, down: int, right: int) -> Pixels:
    moved = np.zeros_like(image)
    height, width = image.shape[:2]
    if abs(down) < height and abs(right) < width:
        to = moved[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
        to[:] = image[max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)]
    return moved


def _whole(values: NDArray[np.floating], max_value: int) -> Pixels:
    whole: Pixels = np.rint(values).clip(0, max_value).astype(np.uint8)
    return whole
