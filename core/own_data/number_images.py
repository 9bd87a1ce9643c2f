"""Images that come as numbers, in arrays or tables: which values they have, and how these become bytes."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.own_data.image_sets import Decoded, Rows
from core.own_data.pictures import Pixels
from core.own_data.understood import Finding, Form

Numbers = NDArray[np.generic]

_LARGEST, _LARGEST_16 = 255, 65_535
#: Whole numbers up to this are counts of few steps, as those of images of 8 x 8 pixels with 16 grey values.
_FEW_STEPS = 16
_COLOURS, _GREY = 3, 1


@dataclass(frozen=True)
class Scale:
    """How values become bytes: `(value + shift) * factor`, rounded."""

    shift: float = 0.0
    factor: float = 1.0
    findings: tuple[Finding, ...] = ()

    def __call__(self, values: Numbers) -> Pixels:
        """Values, all of them numbers, as bytes."""
        if values.dtype.kind in "iu" and (self.shift, self.factor) == (0, 1):
            return values.astype(np.uint8)
        scaled = (values.astype(np.float64) + self.shift) * self.factor
        return np.rint(scaled).clip(0, _LARGEST).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Block:
    """Some samples one after the other: the row of the first one, and values of any type (n, height, width[, 3])."""

    first: int
    values: Numbers


class NumberImages(ABC):
    """Samples whose pixels are numbers, read block by block each time they are needed.

    Attributes:
        labels: The class of each sample, from 0; `for_test`, `classes` and `findings` as in `image_sets.Gathered`.
        scale: How values become bytes; it is worked out from all values.
    """

    form: Form
    labels: NDArray[np.int64]
    for_test: NDArray[np.bool_] | None
    classes: tuple[str, ...]
    findings: tuple[Finding, ...]
    scale: Scale

    @abstractmethod
    def blocks(self) -> Iterator[Block]:
        """All samples in order."""

    @abstractmethod
    def place(self, row: int) -> str:
        """Where a sample is."""

    def pictures(self, rows: Rows) -> Iterator[Decoded]:
        """Read through all samples, and hand on those that are wanted."""
        wanted = np.zeros(len(self.labels), dtype=np.bool_)
        wanted[rows] = True
        for block in self.blocks():
            own = np.arange(block.first, block.first + len(block.values))
            chosen = wanted[own]
            finite = finite_rows(block.values)
            if not finite.all():
                lost = own[chosen & ~finite]
                if len(lost):
                    yield Decoded(lost, None, trouble="nan")
                chosen &= finite
            if chosen.any():
                size = (int(block.values.shape[1]), int(block.values.shape[2]))
                yield Decoded(own[chosen], self.scale(block.values[chosen]), size)


class Range:
    """Which values there are; `add` takes them block by block."""

    def __init__(self) -> None:
        self.least, self.most, self.whole = math.inf, -math.inf, True

    def add(self, values: Numbers) -> None:
        """Take values; rows with something that is no number do not count."""
        if values.dtype.kind == "f":
            values = values[finite_rows(values)]
            self.whole = self.whole and bool(np.array_equal(values, np.rint(values)))
        if values.size:
            self.least = min(self.least, float(values.min()))
            self.most = max(self.most, float(values.max()))

    def scale(self) -> Scale:
        """How such values become bytes.

        Raises:
            DataError: If they are no grey values or colours ("own_pixel_values").
        """
        if self.least > self.most:
            raise DataError("own_none_readable")
        if self.least >= 0 and self.most <= 1:
            return Scale(factor=_LARGEST, findings=(Finding("scaled_from_one", 1),))
        if self.least >= -1 and self.most <= 1:
            return Scale(1.0, _LARGEST / 2, (Finding("scaled_from_signed", 1),))
        if (
            self.least >= 0
            and self.whole
            and (self.most <= _FEW_STEPS or _LARGEST < self.most <= _LARGEST_16)
        ):
            said = Finding("scaled_from_range", 1, {"most": int(self.most)})
            return Scale(factor=_LARGEST / self.most, findings=(said,))
        if self.least >= 0 and self.most <= _LARGEST:
            return Scale(findings=() if self.whole else (Finding("rounded", 1),))
        raise DataError("own_pixel_values", least=_brief(self.least), most=_brief(self.most))


def finite_rows(values: Numbers) -> NDArray[np.bool_]:
    """Which samples have nothing but numbers."""
    if values.dtype.kind != "f":
        return np.ones(len(values), dtype=np.bool_)
    finite: NDArray[np.bool_] = np.isfinite(values.reshape(len(values), -1)).all(axis=1)  # type: ignore[assignment]
    return finite


def square_of(pixels: int) -> tuple[int, ...] | None:
    """The shape of a square image with so many values, grey or else in colours; None if there is none."""
    for channels in (_GREY, _COLOURS):
        side = math.isqrt(max(0, pixels) // channels)
        if side > 0 and side * side * channels == pixels:
            return (side, side) if channels == _GREY else (side, side, _COLOURS)
    return None


def _brief(number: float) -> str:
    return f"{number:.4g}"
