"""Answers about one image: drawn, distorted, or as it was in its set."""

from __future__ import annotations

import numpy as np

from core.answers.networks import OpenedImages
from core.answers.questions import ImageAnswer
from core.errors import DrawingError


def about_image(opened: OpenedImages, pixels: tuple[int, ...]) -> ImageAnswer:
    """What a network says about an image.

    Args:
        opened: The network.
        pixels: Row by row, each from 0 to the largest value of the network's data set.

    Raises:
        DrawingError: If these are not so many pixels ("image_size") or not of that range ("image_values").
    """
    facts = opened.run.experiment.facts
    height, width = facts.shape
    if len(pixels) != height * width:
        raise DrawingError("image_size", received=len(pixels), height=height, width=width)
    if min(pixels) < 0 or max(pixels) > facts.largest:
        raise DrawingError("image_values", lowest=min(pixels), highest=max(pixels), largest=facts.largest)
    image = np.array(pixels, dtype=np.uint8).reshape(1, height, width)
    probabilities = opened.predict(opened.encode(image))[0]
    return ImageAnswer(tuple(map(float, probabilities)), opened.epoch)
