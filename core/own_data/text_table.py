"""Texts in tables with a text and a label column: CSV, TSV and what the corpus of Naver's film reviews has.

Several tables are parts of one set; "train" and "test" in their names say which part each is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from core.errors import DataError
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.class_folders import part_of
from core.own_data.corpus import Corpus, Read, built, corpus, understood
from core.own_data.entries import Entries, Entry, UnreadableError, finding, megabytes
from core.own_data.table_columns import Columns, columns_of
from core.own_data.table_lines import Dialect, Row, dialect_of, lines_of, rows_of
from core.own_data.text_encoding import decoded, encoding_of
from core.own_data.understood import Finding, TableFound, Understood
from core.own_data.written import as_written, has_unseen, label_of

_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_MOST_BYTES = 150_000_000
"""Tables larger than this are not read into memory."""
_SAMPLE = 2_000
#: A table of which more than this share of lines does not fit is read wrongly, or is none.
_MOST_BAD = 0.5


def understand(entries: Entries) -> Understood:
    """What is found in tables; a `DataError` if no set of texts can become of them."""
    return understood(_read(entries, Choices()))


def build(entries: Entries, choices: Choices) -> Built:
    """The data set made of tables; a `DataError` if none can become of them."""
    return built(_read(entries, choices), choices, entries.name, entries.progress)


@dataclass(frozen=True)
class _Table:
    """A table that can be read: its lines, how they are written, and which columns are taken."""

    entry: Entry
    lines: list[str]
    encoding: str
    dialect: Dialect
    columns: Columns


@dataclass
class _Left:
    """Where something was left out or changed, by the code of its finding."""

    places: dict[str, list[str]] = field(default_factory=dict)

    def note(self, code: str, place: str) -> None:
        self.places.setdefault(code, []).append(place)

    def findings(self) -> Iterator[Finding]:
        return (finding(code, places) for code, places in self.places.items())


def _read(entries: Entries, choices: Choices) -> Corpus:
    left = _Left()
    chosen = _parts(entries, left)
    texts: list[Read] = []
    found: TableFound | None = None
    refused: DataError | None = None
    for entry in chosen:
        part = _part(entry)
        try:
            table = _open(entries, entry, choices)
        except DataError as error:
            # One file that is no table does not spoil the others, but alone it says what is wrong.
            refused = refused or error
            left.note("no_labels_in_file" if error.code == "own_no_label_column" else "no_table", entry.path)
            continue
        if part == "validation":
            left.note("validation_joined", entry.path)
        place = _placing(entry, alone=len(chosen) == 1)
        before = len(texts)
        for one in _texts(table, part == "test", place, entries, left):
            texts.append(one)
            if len(texts) > entries.limits.samples:
                limit = entries.limits.samples
                raise DataError("own_samples_too_many", received=len(texts), limit=limit)
            if len(texts) % _SAMPLE == 0:
                entries.progress(len(texts), max(len(table.lines) + before, len(texts)))
        found = found or TableFound(
            table.encoding,
            table.dialect.separator,
            table.dialect.quoted,
            table.columns.names,
            table.columns.names[table.columns.text],
            table.columns.names[table.columns.label],
        )
    if found is None and refused is not None:
        raise refused
    return corpus("text_table", texts, (*entries.findings, *left.findings()), found)


def _parts(entries: Entries, left: _Left) -> list[Entry]:
    """The files to be read: tables, and where some are called train and test, only those."""
    tables = [one for one in entries.entries if one.suffix in _ENDINGS] or list(entries.entries[:1])
    for one in entries.entries:
        if one not in tables:
            left.note("no_samples", one.path)
    parts = {_part(one) for one in tables}
    if {"train", "test"} <= parts:
        for one in tables:
            if _part(one) is None:
                left.note("other_table", one.path)
        # The order of the parts is that of their rows.
        order = ("train", "validation", "test")
        tables = [one for part in order for one in tables if _part(one) == part]
    return tables


def _part(entry: Entry) -> str | None:
    """Which part a file is of, by the words of its name or its folder."""
    stem = entry.name.rpartition(".")[0] or entry.name
    words = [stem, *re.split(r"[^0-9a-z가-힣]+", stem.casefold()), *entry.parts[:-1]]
    return next((part for part in map(part_of, words) if part is not None), None)


def _placing(entry: Entry, *, alone: bool) -> Callable[[int], str]:
    return (lambda line: f"line {line}") if alone else (lambda line: f"{entry.path}, line {line}")


def _open(entries: Entries, entry: Entry, choices: Choices) -> _Table:
    if entry.size > _MOST_BYTES:
        size, limit = megabytes(entry.size), megabytes(_MOST_BYTES)
        raise DataError("own_table_too_large", name=entry.path, received=size, limit=limit)
    try:
        with entries.open(entry) as stream:
            content = stream.read(_MOST_BYTES + 1)
    except UnreadableError as error:
        raise DataError("own_only_damaged", received=entry.path) from error
    encoding = encoding_of(content)
    if encoding is None:
        raise DataError("own_text_encoding", name=entry.path)
    lines = lines_of(decoded(content, encoding))
    del content
    dialect = dialect_of(lines, entry.path, entries.limits.columns)
    sample = [row.fields for row in islice(rows_of(lines, dialect, entry.path), _SAMPLE)]
    fitting = [fields for fields in sample if fields is not None]
    if not fitting:
        raise DataError("own_table_uneven", name=entry.path)
    columns = columns_of(fitting, entry.path, choices.text_column, choices.label_column)
    return _Table(entry, lines, encoding, dialect, columns)


def _texts(
    table: _Table, for_test: bool, place: Callable[[int], str], entries: Entries, left: _Left
) -> Iterator[Read]:
    """The rows that have a text and a label; where there are none is noted."""
    rows: Iterator[Row] = rows_of(table.lines, table.dialect, table.entry.path)
    bad, total, header = 0, 0, table.columns.header
    for row in rows:
        total += 1
        if row.fields is None:
            bad += 1
            left.note("bad_lines", place(row.line))
            continue
        if header:
            header = False
            continue
        written = row.fields[table.columns.text]
        text, label = as_written(written), label_of(row.fields[table.columns.label])
        if not text:
            left.note("empty", place(row.line))
        elif not label:
            left.note("no_label", place(row.line))
        elif len(text) > entries.limits.characters:
            left.note("too_large", place(row.line))
        else:
            if has_unseen(written):
                left.note("control_signs", place(row.line))
            yield Read(text, label, for_test, place(row.line))
    if bad > _MOST_BAD * total:
        raise DataError("own_table_uneven", name=table.entry.path)
