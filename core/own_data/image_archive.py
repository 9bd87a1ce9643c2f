"""A NumPy archive with images and labels: `x_train`, `y_train`, and `x_test`, `y_test` where a test set is given.

Nothing is unpickled: the header of each array is read by itself, and refused before its content if that holds Python
objects, or has another size than the header says.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.datasets.archives import UNREADABLE
from core.errors import DataError
from core.own_data import image_sets
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.class_names import ordered
from core.own_data.entries import Entries, Entry, UnreadableError, finding
from core.own_data.number_images import Block, NumberImages, Numbers, Range, square_of
from core.own_data.understood import Finding, Understood

_PARTS = ("train", "test")
#: What the arrays may be called, but for small and capital letters.
_NAMES = {
    "x_train": ("x_train", "train_images", "train_x", "x", "images"),
    "y_train": ("y_train", "train_labels", "train_y", "y", "labels"),
    "x_test": ("x_test", "test_images", "test_x"),
    "y_test": ("y_test", "test_labels", "test_y"),
}
_MAGIC_SIZE, _LONGEST_HEADER = 8, 10_000
_BLOCK_BYTES = 4_000_000
#: Whole numbers, decimal ones and truth values, of sizes that every machine has.
_KINDS, _LARGEST_ITEM = "uifb", 8
_COLOURS, _GREY = 3, 1


def understand(entries: Entries) -> Understood:
    """Say what images there are."""
    return image_sets.understood(_Archive(entries), entries)


def build(entries: Entries, choices: Choices) -> Built:
    """Make a data set of the images."""
    return image_sets.built(_Archive(entries), entries, choices)


@dataclass(frozen=True)
class _Array:
    """An array in the archive: what its header says, and where its content begins."""

    name: str
    entry: Entry
    shape: tuple[int, ...]
    kind: np.dtype[Any]
    by_columns: bool
    start: int

    @property
    def layout(self) -> tuple[int, ...] | None:
        """The shape of one image: (height, width) or (height, width, 3); None if these are no images."""
        one = self.shape[1:]
        if len(one) == 1:
            return square_of(one[0])
        if len(one) == _COLOURS and one[2] == _GREY:
            return one[:2]
        if len(one) == _COLOURS and one[2] != _COLOURS and one[0] in (_GREY, _COLOURS):
            return one[1:] if one[0] == _GREY else (*one[1:], _COLOURS)
        return one if len(one) == 2 or (len(one) == _COLOURS and one[2] == _COLOURS) else None

    @property
    def channels_first(self) -> bool:
        """Whether the colours come before height and width, as PyTorch has them."""
        return len(self.shape) == 4 and self.shape[1] == _COLOURS and self.shape[3] != _COLOURS


class _Archive(NumberImages):
    """The images of an archive."""

    form = "image_archive"

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        arrays, unused = _found(entries)
        self._images = [arrays[f"x_{part}"] for part in _PARTS if f"x_{part}" in arrays]
        for images in self._images:
            _check_images(images, entries)
        if len({images.layout for images in self._images}) > 1:
            first, second = (str(images.shape) for images in self._images)
            raise DataError("own_archive_shapes", first=first, second=second)
        written = [_labels(arrays[f"y_{part}"], entries) for part in _PARTS if f"y_{part}" in arrays]
        for images, labels in zip(self._images, written, strict=True):
            if images.shape[0] != len(labels):
                details = {"received": len(labels), "images": images.shape[0]}
                raise DataError("own_archive_counts", name=images.name, **details)
        every = [label for labels in written for label in labels]
        self.classes = ordered(every)
        number = {label: place for place, label in enumerate(self.classes)}
        self.labels = np.array([number[label] for label in every], dtype=np.int64)
        self.for_test = np.arange(len(every)) >= len(written[0]) if len(written) > 1 else None
        values = Range()
        for block in self.blocks():
            values.add(block.values)
        self.scale = values.scale()
        said = [finding("no_samples", unused)] if unused else []
        if any(images.channels_first for images in self._images):
            said.append(Finding("channels_first", len(every)))
        self.findings = (*entries.findings, *said, *self.scale.findings)

    def place(self, row: int) -> str:
        """The array and the row in it."""
        before = self._images[0].shape[0]
        if row < before:
            return f"{self._images[0].name}[{row}]"
        return f"{self._images[1].name}[{row - before}]"

    def blocks(self) -> Iterator[Block]:
        """The images of both parts, a few megabytes at a time."""
        first = 0
        for images in self._images:
            layout = images.layout or ()
            for values in _rows(images, self._entries):
                if images.channels_first:
                    values = values.transpose(0, 2, 3, 1)
                yield Block(first, np.ascontiguousarray(values).reshape(len(values), *layout))
                first += len(values)


def _found(entries: Entries) -> tuple[dict[str, _Array], list[str]]:
    """The arrays by what they are for, and the names of others."""
    by_name = {entry.name.removesuffix(".npy").casefold(): entry for entry in entries.entries}
    found: dict[str, _Array] = {}
    for meaning, names in _NAMES.items():
        name = next((name for name in names if name in by_name), None)
        if name is not None:
            found[meaning] = _read_header(by_name.pop(name), entries)
    for part in _PARTS:
        there = {f"{axis}_{part}" for axis in "xy"} & found.keys()
        if len(there) == 1 or (part == "train" and not there):
            missing = next(name for name in (f"x_{part}", f"y_{part}") if name not in found)
            known = ", ".join(sorted(entry.name.removesuffix(".npy") for entry in entries.entries))
            raise DataError("own_archive_missing", received=known, missing=missing)
    return found, [entry.path for entry in by_name.values()]


def _read_header(entry: Entry, entries: Entries) -> _Array:
    """What the header of an array says; refused if its content cannot be that."""
    name = entry.name.removesuffix(".npy")
    try:
        with entries.open(entry) as stream:
            shape, by_columns, kind, start = _parsed(stream)
    except (UnreadableError, *UNREADABLE) as error:
        raise DataError("own_archive_damaged", name=name) from error
    if kind.hasobject:
        raise DataError("own_archive_pickled", name=name)
    if start + math.prod(shape) * kind.itemsize != entry.size or min(shape, default=1) < 0:
        raise DataError("own_archive_damaged", name=name)
    return _Array(name, entry, shape, kind, by_columns, start)


def _parsed(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, order, type, and how long the header is; ValueError if it is none, or too long to be one."""
    magic = stream.read(_MAGIC_SIZE)
    version = npy.read_magic(io.BytesIO(magic))
    digits = 2 if version == (1, 0) else 4
    size = stream.read(digits)
    length = int.from_bytes(size, "little")
    if len(size) != digits or length > _LONGEST_HEADER:
        raise ValueError(length)
    header = io.BytesIO(size + stream.read(length))
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_columns, kind = read(header)
    return shape, by_columns, kind, _MAGIC_SIZE + digits + length


def _check_images(images: _Array, entries: Entries) -> None:
    layout = images.layout
    if images.kind.kind not in _KINDS or images.kind.itemsize > _LARGEST_ITEM or images.kind.subdtype:
        raise DataError("own_archive_type", name=images.name, received=str(images.kind))
    if layout is None or 0 in layout:
        raise DataError("own_archive_no_images", name=images.name, received=str(images.shape))
    if math.prod(layout) > entries.limits.pixels:
        raise DataError("own_archive_no_images", name=images.name, received=str(images.shape))
    if images.shape[0] > entries.limits.samples:
        raise DataError("own_samples_too_many", received=images.shape[0], limit=entries.limits.samples)


def _labels(labels: _Array, entries: Entries) -> list[str]:
    """The labels of one part as they are written: whole numbers, or words."""
    shape, kind = labels.shape, labels.kind
    flat = len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)
    if not flat or kind.kind not in "uifbU" or (kind.kind == "f" and kind.itemsize > _LARGEST_ITEM):
        raise DataError("own_archive_labels", name=labels.name, received=f"{shape} {kind}")
    if shape[0] > entries.limits.samples:
        raise DataError("own_samples_too_many", received=shape[0], limit=entries.limits.samples)
    values = np.concatenate([np.empty((0, *shape[1:]), dtype=kind), *_rows(labels, entries)]).reshape(-1)
    if kind.kind == "U":
        return [str(value).strip() for value in values.tolist()]
    if kind.kind == "f":
        if not np.array_equal(values, np.rint(values)) or not (np.abs(values) < 2**53).all():
            raise DataError("own_archive_labels", name=labels.name, received=f"{shape} {kind}")
        values = values.astype(np.int64)
    return [str(int(value)) for value in values.tolist()]


def _rows(array: _Array, entries: Entries) -> Iterator[Numbers]:
    """The content of an array, a few rows at a time; by columns in one piece."""
    count, one = array.shape[0], array.shape[1:]
    each = max(1, math.prod(one) * array.kind.itemsize)
    step = max(1, _BLOCK_BYTES // each)
    if array.by_columns and len(array.shape) > 1:
        if count * each > entries.limits.values:
            raise DataError("own_archive_by_columns", name=array.name)
        step = max(1, count)
    try:
        with entries.open(array.entry) as stream:
            _skip(stream, array.start)
            for first in range(0, count, step):
                rows = min(step, count - first)
                values: NDArray[Any] = np.frombuffer(_exactly(stream, rows * each), dtype=array.kind)
                yield _in_this_machine(values.reshape((rows, *one), order="F" if array.by_columns else "C"))
            stream.read(1)  # at the end of a member its checksum is compared
    except UnreadableError as error:
        raise DataError("own_archive_damaged", name=array.name) from error


def _in_this_machine(values: NDArray[Any]) -> Numbers:
    """Numbers with the bytes in the order of this machine, and truth values as numbers."""
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))


def _skip(stream: IO[bytes], size: int) -> None:
    _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise UnreadableError("damaged")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
