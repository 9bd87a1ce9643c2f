"""What a network says about images: drawn, distorted, or as they were in their set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import DrawingError
from core.inference.request import InferenceRequest
from core.inference.service import ImageNetwork, InferenceService

MOST_IMAGES = 64
"""So many images one question may be about: with 64 x 64 pixels in colours they fit into it."""


@dataclass(frozen=True)
class ImageAnswer:
    """The probabilities of one image: of the second class, for a single output unit; else one for each class."""

    probabilities: tuple[float, ...]
    epoch: int


@dataclass(frozen=True)
class ImagesAnswer:
    """The probabilities of each image, in the order of the question."""

    probabilities: tuple[tuple[float, ...], ...]
    epoch: int


@dataclass(frozen=True)
class ImagesRequest(InferenceRequest[ImagesAnswer]):
    """What does a network say about images, asked in one go?

    The pixels of each, row by row, in the raw range of the run's data set: 0 to 255, or 0 to 16 (digits); in colours
    each as red, green and blue.
    """

    run: str
    images: tuple[tuple[int, ...], ...]
    kind: Literal["images"] = "images"
    about_test: ClassVar[bool] = False

    def answer(self, service: InferenceService) -> ImagesAnswer:
        """The probabilities; DrawingError ("image_count", "image_size", "image_values") if these are no images."""
        network = service.image_network(self.run)
        if not 0 < len(self.images) <= MOST_IMAGES:
            raise DrawingError("image_count", received=len(self.images), bound=MOST_IMAGES)
        raw = np.stack([_image(network, pixels) for pixels in self.images])
        probabilities = network.predict(network.encode(raw))
        return ImagesAnswer(tuple(tuple(map(float, row)) for row in probabilities), network.epoch)


def _image(network: ImageNetwork, pixels: tuple[int, ...]) -> NDArray[np.uint8]:
    facts = network.run.experiment.facts
    if len(pixels) != math.prod(facts.shape):
        shape = " x ".join(map(str, facts.shape))
        raise DrawingError("image_size", received=len(pixels), shape=shape)
    if min(pixels) < 0 or max(pixels) > facts.max_value:
        raise DrawingError("image_values", lowest=min(pixels), highest=max(pixels), largest=facts.max_value)
    return np.array(pixels, dtype=np.uint8).reshape(facts.shape)
