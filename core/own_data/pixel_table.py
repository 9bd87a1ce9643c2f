"""A table of label and pixels, a line an image, as the CSV files of Kaggle's digit recogniser are.

The label stands in a column that is called so, else in the first one; the other columns are the pixels of a square, row
by row, of colours with red, green and blue of each pixel in turn. Files whose names say so are the two parts, as
"mnist_train.csv" and "mnist_test.csv"; a file without labels is passed over. Lines are read a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.errors import DataError
from core.own_data import image_sets
from core.own_data.built import Built
from core.own_data.byte_lines import lines_of
from core.own_data.choices import Choices
from core.own_data.class_folders import part_of_file
from core.own_data.class_names import ordered
from core.own_data.entries import PLACES, Entries, Entry, finding
from core.own_data.number_images import Block, NumberImages, Numbers, Range
from core.own_data.pixel_lines import Layout, Line, is_of_numbers, layout_of
from core.own_data.understood import Finding, Understood

_TABLES = (".csv", ".tsv", ".tab", ".txt")
_LINES = 5
_AT_A_TIME = 256


def understand(entries: Entries) -> Understood:
    """Say what images there are."""
    return image_sets.understood(_Tables(entries, ""), entries)


def build(entries: Entries, choices: Choices) -> Built:
    """Make a data set of the images."""
    return image_sets.built(_Tables(entries, choices.label_column), entries, choices)


def is_of_pixels(entries: Entries) -> bool:
    """Whether one of the files has many columns of numbers, and at most one of something else."""
    return any(_has_pixels(entry, entries) for entry in _candidates(entries)[:_LINES])


@dataclass(frozen=True)
class _Table:
    """A file, whether its lines are for testing, and how they are read."""

    entry: Entry
    test: bool
    layout: Layout


@dataclass(frozen=True, eq=False)
class _Lines:
    """Some lines of a table that are samples, and their pixels."""

    lines: list[Line]
    pixels: Numbers


class _Tables(NumberImages):
    """The images in one table or several."""

    form = "pixel_table"

    def __init__(self, entries: Entries, label_column: str) -> None:
        self._entries = entries
        self._tables, passed_over = _sorted_out(entries, label_column)
        self._places: list[tuple[int, int]] = []  # of each sample: its table, and the number of its line
        bad: dict[str, list[str]] = {"bad_lines": [], "no_label": []}
        every: list[str] = []
        values = Range()
        for place, table in enumerate(self._tables):
            for some in self._read(table, bad):
                values.add(some.pixels)
                every += [line.label for line in some.lines]
                self._places += [(place, line.number) for line in some.lines]
                if len(every) > entries.limits.samples:
                    raise DataError("own_samples_too_many", received=len(every), limit=entries.limits.samples)
        if not every:
            raise DataError("own_none_readable")
        self.classes = ordered(every)
        number = {label: place for place, label in enumerate(self.classes)}
        self.labels = np.array([number[label] for label in every], dtype=np.int64)
        tests = np.array([self._tables[table].test for table, _ in self._places], dtype=np.bool_)
        self.for_test = tests if tests.any() and not tests.all() else None
        self.scale = values.scale()
        said = [finding(code, places) for code, places in bad.items() if places]
        self.findings = (*entries.findings, *passed_over, *said, *self.scale.findings)

    def place(self, row: int) -> str:
        """The line, and its file if there are several."""
        table, number = self._places[row]
        return self._where(self._tables[table], number)

    def blocks(self) -> Iterator[Block]:
        """The images of all tables."""
        first = 0
        for table in self._tables:
            for some in self._read(table):
                yield Block(first, some.pixels.reshape(len(some.lines), *table.layout.shape))
                first += len(some.lines)

    def _where(self, table: _Table, number: int) -> str:
        return f"{table.entry.path}, line {number}" if len(self._tables) > 1 else f"line {number}"

    def _read(self, table: _Table, bad: dict[str, list[str]] | None = None) -> Iterator[_Lines]:
        """The samples of a table, a few lines at a time; `bad` takes the places of lines that are none."""
        lines = lines_of(self._entries, table.entry)
        if table.layout.header:
            next(lines, None)
        while some := list(islice(lines, _AT_A_TIME)):
            taken = [(number, table.layout.line(number, content)) for number, content in some]
            labelled = [line for _, line in taken if line is not None and line.label]
            kept, pixels = table.layout.numbers(labelled)
            if bad is not None and len(kept) < len(some):
                good = {line.number for line in kept}
                for number, line in taken:
                    if number not in good:
                        code = "no_label" if line is not None and not line.label else "bad_lines"
                        bad[code].append(self._where(table, number))
            if kept:
                yield _Lines(kept, pixels)


def _candidates(entries: Entries) -> list[Entry]:
    """The files that may be tables; an only one may have any name."""
    found = [entry for entry in entries.entries if entry.suffix in _TABLES]
    return found or list(entries.entries[:1])


def _first_lines(entry: Entry, entries: Entries) -> list[tuple[int, bytes]]:
    return list(islice(lines_of(entries, entry), _LINES))


def _has_pixels(entry: Entry, entries: Entries) -> bool:
    try:
        lines = _first_lines(entry, entries)
    except DataError:
        return False
    return any(is_of_numbers(line) for _, line in (lines[1:] or lines))


def _sorted_out(entries: Entries, label_column: str) -> tuple[list[_Table], list[Finding]]:
    """The tables with labels, those of the training part first, and what is said of other files.

    Raises:
        DataError: If there are none, or their images differ in size.
    """
    tables: list[_Table] = []
    unlabelled: list[str] = []
    others = [entry.path for entry in entries.entries if entry not in _candidates(entries)]
    for entry in _candidates(entries):
        if not _has_pixels(entry, entries):
            others.append(entry.path)
            continue
        lines = [line for _, line in _first_lines(entry, entries)]
        layout = layout_of(entry, lines[0], lines[1] if len(lines) > 1 else b"", label_column, entries.limits)
        if layout is None:
            unlabelled.append(entry.path)
        else:
            tables.append(_Table(entry, part_of_file(entry.name) == "test", layout))
    if not tables:
        raise DataError("own_no_pixel_labels", received=", ".join(unlabelled[:PLACES] or others[:PLACES]))
    shapes = {table.layout.shape: table.entry.path for table in tables}
    if len(shapes) > 1:
        first, second, *_ = shapes.values()
        raise DataError("own_tables_differ", first=first, second=second)
    codes = {"no_labels_in_file": unlabelled, "no_samples": others}
    tables.sort(key=lambda table: table.test)
    return tables, [finding(code, places) for code, places in codes.items() if places]
