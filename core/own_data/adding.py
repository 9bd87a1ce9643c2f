"""Keeping a data set that was made of files, and giving one up: what the page and the command line have in common."""

from __future__ import annotations

from pathlib import Path

from core.catalog import DatasetInfo, dataset_info
from core.datasets import cache
from core.free_space import full
from core.own_data.making import Making, to_plain
from core.settings import Settings
from core.storage import Store
from core.storage.own_data import OwnDataset


def add(
    archive: Path,
    info: DatasetInfo,
    store: Store,
    settings: Settings,
    *,
    owner: str,
    making: Making | None = None,
    shared: bool = False,
    limited: bool = True,
) -> OwnDataset:
    """Keep a data set with the archive of its samples for an owner; equal ones are one, and cost nothing more.

    Args:
        making: How it was made, to be kept with it.
        shared: Whether everybody may use it.
        limited: Whether the owner may keep so much and no more (`Settings.data_megabytes`).

    Raises:
        DataError: If the owner keeps too much already ("own_data_quota", "own_data_too_many").
        StorageError: If there is no room, or storage does not answer.
    """
    no_room = full(store.folders)
    if no_room is not None:
        raise no_room
    limit = settings.data_megabytes if limited else 0
    made = None if making is None else to_plain(making)
    # So that nobody removes the file of a set that is just being added again.
    with cache.lock(info, settings):
        return store.add_own_data(info, archive, owner=owner, made=made, shared=shared, megabytes=limit)


def remove(name: str, store: Store, settings: Settings, *, owner: str) -> bool:
    """Give up a data set; its samples go if nobody else holds it. Its runs keep all that was recorded of them.

    Returns:
        Whether the samples were removed.

    Raises:
        DataError: If it is not this owner's ("own_data_not_yours"), or runs wait for it or learn from it
            ("own_data_in_use"); if there is none of that name.
        StorageError: If storage does not answer.
    """
    info = dataset_info(name)
    with cache.lock(info, settings):
        removed = store.remove_own_data(name, owner=owner)
    if removed:
        cache.forget(info, settings)
    return removed
