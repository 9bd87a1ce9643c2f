"""Files that somebody hands in through a page, put down under safe names until a data set is made of them or not."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from core.free_space import full, said
from core.settings import Settings

_FOLDER = "uploads"
FILES = "files"
"""The folder of several files, which has no name of its own."""
_OLDEST = 24 * 3600  # seconds
_LONGEST = 100
_PARTS = 8
_UNSAFE = re.compile(r'[<>:"|?*]')
_PIECE = 1 << 20


def stage(files: Iterable[tuple[str, IO[bytes]]], settings: Settings) -> Path:
    """Write files of these names, which may have folders in them, into a new folder of their own.

    What was left there for a day is removed first.

    Raises:
        StorageError: If there is no room, or the folder cannot be written to.
    """
    place = settings.home / _FOLDER
    try:
        sweep(settings)
        place.mkdir(parents=True, exist_ok=True)
        no_room = full((place,))
        if no_room is not None:
            raise no_room
        folder = place / secrets.token_hex(12)
        try:
            _write(files, folder / FILES)
        except BaseException:
            discard(folder)
            raise
    except OSError as error:
        raise said(error, place) from error
    return folder


def given(folder: Path) -> Path:
    """What was handed in, as `reading` takes it: the only file, or the folder of all."""
    found = list((folder / FILES).iterdir())
    return found[0] if len(found) == 1 and found[0].is_file() else folder / FILES


def discard(folder: Path) -> None:
    """Remove what was put down in a folder that `stage` gave."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(settings: Settings) -> None:
    """Remove what was put down longer ago than a day."""
    before = time.time() - _OLDEST
    for folder in (settings.home / _FOLDER).glob("*"):
        try:
            if folder.lstat().st_mtime < before:
                discard(folder)
        except FileNotFoundError:  # somebody else was quicker
            continue


def safe_path(name: str) -> tuple[str, ...]:
    """The parts of a path that stays inside of a folder, whatever it was called."""
    parts = (_safe(part) for part in re.split(r"[/\\]", name))
    kept = [part for part in parts if part]
    return tuple(kept[-_PARTS:]) or ("file",)


def _safe(part: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFC", part) if sign.isprintable())
    plain = _UNSAFE.sub("_", plain).strip().rstrip(".")
    if plain.startswith("."):
        plain = "" if set(plain) == {"."} else f"_{plain.lstrip('.')}"
    while len(plain.encode()) > 2 * _LONGEST or len(plain) > _LONGEST:
        stem, dot, ending = plain.rpartition(".")
        plain = f"{stem[:-1]}.{ending}" if dot and len(stem) > 1 and len(ending) < 10 else plain[:-1]
    return plain


def _write(files: Iterable[tuple[str, IO[bytes]]], into: Path) -> None:
    into.mkdir(parents=True)
    for name, stream in files:
        *folders, last = safe_path(name)
        path = into.joinpath(*folders, last)
        path.parent.mkdir(parents=True, exist_ok=True)
        copy = 2
        while path.exists():
            path = path.with_name(f"{Path(last).stem} ({copy}){Path(last).suffix}")
            copy += 1
        stream.seek(0)
        with path.open("xb") as target:
            shutil.copyfileobj(stream, target, _PIECE)
