"""An experiment as a TOML file: for presets, and to keep or hand on."""

from __future__ import annotations

import re
import stat
import tomllib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli_w

from core.errors import PresetError
from core.experiment.experiment import Experiment
from core.experiment.link import LONGEST_NUMBER

SUFFIX = ".toml"
#: A file with more bytes is no experiment, one with lists in lists in lists neither.
_MOST_BYTES, _DEEPEST = 1_000_000, 10
_MARKS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_LINES = dict.fromkeys(map(ord, "\t\r\n"))
_HANGUL = re.compile("[\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]")


def to_toml(experiment: Experiment) -> str:
    """The experiment as TOML text; settings that are None are left out."""
    return tomli_w.dumps(experiment.to_dict())


def from_toml(text: str, name: str = "the text") -> Experiment:
    """The experiment that a TOML text describes.

    Args:
        name: What to call it in an error.

    Raises:
        PresetError: If it is not TOML, or nests deeper or has longer numbers than any experiment.
        ExperimentError: If what it describes cannot be.
    """
    too_deep = PresetError("toml_too_deep", name=name, bound=_DEEPEST)
    too_long = PresetError("toml_number_too_long", name=name, bound=LONGEST_NUMBER)
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError("unreadable_toml", name=name, reason=str(error)) from error
    except RecursionError as error:
        raise too_deep from error
    except ValueError as error:  # the only other one: Python reads no number of more than 4,300 digits
        raise too_long from error
    # What got through all the same, as by dotted keys and hexadecimal digits, nothing after this could write.
    for depth, value in _values(plain):
        if depth > _DEEPEST:
            raise too_deep
        if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
            raise too_long
    return Experiment.from_dict(plain)


def is_file_name(name: str) -> bool:
    """Whether a name is that of a TOML file, by its ending, however that is written."""
    return name.lower().endswith(SUFFIX)


def from_file(name: str) -> Experiment:
    """The experiment that a TOML file describes; a byte order mark in front is passed over.

    Args:
        name: The path of the file.

    Raises:
        PresetError: If there is no such file, it cannot be read, is no UTF-8, or no TOML.
        ExperimentError: If what it describes cannot be.
    """
    return from_toml(_text(_content(name), name), name)


def _content(name: str) -> bytes:
    path = Path(name)
    try:
        # Looked at before it is opened: a pipe would keep us waiting, and some devices never end.
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise PresetError("file_is_folder", name=name)
        if not stat.S_ISREG(kind):
            raise PresetError("file_is_device", name=name)
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PresetError("file_missing", name=name) from error
    except OSError as error:
        raise PresetError("file_unreadable", name=name, reason=error.strerror or str(error)) from error
    if len(content) > _MOST_BYTES:
        raise PresetError("file_too_large", name=name, bound=_MOST_BYTES)
    return content


def _text(content: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), None)
    if encoding is None and content.count(0) > len(content) // 3:  # two bytes a letter, without a mark
        encoding = "UTF-16"
    if encoding is None:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if not _is_korean(content):
                line = content.count(b"\n", 0, error.start) + 1
                raise PresetError("file_not_utf8", name=name, line=line) from error
            encoding = "CP949"
    raise PresetError("file_other_encoding", name=name, encoding=encoding)


def _is_korean(content: bytes) -> bool:
    """Whether bytes are a text with Korean in it as Windows used to write it."""
    try:
        text = content.decode("cp949")
    except UnicodeDecodeError:
        return False
    return _HANGUL.search(text) is not None and (text + "\n").translate(_LINES).isprintable()


def _values(plain: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """All values in a table and how deep they lie, from 1; the deeper ones later."""
    waiting: deque[tuple[int, Any]] = deque((1, value) for value in plain.values())
    while waiting:
        depth, value = waiting.popleft()
        yield depth, value
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((depth + 1, each) for each in inner)
