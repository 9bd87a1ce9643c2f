"""A text table as lines: what separates and quotes its fields, and its rows with the numbers of their lines.

A line that does not fit is a row of its own without fields, so whoever reads can say which lines are left out; a quote
that is never closed costs its own line, and not all that follow.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core.errors import DataError
from core.own_data.text_encoding import is_damaged

SEPARATORS = "\t,;|"
_SAMPLE = 2_000
#: So many quotes may turn out never to be closed before the table is taken for one that is quoted otherwise.
_MOST_OPEN = 200
_QUOTE = '"'
#: From this share of quoted fields on, quotes around fields of tables by tabs are taken for such.
_MOSTLY = 0.5
#: This share of the lines must have equally many fields.
_FITTING = 0.5


@dataclass(frozen=True)
class Dialect:
    """What separates the fields of a row, whether they may stand in quotes, and how many there are."""

    separator: str
    quoted: bool
    width: int


@dataclass(frozen=True)
class Row:
    """The fields of a row, None if they do not fit, and the number of its first line, from 1."""

    line: int
    fields: list[str] | None


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends, whichever of the three each has."""
    return list(io.StringIO(text, newline=""))


def dialect_of(lines: Sequence[str], name: str, most_columns: int) -> Dialect:
    """How a table is written, by its first lines: as most of them have equally many fields.

    Raises:
        DataError: If there is nothing in it ("own_table_empty"), it has a single column ("own_table_one_column"), too
            many ("own_table_columns"), or rows that go together in no way ("own_table_uneven").
    """
    sample = [line for line in islice(lines, _SAMPLE) if line.strip()]
    if not sample:
        raise DataError("own_table_empty", name=name)
    found = []
    for separator in SEPARATORS:
        if not any(separator in line for line in sample):
            continue
        for quoted in (False, True):
            if quoted and not any(_QUOTE in line for line in sample):
                continue
            widths = Counter(
                len(row.fields) for row in _rows(sample, separator, quoted, None) if row.fields is not None
            )
            wide = {width: count for width, count in widths.items() if width > 1}
            if wide:
                width, count = max(wide.items(), key=lambda one: one[1])
                share = round(count / max(1, sum(widths.values())), 2)
                likely = quoted == _is_quoted(sample, separator)
                found.append((share, likely, -SEPARATORS.index(separator), Dialect(separator, quoted, width)))
    if not found:
        raise DataError("own_table_one_column", name=name)
    share, _, _, best = max(found, key=lambda one: (round(one[0], 1), *one[1:3]))
    if share < _FITTING:
        raise DataError("own_table_uneven", name=name)
    if best.width > most_columns:
        raise DataError("own_table_columns", name=name, received=best.width, limit=most_columns)
    return best


def rows_of(lines: Sequence[str], dialect: Dialect, name: str) -> Iterator[Row]:
    """All rows of a table; blank lines are none.

    Raises:
        DataError: If ever more quotes are not closed ("own_table_quotes").
    """
    opened = 0
    for row in _rows(lines, dialect.separator, dialect.quoted, dialect.width):
        if row.fields is None and dialect.quoted and lines[row.line - 1].count(_QUOTE) % 2:
            opened += 1
            if opened > _MOST_OPEN:
                raise DataError("own_table_quotes", name=name, line=row.line)
        yield row


def _rows(lines: Sequence[str], separator: str, quoted: bool, width: int | None) -> Iterator[Row]:
    plain = _plain_rows(lines, separator) if not quoted else _quoted_rows(lines, separator, width)
    for row in plain:
        fields = row.fields
        if fields is not None and (
            (width is not None and len(fields) != width) or any(map(is_damaged, fields))
        ):
            fields = None
        yield Row(row.line, fields)


def _plain_rows(lines: Sequence[str], separator: str) -> Iterator[Row]:
    for place, line in enumerate(lines, start=1):
        if line.strip():
            yield Row(place, line.rstrip("\r\n").split(separator))


def _quoted_rows(lines: Sequence[str], separator: str, width: int | None) -> Iterator[Row]:
    start = 0
    while start < len(lines):
        # Begun anew behind each line that does not fit.
        reader = csv.reader(islice(lines, start, None), delimiter=separator, strict=True)
        first = start
        for fields in _until_error(reader):
            begin, end = first, start + reader.line_num
            fits = fields is not None and (width is None or len(fields) == width)
            if fields is None or (not fits and end > begin + 1):
                yield Row(begin + 1, None)
                start = begin + 1
                break
            first = end
            if fields and (len(fields) > 1 or fields[0].strip()):
                yield Row(begin + 1, fields)
        else:
            return


def _until_error(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """The rows, and at last None if there is one that is none."""
    try:
        yield from reader
    except csv.Error:
        yield None


def _is_quoted(sample: Sequence[str], separator: str) -> bool:
    """Whether quotes are there to be taken off: in CSV if most are closed, in other tables if most fields have them."""
    fields = [field.strip() for line in sample for field in line.split(separator)]
    begun = [field for field in fields if field.startswith(_QUOTE)]
    if separator in ",;":
        # Where a separator stands in a text, its beginning and its end are two fields here.
        return sum(field.endswith(_QUOTE) for field in fields) >= max(1, len(begun) // 2)
    closed = [field for field in begun if len(field) > 1 and field.endswith(_QUOTE)]
    if not begun or len(closed) < len(begun):
        return False
    doubled = any('""' in field[1:-1] for field in closed)
    inside = any(_QUOTE in field[1:-1].replace('""', "") for field in closed)
    return not inside and (doubled or len(closed) >= _MOSTLY * len(sample))
