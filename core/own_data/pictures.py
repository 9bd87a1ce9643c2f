"""Pictures: decoded from files of any size and mode, and brought into the form that was chosen.

A picture is uint8 (height, width) if it is grey, (height, width, 3) if it has colours, whatever its file says of that.
It stands upright as its camera recorded, and white lies under what is transparent; of one that moves the first image
counts. Of large pictures a part of the pixels is averaged as soon as they are read, so that memory stays bounded. All
of it gives the same bytes each time.
"""

from __future__ import annotations

import base64
import io
import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, WebPImagePlugin

from core.datasets.archives import UNREADABLE
from core.own_data.choices import SHAPES, Choices
from core.own_data.entries import UnreadableError
from core.own_data.limits import LIMITS, Limits
from core.own_data.picture_kinds import kind_of, webp_size
from core.own_data.understood import SampleFound

Pixels = NDArray[np.uint8]

#: What a damaged picture makes its decoder raise.
_DAMAGED = (*UNREADABLE, struct.error, ArithmeticError, AttributeError, Image.DecompressionBombError)
#: WebP is named by its plugin, or Pillow would load those of all other kinds to look for it.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", WebPImagePlugin.WebPImageFile.format)
#: A JPEG file may hold several pictures, too, as telephones write them: those do not move.
_MOVING = ("GIF", "WEBP", "PNG")
_HEAD = 32
#: The shorter side of a picture is made no smaller than this before it is fitted into its form.
_ENOUGH = 256
_ORIENTATION = 0x0112
_UPRIGHT, _TURNED = 1, range(2, 9)
_WHITE = (255, 255, 255, 255)
_LARGEST_16, _LARGEST = 65_535, 255
_COLOURS = 3
_ROWS = 256
#: Pixels of the longer side of a sample to be looked at.
_SHOWN = 128
_SMALL = Image.Resampling.BILINEAR


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: Those of a large one are fewer than its file has.
        size: (height, width) as it stands upright, with all pixels.
        transparent: Whether white was laid under parts of it.
        turned: Whether it was turned upright.
        moving: Whether it is the first of several pictures.
    """

    pixels: Pixels
    size: tuple[int, int]
    transparent: bool = False
    turned: bool = False
    moving: bool = False


@dataclass(frozen=True)
class Preview:
    """A sample as it came and as it becomes by the choices made, both as PNG in base64."""

    label: int
    before: str
    after: str


def decode(content: bytes, limits: Limits = LIMITS) -> Picture:
    """Decode a PNG, JPEG, GIF, WebP or BMP file.

    Raises:
        UnreadableError: If it is none, is damaged ("damaged"), has too many pixels ("too_large"), or is HEIC ("heic").
    """
    head = content[:_HEAD]
    if kind_of(head) == "heic":
        raise UnreadableError("heic")
    if math.prod(webp_size(head) or ()) > limits.pixels:
        raise UnreadableError("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > limits.pixels:
                raise UnreadableError("too_large")
            # JPEG files can be read in an eighth of the time at an eighth of the size.
            image.draft(None, (_ENOUGH, _ENOUGH))
            moving = _moves(image)
            image.load()
            upright, turned = _upright(image)
            flat, transparent = _opaque(_averaged(upright))
            pixels = np.asarray(flat)
    except Image.DecompressionBombError as error:
        raise UnreadableError("too_large") from error
    except _DAMAGED as error:
        raise UnreadableError("damaged") from error
    swapped = turned and (upright.width > upright.height) != (width > height)
    size = (width, height) if swapped else (height, width)
    return Picture(grey_if_so(pixels), size, transparent, turned, moving)


def grey_if_so(pixels: Pixels) -> Pixels:
    """A picture without its colours if it shows none."""
    if pixels.ndim != _COLOURS:
        return pixels
    first = pixels[..., 0]
    if np.array_equal(first, pixels[..., 1]) and np.array_equal(first, pixels[..., 2]):
        return np.ascontiguousarray(first)
    return pixels


def fitted(pixels: Pixels, choices: Choices) -> Pixels:
    """A picture in the form that was chosen: uint8 of the shape of `SHAPES`.

    One that has that form already stays as it is, but for being inverted. What is grey becomes three equal colours,
    and colours become grey as bright as they look (ITU-R 601).
    """
    shape = SHAPES[choices.image_shape]
    side = shape[0]
    made = pixels
    if pixels.shape != shape:
        image = Image.fromarray(pixels)
        mode = "RGB" if len(shape) == _COLOURS else "L"
        if image.mode != mode:
            image = image.convert(mode)
        if image.size != (side, side):
            image = _FITS[choices.fit](image, side)
        made = np.asarray(image)
    return ~made if choices.invert else made


def all_fitted(block: Pixels, choices: Choices) -> Pixels:
    """Several pictures of one size, uint8 (n, height, width) or (n, height, width, 3), in the form that was chosen."""
    shape = SHAPES[choices.image_shape]
    if block.shape[1:] == shape:
        return ~block if choices.invert else block
    return np.stack([fitted(one, choices) for one in block])


def as_png(pixels: Pixels, longest: int = 0) -> str:
    """A picture as PNG in base64, its longer side no longer than that."""
    image = Image.fromarray(pixels)
    if longest and max(image.size) > longest:
        scale = longest / max(image.size)
        width, height = (max(1, round(side * scale)) for side in image.size)
        image = image.resize((width, height), _SMALL)
    written = io.BytesIO()
    image.save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode("ascii")


def shown(pixels: Pixels) -> str:
    """A sample to be looked at, as PNG in base64."""
    return as_png(pixels, _SHOWN)


def previews(samples: Iterable[SampleFound], choices: Choices) -> tuple[Preview, ...]:
    """Samples of pictures as they came and as they become; only the large ones differ a little from the set itself.

    It decodes only what `shown` made, so it may be called where nothing from outside is decoded.
    """
    found = []
    for sample in samples:
        picture = decode(base64.b64decode(sample.png))
        found.append(Preview(sample.label, sample.png, as_png(fitted(picture.pixels, choices))))
    return tuple(found)


def is_dark_on_light(pixels: Pixels) -> bool:
    """Whether the border of a picture is light and what is inside is darker: as ink on paper."""
    border = _border(pixels)
    return bool(border.mean() > 0.75 * _LARGEST and pixels.mean() < border.mean())


def is_light_on_dark(pixels: Pixels) -> bool:
    """Whether the border of a picture is dark and what is inside is lighter: as the digits of MNIST."""
    border = _border(pixels)
    return bool(border.mean() < 0.15 * _LARGEST and pixels.mean() > border.mean())


def _border(pixels: Pixels) -> Pixels:
    """The pixels along the edges, (n,) or (n, 3)."""
    lines = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    return np.concatenate(lines)


def _moves(image: Image.Image) -> bool:
    """Whether there are more pictures in a file, of which only the next one is looked for."""
    try:
        return image.format in _MOVING and bool(getattr(image, "is_animated", False))
    except _DAMAGED:  # the next one is damaged, which does not concern the first
        return False


def _upright(image: Image.Image) -> tuple[Image.Image, bool]:
    """A picture as its camera stood; what a camera says in a damaged way does not count."""
    if not {"exif", "Raw profile type exif"} & image.info.keys():
        return image, False
    try:
        if image.getexif().get(_ORIENTATION, _UPRIGHT) not in _TURNED:
            return image, False
        return ImageOps.exif_transpose(image), True
    except _DAMAGED:
        return image, False


def _averaged(image: Image.Image) -> Image.Image:
    """With fewer pixels if there are many more than any form has; of those with a palette, as colours."""
    factor = min(image.size) // _ENOUGH
    if factor < 2:
        return image
    if image.mode.startswith("I"):
        return _eight_bits(image).reduce(factor)
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if _has_alpha(image) else "RGB")
    elif "transparency" in image.info:
        image = image.convert("RGBA")
    return image.reduce(factor)


def _opaque(image: Image.Image) -> tuple[Image.Image, bool]:
    """A picture in grey ("L") or colours ("RGB"), and whether white was laid under it."""
    if image.mode == "L" and "transparency" not in image.info:
        return image, False
    if image.mode.startswith("I"):
        return _eight_bits(image), False
    if _has_alpha(image):
        image = image.convert("RGBA")
        opacity = np.asarray(image.getchannel("A"))
        if opacity.min() < _LARGEST:
            return Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("RGB"), True
        return image.convert("RGB"), False
    if image.mode == "1":
        return image.convert("L"), False
    return (image if image.mode == "RGB" else image.convert("RGB")), False


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey values of 16 bits as those of 8."""
    values = np.asarray(image)
    small = np.empty(values.shape, dtype=np.uint8)
    for first in range(0, len(values), _ROWS):  # what lies between is four times as large
        some = np.clip(values[first : first + _ROWS], 0, _LARGEST_16).astype(np.uint32)
        small[first : first + _ROWS] = (some * _LARGEST + _LARGEST_16 // 2) // _LARGEST_16
    return Image.fromarray(small)


def _crop(image: Image.Image, side: int) -> Image.Image:
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    middle = image.crop((left, top, left + short, top + short))
    return middle if short == side else middle.resize((side, side), _SMALL)


def _pad(image: Image.Image, side: int) -> Image.Image:
    """What is missing is filled with the mean of the border, so that it hardly shows."""
    scale = side / max(image.size)
    width, height = (min(side, max(1, round(one * scale))) for one in image.size)
    border = np.rint(_border(np.asarray(image)).mean(axis=0)).astype(int)
    around = tuple(border.tolist()) if border.ndim else int(border)
    square = Image.new(image.mode, (side, side), around)
    small = image if image.size == (width, height) else image.resize((width, height), _SMALL)
    square.paste(small, ((side - width) // 2, (side - height) // 2))
    return square


def _stretch(image: Image.Image, side: int) -> Image.Image:
    return image.resize((side, side), _SMALL)


_FITS = {"crop": _crop, "pad": _pad, "stretch": _stretch}
