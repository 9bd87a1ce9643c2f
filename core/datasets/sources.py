"""Where a data set comes from, in order: the program itself, its own copy, a folder, the network.

Own sets have no folder and no network, but the archive that this server keeps of each.

The generated texts are copied too: every process then maps the same memory, and opens it at once.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.catalog import DatasetInfo, dataset_info
from core.datasets import bundled, cache, download, own_files
from core.datasets.archives import Arrays
from core.datasets.containers import Container, containers, incomplete
from core.datasets.dataset import (
    Availability,
    FetchProgress,
    ImageDataset,
    RaggedTokens,
    RawTexts,
    TextDataset,
    Vocabulary,
)
from core.errors import DataDamagedError, DataMissingError
from core.settings import Settings

Progress = Callable[[FetchProgress], None]


def availability(name: str, settings: Settings) -> Availability:
    """Where a data set would be read from, by file names and sizes alone: cheap enough for every page view."""
    known = dataset_info(name)
    if known.origin == "own":
        here = cache.is_there(known, settings) or own_files.is_kept(known, settings)
        return Availability(here=here, where="own" if here else "none")
    if known.origin != "published":
        return Availability(here=True, where=known.origin)
    if cache.is_there(known, settings):
        return Availability(here=True, where="cache", path=cache.folder(known, settings))
    for container, _ in _found(known, settings):
        return Availability(here=True, where="folder", path=container.path)
    return Availability(here=False, where="none")


def open_dataset(
    name: str, settings: Settings, *, fetch: bool = True, progress: Progress | None = None
) -> ImageDataset | TextDataset:
    """Open a data set; the first time, check its files and keep a copy that opens at once from then on.

    Any number of processes may call this at the same time: one prepares, the others wait for it.

    Raises:
        DataMissingError: If it is not here and is not to be fetched; says it if something is wrong with the folder
            with data files, or some of the files are missing in it.
        DataDamagedError: If a file is not what it should be. A file in the named folder is always reported,
            never passed over; one in Keras' own folder, or a damaged copy, only where there is no other way.
        NoNetworkError: If it could not be fetched.
        DataError: If there is no data set of that name, or no room for it.
        StorageError: If the home folder cannot be written.
    """
    known = dataset_info(name)
    if known.origin == "bundled":
        return bundled.digits()
    arrays, damage = _copy(known, settings)
    if arrays is None:
        nowhere = known.origin == "published" and damage is None and not any(_found(known, settings))
        if nowhere and not fetch:
            raise _missing(known, settings)
        with cache.lock(known, settings):
            arrays = _made(known, settings, fetch=fetch, progress=progress)
    return _dataset(known, arrays)


def download_dataset(
    name: str, settings: Settings, *, progress: Progress | None = None
) -> ImageDataset | TextDataset:
    """Fetch a data set even if a folder has (damaged) files of it; a copy that is in order is opened instead.

    It raises what `open_dataset` raises.
    """
    known = dataset_info(name)
    if known.origin != "published":
        return open_dataset(name, settings)
    with cache.lock(known, settings):
        arrays, _ = _copy(known, settings)
        if arrays is None:
            arrays = cache.write(download.fetch(known, settings, progress), known, settings)
    return _dataset(known, arrays)


def folder_complaint(settings: Settings) -> DataMissingError | None:
    """What is wrong with the folder that TURNING_POINT_DATASETS names; None if nothing is, or none is named."""
    folder = settings.datasets
    if folder is None:
        return None
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return DataMissingError("data_folder_is_file", folder=str(folder))
        with contextlib.suppress(FileNotFoundError):
            # Shows whether its files may be looked at; listing is not needed.
            (folder / "README.md").lstat()
    except FileNotFoundError:
        return DataMissingError("data_folder_missing", folder=str(folder))
    except NotADirectoryError:
        return DataMissingError("data_folder_is_file", folder=str(folder))
    except OSError as error:
        reason = error.strerror or str(error)
        return DataMissingError("data_folder_unreadable", folder=str(folder), reason=reason)
    return None


def complaint(name: str, settings: Settings) -> DataMissingError | None:
    """Why a data set is not found although files were meant to be there; None if it is here, or none were."""
    known = dataset_info(name)
    if availability(name, settings).here:
        return None
    if known.own:
        return own_files.gone(known)
    found = folder_complaint(settings)
    if found is not None:
        return found
    for folder in _folders(settings):
        part = incomplete(folder, known)
        if part is not None:
            return DataMissingError(
                "data_part_missing",
                dataset=name,
                folder=str(part.folder),
                there=", ".join(part.there),
                missing=", ".join(part.missing),
            )
    return None


def keras_folder() -> Path | None:
    """Where Keras keeps what it downloads; only read. None if nobody can tell whose home is meant."""
    home = os.environ.get("KERAS_HOME")
    try:
        return (Path(home).expanduser() if home else Path.home() / ".keras") / "datasets"
    except RuntimeError:
        return None


def _folders(settings: Settings) -> list[Path]:
    """Where files may be: the folder that the user named first."""
    return [folder for folder in (settings.datasets, keras_folder()) if folder is not None]


def _found(known: DatasetInfo, settings: Settings) -> Iterator[tuple[Container, bool]]:
    """What folders have of a data set, and whether the user named the folder: then a damaged file is reported."""
    for folder in _folders(settings):
        yield from ((container, folder == settings.datasets) for container in containers(folder, known))


def _copy(known: DatasetInfo, settings: Settings) -> tuple[Arrays | None, DataDamagedError | None]:
    """The own copy, or why it is of no use."""
    try:
        return cache.read(known, settings), None
    except DataDamagedError as error:
        return None, error


def _made(known: DatasetInfo, settings: Settings, *, fetch: bool, progress: Progress | None) -> Arrays:
    """The copy, made if no other process has made it meanwhile; to be called with the lock."""
    arrays, damage = _copy(known, settings)
    if arrays is not None:
        return arrays
    if known.generated:
        return cache.write(bundled.generated_texts(known.name), known, settings)
    if known.own:
        return cache.write(own_files.read(known, settings), known, settings)
    for container, named in _found(known, settings):
        try:
            return cache.write(container.read(known), known, settings)
        except DataDamagedError as error:
            if named:
                raise
            damage = error
    if fetch:
        return cache.write(download.fetch(known, settings, progress), known, settings)
    if damage is not None:
        raise damage
    raise _missing(known, settings)


def _missing(known: DatasetInfo, settings: Settings) -> DataMissingError:
    found = complaint(known.name, settings)
    return found or DataMissingError("data_missing", dataset=known.name, files=" / ".join(known.files))


def _dataset(known: DatasetInfo, arrays: Arrays) -> ImageDataset | TextDataset:
    name, class_names = known.name, known.class_names
    if known.kind == "image":
        return ImageDataset(name=name, class_names=class_names, **arrays)
    # Texts are cut into thousands of small views: a plain view of the same memory makes each cheaper.
    plain = {each: array.view(np.ndarray) for each, array in arrays.items()}
    return TextDataset(
        name=name,
        class_names=class_names,
        x_train=RaggedTokens(plain["train_tokens"], plain["train_offsets"]),
        y_train=plain["y_train"],
        x_test=RaggedTokens(plain["test_tokens"], plain["test_offsets"]),
        y_test=plain["y_test"],
        vocabulary=Vocabulary.from_bytes(plain["vocabulary"]),
        raw_train=RawTexts(plain["train_texts"], plain["train_text_offsets"]) if known.own else None,
        raw_test=RawTexts(plain["test_texts"], plain["test_text_offsets"]) if known.own else None,
    )
