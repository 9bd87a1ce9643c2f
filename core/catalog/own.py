"""Own data sets: those that this process knows of, and where it asks for those it does not.

An own set is called by what is in it, so one name always stands for the same samples: what is known here can be
outdated in its words (title, names of classes), never in its facts. Its record outlives its samples: a run whose data
are gone is still judged and shown.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakMethod

from core.catalog.record import DatasetInfo, Drawing
from core.errors import DataError, StorageError

PREFIX = "own-"
_DIGITS = 24

_known: dict[str, DatasetInfo] = {}
_finders: list[WeakMethod[Callable[[str], DatasetInfo | None]]] = []


def is_own(name: str) -> bool:
    """Whether a data set of this name is somebody's own, if there is one."""
    return name.startswith(PREFIX)


def own_name(digests: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """The name of an own set with arrays of these digests: equal sets have equal names, whatever they are titled.

    `facts` are those that decide what a network makes of the arrays, such as the largest value.
    """
    content = json.dumps({"arrays": dict(digests), **facts}, sort_keys=True, separators=(",", ":"))
    return PREFIX + hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]


def register(info: DatasetInfo) -> None:
    """Know an own set from now on, in place of what was known under its name."""
    if not (info.own and is_own(info.name)):
        raise ValueError(f"{info.name} is no own data set")
    _known[info.name] = info


def ask_here(find: Callable[[str], DatasetInfo | None]) -> None:
    """Ask this method first, as long as its object lives, for own sets that are not known; None means: not here."""
    _finders.insert(0, WeakMethod(find))


def ask_no_longer(find: Callable[[str], DatasetInfo | None]) -> None:
    """Do not ask this any more."""
    _finders[:] = [kept for kept in _finders if kept() not in (None, find)]


def own_info(name: str) -> DatasetInfo | None:
    """The record of an own set; None if nobody knows it.

    Raises:
        StorageError: If it is not known, and one of those who were asked could not answer.
    """
    if not is_own(name):
        return None
    if name in _known:
        return _known[name]
    silent: StorageError | None = None
    for kept in tuple(_finders):
        find = kept()
        if find is None:
            continue
        try:
            found = find(name)
        except StorageError as error:
            silent = error
            continue
        if found is not None:
            register(found)
            return found
    if silent is not None:
        raise silent
    return None


def checked_names(names: tuple[str, ...], classes: int) -> tuple[str, ...]:
    """The names that were given to so many classes.

    Raises:
        DataError: If they are too many or too few ("own_data_class_count"), one is empty ("own_data_name_empty"), or
            two are the same ("own_data_class_twice").
    """
    if len(names) != classes:
        raise DataError("own_data_class_count", received=len(names), needed=classes)
    if not all(names):
        raise DataError("own_data_name_empty")
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise DataError("own_data_class_twice", received=twice)
    return names


def same_test(info: DatasetInfo) -> tuple[str, ...]:
    """The names of the data sets that are known to be tested on the same samples, this one first."""
    others = (one.name for one in _known.values() if one.test_set == info.test_set and one.name != info.name)
    return (info.name, *sorted(others))


def to_plain(info: DatasetInfo) -> dict[str, Any]:
    """A record as plain dicts, lists, numbers and strings, from which `from_plain` makes an equal one."""
    plain = dataclasses.asdict(dataclasses.replace(info, digests={}, downloads=(), spelled={}, examples={}))
    kept = {name: plain[name] for name in _FIELDS}
    kept["digests"] = dict(info.digests)
    return kept


def from_plain(plain: Mapping[str, Any]) -> DatasetInfo:
    """What `to_plain` gave."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    if values.get("drawing") is not None:
        values["drawing"] = Drawing(**values["drawing"])
    return DatasetInfo(**values)


#: What is kept of an own set; the other fields are those of published ones.
_FIELDS = (
    *("name", "title", "task", "kind", "class_names", "class_counts", "train_size", "test_size", "shape"),
    *("max_value", "license", "source", "digests", "origin", "tokens", "test_digest", "drawing"),
)
