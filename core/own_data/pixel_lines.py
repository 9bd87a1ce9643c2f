"""How the lines of a table of pixels are read: where the label stands, which fields are pixels, and their numbers."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import DataError
from core.own_data.byte_lines import decoded
from core.own_data.entries import Entry
from core.own_data.limits import Limits
from core.own_data.number_images import Numbers, square_of

_SEPARATORS = (b",", b";", b"\t")
#: With fewer columns a table of numbers is something else.
_FEWEST_COLUMNS = 10
_LABELS = frozenset(
    (
        "label",
        "labels",
        "class",
        "classes",
        "target",
        "y",
        "digit",
        "category",
        "레이블",
        "라벨",
        "클래스",
        "정답",
        "분류",
    )
)
#: What columns are called that only count the lines.
_COUNTING = frozenset(("", "id", "index", "unnamed: 0", "번호"))
_BLANK = re.compile(rb"[\s\x00]")
_WHOLE = re.compile(r"([+-]?[0-9]{1,15})\.0*")


@dataclass(frozen=True)
class Line:
    """A line that may be a sample: its number in the file, its label, and its pixels as they are written."""

    number: int
    label: str
    pixels: bytes


@dataclass(frozen=True)
class Layout:
    """What the fields of a line are.

    Attributes:
        fields: How many a line has.
        label_at: Which of them is the label, from 0.
        passed_over: Which of them are neither label nor pixel.
        shape: The shape of an image.
        header: Whether the first line says what the columns are called.
    """

    separator: bytes
    fields: int
    label_at: int
    passed_over: frozenset[int]
    shape: tuple[int, ...]
    header: bool

    def line(self, number: int, content: bytes) -> Line | None:
        """A line taken apart; None if it has not the right number of fields."""
        if content.count(self.separator) != self.fields - 1:
            return None
        content = content.replace(b'"', b"")
        if self.label_at == 0 and not self.passed_over:
            label, _, pixels = content.partition(self.separator)
        else:
            fields = content.split(self.separator)
            label = fields[self.label_at]
            out = self.passed_over | {self.label_at}
            pixels = self.separator.join(field for place, field in enumerate(fields) if place not in out)
        return Line(number, _label(label), pixels)

    def numbers(self, lines: Sequence[Line]) -> tuple[list[Line], Numbers]:
        """The lines whose pixels are numbers, and these: (lines, pixels), whole ones or float64, blank ones NaN."""
        count, separator = math.prod(self.shape), self.separator.decode()
        together = self.separator.join(line.pixels for line in lines)
        if _BLANK.search(together):
            together = re.sub(
                rb"[ \t]*%b[ \t]*" % re.escape(self.separator), self.separator, together
            ).strip()
        # Where nothing but a blank stands NumPy makes up a number.
        for kind in () if _BLANK.search(together.replace(self.separator, b"")) else (np.int64, np.float64):
            values = _parsed(together, separator, kind)
            if values is not None and values.size == len(lines) * count:
                return list(lines), values.reshape(len(lines), count)
        kept, rows = [], []
        for line in lines:
            row = _field_by_field(line.pixels.split(self.separator))
            if row is not None:
                kept.append(line)
                rows.append(row)
        return kept, np.array(rows, dtype=np.float64).reshape(len(rows), count)


def is_of_numbers(line: bytes) -> bool:
    """Whether a line has many fields, all but one of them numbers or blank."""
    fields = line.replace(b'"', b"").split(separator_of(line))
    return len(fields) >= _FEWEST_COLUMNS and sum(not _is_number(field) for field in fields) <= 1


def separator_of(line: bytes) -> bytes:
    """What divides the fields of a line."""
    return max(_SEPARATORS, key=line.count)


def layout_of(entry: Entry, first: bytes, second: bytes, chosen: str, limits: Limits) -> Layout | None:
    """How the lines of a file are read, by its first two lines; None if it has pixels, but no labels.

    Args:
        chosen: What the column with the label is called; "" if it is to be found.

    Raises:
        DataError: If the fields are too many ("own_columns_too_many"), the pixels no square ("own_pixels_no_square"),
            or there is no such column ("own_no_column").
    """
    separator = separator_of(second or first)
    fields = [decoded(field).strip() for field in first.replace(b'"', b"").split(separator)]
    count = len(fields)
    if count > limits.columns:
        raise DataError("own_columns_too_many", name=entry.path, received=count, limit=limits.columns)
    names = [field.casefold() for field in fields]
    header = names[0] in _LABELS or not is_of_numbers(first)
    if chosen and chosen.casefold() not in names:
        raise DataError("own_no_column", name=entry.path, received=chosen)
    counting = frozenset(place for place, name in enumerate(names[:2]) if header and name in _COUNTING)
    if chosen:
        named = names.index(chosen.casefold())
    else:
        named = next((place for place, name in enumerate(names) if header and name in _LABELS), -1)
    for label_at, passed_over in ((named, frozenset()), (named, counting - {named})):
        shape = square_of(count - 1 - len(passed_over)) if label_at >= 0 else None
        if shape is not None:
            return Layout(separator, count, label_at, passed_over, shape, header)
    if named < 0 and square_of(count - 1) is not None:
        return Layout(separator, count, 0, frozenset(), square_of(count - 1) or (), header)
    if named < 0 and square_of(count - len(counting)) is not None:
        return None
    raise DataError("own_pixels_no_square", name=entry.path, received=count - 1)


def _label(field: bytes) -> str:
    """A label without blanks around it; whole numbers without a decimal point."""
    label = decoded(field).strip()
    whole = _WHOLE.fullmatch(label)
    return whole.group(1) if whole else label


def _is_number(field: bytes) -> bool:
    try:
        float(field.strip() or 0)
    except ValueError:
        return False
    return True


def _parsed(numbers: bytes, separator: str, kind: type[np.generic]) -> Numbers | None:
    with warnings.catch_warnings():
        # Before NumPy 2.4 what is no number ends the reading with a warning.
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(numbers, dtype=kind, sep=separator)
        except (ValueError, DeprecationWarning):
            return None


def _field_by_field(fields: Sequence[bytes]) -> list[float] | None:
    try:
        return [float(field) if field.strip() else math.nan for field in fields]
    except ValueError:
        return None
