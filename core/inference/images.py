"""Answers about images: drawn, distorted, or as they were in their set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import DrawingError
from core.inference.networks import OpenedImages
from core.inference.questions import MOST_IMAGES, ImageAnswer, ImagesAnswer


def about_image(opened: OpenedImages, pixels: tuple[int, ...]) -> ImageAnswer:
    """What a network says about an image.

    Args:
        pixels: Row by row, each from 0 to the largest value of the network's data set.

    Raises:
        DrawingError: If these are not so many pixels ("image_size") or not of that range ("image_values").
    """
    answer = about_images(opened, (pixels,))
    return ImageAnswer(answer.probabilities[0], answer.epoch)


def about_images(opened: OpenedImages, images: tuple[tuple[int, ...], ...]) -> ImagesAnswer:
    """What a network says about several images, asked in one go.

    Args:
        images: The pixels of each, as above.

    Raises:
        DrawingError: If there are none or too many ("image_count"), or one of them is none for this network.
    """
    if not 0 < len(images) <= MOST_IMAGES:
        raise DrawingError("image_count", received=len(images), bound=MOST_IMAGES)
    raw = np.stack([_image(opened, pixels) for pixels in images])
    probabilities = opened.predict(opened.encode(raw))
    return ImagesAnswer(tuple(tuple(map(float, row)) for row in probabilities), opened.epoch)


def _image(opened: OpenedImages, pixels: tuple[int, ...]) -> NDArray[np.uint8]:
    facts = opened.run.experiment.facts
    height, width = facts.shape
    if len(pixels) != height * width:
        raise DrawingError("image_size", received=len(pixels), height=height, width=width)
    if min(pixels) < 0 or max(pixels) > facts.max_value:
        raise DrawingError("image_values", lowest=min(pixels), highest=max(pixels), largest=facts.max_value)
    return np.array(pixels, dtype=np.uint8).reshape(height, width)
