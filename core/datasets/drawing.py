"""A drawing becomes an image like those of a data set: cut out, scaled and put in its place as the set's makers did.

A drawing is uint8 (`SIDE`, `SIDE`), 0 where there is no ink and 255 where there is. That is what the makers of both
sets of digits began with, too: black and white scans.

- "mass" (`mnist`): the ink's box is scaled so that its longer side is 20 pixels, which gives grey edges, and put into
  28 x 28 such that its centre of mass lies on the middle (LeCun, Cortes, Burges, "The MNIST database of handwritten
  digits"). Measured over the first 20,000 training images: the longer side is 20, and the centre of mass is
  (14, 14), counted from 0, give or take half a pixel for the whole steps.
- "blocks" (`digits`): the ink fills a bitmap of 32 x 32 from top to bottom, and the pixels that are on are counted in
  each block of 4 x 4, which makes 8 x 8 values from 0 to 16 (Alpaydin, Kaynak, "Optical Recognition of Handwritten
  Digits"). Measured over all images: there is ink in every row of blocks, and hardly any in the first and last
  columns. So what is wider than 20 columns is squeezed, and slanting digits are sheared upright, so that the leftmost
  ink of the last row comes below that of the first. (A classifier of these digits knows 77 % of MNIST's when they are
  made so, and 69 % without the shear.)
- "box" (`fashion_mnist`): the longer side of the garment is 28 pixels, and the middle of its box lies on the middle of
  the image (Xiao, Rasul, Vollgraf, "Fashion-MNIST"); measured over the first 2,000 training images, the middle of the
  box is never more than a pixel away; the centre of mass mostly is. Garments are photographed, not outlined: `filled`
  fills an outline.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.catalog import Drawing, dataset_info
from core.errors import DrawingError

Grey = NDArray[np.uint8]

SIDE = 128
"""Pixels along each side of a drawing."""

INK = 255
_BITMAP, _BITMAP_WIDTH, _BLOCK = 32, 20, 4
_HALF = 128
_DIRECTIONS = ((0, 1), (0, -1), (1, 1), (1, -1))


@dataclass(frozen=True)
class Box:
    """The smallest upright rectangle around all ink."""

    top: int
    left: int
    height: int
    width: int


def from_bits(content: object) -> Grey:
    """A drawing from what the pad sends: one bit a pixel, row by row, the first pixel in the highest bit, as base64.

    It may come from anybody: a `DrawingError` ("drawing_unreadable") if it is no drawing of this size.
    """
    # The length is checked before anything is made of it: 4 characters stand for 3 bytes.
    if not isinstance(content, str) or len(content) != 4 * -(-SIDE * SIDE // 8 // 3):
        raise DrawingError("drawing_unreadable", side=SIDE)
    try:
        packed = base64.b64decode(content.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise DrawingError("drawing_unreadable", side=SIDE) from error
    if len(packed) != SIDE * SIDE // 8:
        raise DrawingError("drawing_unreadable", side=SIDE)
    bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8))
    return (bits * np.uint8(INK)).reshape(SIDE, SIDE)


def to_bits(drawing: Grey) -> str:
    """What `from_bits` reads; pixels of half the ink and more are on."""
    return base64.b64encode(np.packbits(drawing >= _HALF).tobytes()).decode("ascii")


def ink_box(drawing: Grey) -> Box:
    """Where the ink is; a `DrawingError` ("drawing_empty") if there is none."""
    rows, columns = np.flatnonzero(drawing.any(axis=1)), np.flatnonzero(drawing.any(axis=0))
    if not len(rows):
        raise DrawingError("drawing_empty")
    return Box(int(rows[0]), int(columns[0]), int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1)


def centre_of_mass(image: Grey) -> tuple[float, float]:
    """Row and column of the centre of mass of an image's grey values, counted from 0; not of an empty one."""
    weights = image.astype(np.float64)
    total = weights.sum()
    if not total:
        raise DrawingError("drawing_empty")
    row = float(weights.sum(axis=1) @ np.arange(len(weights)) / total)
    return row, float(weights.sum(axis=0) @ np.arange(weights.shape[1]) / total)


def filled(drawing: Grey) -> Grey:
    """A drawing with ink wherever ink lies all around, so that an outline becomes an area.

    What is outside is swept in from the border, row by row and column by column, until nothing is gained; steps lead
    up, down, left and right, so that a slanting line of pixels touching at corners is closed.
    """
    free = np.pad(drawing < _HALF, 1, constant_values=True)
    outside = np.zeros_like(free)
    outside[[0, -1], :] = outside[:, [0, -1]] = True
    before = 0
    while (reached := int(outside.sum())) > before:
        before = reached
        for axis, step in _DIRECTIONS:
            lines, open_to = outside.swapaxes(0, axis)[::step], free.swapaxes(0, axis)[::step]
            for place in range(1, len(lines)):
                lines[place] |= lines[place - 1] & open_to[place]
    return np.where(outside[1:-1, 1:-1], drawing, INK).astype(np.uint8)


def as_drawn(drawing: Grey, dataset: str) -> Grey:
    """The whole pad, made as small as an image of a data set: what lies aside stays aside.

    A `DrawingError` ("drawing_empty") if there is no ink, as in `as_in_set`.
    """
    ink_box(drawing)
    if _way(dataset).way == "blocks":
        return _counted(_resized(drawing, _BITMAP, _BITMAP))
    return _resized(drawing, *dataset_info(dataset).shape)


def as_in_set(drawing: Grey, dataset: str) -> Grey:
    """An image as the makers of a data set would have made it from a drawing of any size, in its shape and range."""
    return as_image(drawing, _way(dataset), dataset_info(dataset).shape)


def as_image(drawing: Grey, how: Drawing, shape: tuple[int, ...]) -> Grey:
    """An image of a shape, made in some way from a drawing of any size."""
    box = ink_box(drawing)
    ink = drawing[box.top : box.top + box.height, box.left : box.left + box.width]
    if how.way == "blocks":
        return _in_blocks(ink)
    height, width = shape
    small = _fitting(ink, how.longest)
    if how.way == "mass":
        row, column = centre_of_mass(small)
        return _placed(small, height, width, height / 2 - row, width / 2 - column)
    return _placed(small, height, width, (height - len(small)) / 2, (width - small.shape[1]) / 2)


def _way(dataset: str) -> Drawing:
    drawing = dataset_info(dataset).drawing
    if drawing is None:
        raise ValueError(f"nobody can draw for {dataset}")
    return drawing


def _in_blocks(ink: Grey) -> Grey:
    ink = _upright(ink)
    width = min(_BITMAP_WIDTH, max(1, round(ink.shape[1] * _BITMAP / len(ink))))
    small = _resized(ink, _BITMAP, width)
    return _counted(_placed(small, _BITMAP, _BITMAP, 0, (_BITMAP - width) / 2))


def _upright(ink: Grey) -> Grey:
    """The ink sheared so that the leftmost ink of its last row stands below that of its first row."""
    height, width = ink.shape
    first, last = int(np.flatnonzero(ink[0])[0]), int(np.flatnonzero(ink[-1])[0])
    steps = np.rint(np.linspace(0, first - last, height)).astype(np.intp)
    steps -= steps.min()
    upright = np.zeros((height, width + int(steps.max())), dtype=np.uint8)
    for row, step in enumerate(steps):
        upright[row, step : step + width] = ink[row]
    used = np.flatnonzero(upright.any(axis=0))
    return upright[:, used[0] : used[-1] + 1]


def _fitting(ink: Grey, longest: int) -> Grey:
    """The ink with its longer side so long, its shape kept."""
    height, width = ink.shape
    scale = longest / max(height, width)
    return _resized(ink, max(1, round(height * scale)), max(1, round(width * scale)))


def _resized(image: Grey, height: int, width: int) -> Grey:
    """Made smaller each pixel is the mean of the area it stands for; made larger it lies between its neighbours."""
    from PIL import Image  # which storage, where drawings are kept, and with it the first page need not load

    grows = height > len(image) or width > image.shape[1]
    way = Image.Resampling.BILINEAR if grows else Image.Resampling.BOX
    small = np.asarray(Image.fromarray(image).resize((width, height), way))
    # Ink thinner than half a grey step would be lost altogether.
    return small if small.any() else np.maximum(small, np.uint8(1))


def _placed(small: Grey, height: int, width: int, top: float, left: float) -> Grey:
    """An image on an empty one, by whole pixels, and never so that ink would fall off the edge."""
    place = np.zeros((height, width), dtype=np.uint8)
    first = min(max(round(top), 0), height - len(small))
    second = min(max(round(left), 0), width - small.shape[1])
    place[first : first + len(small), second : second + small.shape[1]] = small
    return place


def _counted(bitmap: Grey) -> Grey:
    """How many pixels are on in each block of 4 x 4: those with at least half the ink of the darkest one."""
    blocks = len(bitmap) // _BLOCK
    on = (bitmap >= max(1, (int(bitmap.max()) + 1) // 2)).reshape(blocks, _BLOCK, blocks, _BLOCK)
    counts: Grey = on.sum(axis=(1, 3)).astype(np.uint8)
    return counts
