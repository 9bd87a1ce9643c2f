"""What was drawn becomes a set of images like MNIST's: made from drawings as its makers made theirs from scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.catalog.published import MNIST_DRAWING
from core.datasets.archives import Arrays
from core.datasets.drawing import as_image, from_bits
from core.errors import DataError
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.division import divide
from core.own_data.image_record import digest_of_samples, image_record, sample_digest
from core.own_data.limits import FEWEST_CLASSES, FEWEST_TRAINING
from core.own_data.making import Making

SHAPE = (28, 28)
MOST_DRAWINGS = 10_000
"""So many drawings become a set; a class of 100 that draws 60 each stays below."""


@dataclass(frozen=True)
class Labelled:
    """A drawing as the pad sends it (`core.datasets.drawing.from_bits`), with the place of its label."""

    bits: str
    label: int


def build_drawn(drawings: Sequence[Labelled], labels: Sequence[str], choices: Choices) -> Built:
    """A data set of drawings, in 28 x 28 grey values; labels that nobody drew are left out.

    Raises:
        DataError: If there are too few or too many ("own_too_few", "own_samples_too_many"), all of one label
            ("own_one_class"), or none left to test with ("own_no_test").
        DrawingError: If one of them is no drawing, or empty.
    """
    if len(drawings) > MOST_DRAWINGS:
        raise DataError("own_samples_too_many", received=len(drawings), limit=MOST_DRAWINGS)
    if len(drawings) <= FEWEST_TRAINING:
        raise DataError("own_too_few", received=len(drawings), needed=FEWEST_TRAINING + 1)
    used = sorted({one.label for one in drawings})
    if len(used) < FEWEST_CLASSES:
        raise DataError("own_one_class", received=labels[used[0]])
    images = np.stack([image_of(one.bits) for one in drawings])
    classes = np.array([used.index(one.label) for one in drawings], dtype=np.int64)
    division = divide(classes, None, choices)
    arrays: Arrays = {}
    for part, rows in (("train", division.train), ("test", division.test)):
        arrays[f"x_{part}"] = images[rows]
        arrays[f"y_{part}"] = classes[rows].astype(np.uint8)
    tested = digest_of_samples(map(sample_digest, arrays["x_test"]), arrays["y_test"])
    names = tuple(labels[label] for label in used)
    info = image_record(arrays, names, choices, source=choices.title, test_digest=tested)
    return Built(replace(info, drawing=MNIST_DRAWING), arrays, Making("drawings", choices))


def image_of(bits: str) -> NDArray[np.uint8]:
    """A drawing as it will be in the set; a DrawingError if it is none, or empty."""
    return as_image(from_bits(bits), MNIST_DRAWING, SHAPE)
