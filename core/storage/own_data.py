"""Own data sets: whose they are, who may use them, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from core.catalog import DataKind, DatasetInfo, dataset_info, is_own
from core.catalog.own import ask_here, ask_no_longer, checked_names, from_plain, register, to_plain
from core.datasets.data_files import DataFiles
from core.datasets.own_files import gone, keep_labels
from core.errors import DataError
from core.plain_text import as_name, as_title
from core.run import ACTIVE
from core.storage.artifacts import Artifacts
from core.storage.database import Database
from core.storage.records import now, storable
from core.storage.tables import DataHolderRow, OwnDataRow, RunRow

MEGABYTE = 1_000_000
MOST_SETS = 100
"""How many own sets one owner may keep."""


@dataclass(frozen=True)
class OwnDataset:
    """An own data set as one owner sees it.

    Attributes:
        size: Bytes of its file.
        mine: Whether this owner brought it along (too), and may give it up.
        named: Whether this owner may change its words: the first of those who brought it along.
        shared: Whether everybody may use it.
        made: How it was made, plain (`core.own_data.making`): by this owner, else by one of those who share it; None if
            it is older than such records.
    """

    info: DatasetInfo
    size: int
    added: datetime
    mine: bool
    named: bool
    shared: bool
    made: Mapping[str, Any] | None = None


class OwnData(Database):
    """Own data sets; see `Store` for what holds of all methods.

    A set is called by what is in it. Who brings along what is here already holds it together with those before, at no
    cost; its words are those of the first of them. Samples go with the last holder; the record stays.
    """

    def __init__(self, database: str, artifacts: Artifacts) -> None:
        super().__init__(database, artifacts)
        self.data_files = DataFiles(artifacts.root)
        for info in self._known_data():
            register(info)
        ask_here(self.own_info)

    def close(self) -> None:
        """Give back connections; it is not used afterwards, and not asked for own data any more."""
        ask_no_longer(self.own_info)
        super().close()

    def add_own_data(
        self,
        info: DatasetInfo,
        file: Path,
        *,
        owner: str,
        made: Mapping[str, Any] | None = None,
        shared: bool = False,
        megabytes: int = 0,
    ) -> OwnDataset:
        """Keep an own data set with the archive of its samples (`core.export.data_file`) for an owner.

        Args:
            made: How it was made, as plain data; of what the owner holds already it takes the place of what was kept.
            shared: Whether everybody may use it.
            megabytes: How much this owner may keep in all, this one included; 0 for any amount.

        Raises:
            DataError: If that is more than the owner may keep ("own_data_quota"), or there are `MOST_SETS` of them.
        """
        owner, size = storable(owner), file.stat().st_size
        with self._reading() as connection:
            self._check_room(connection, info, owner, size, megabytes)
        # The file first: a record without samples would be refused by whoever trains on it.
        if not self.data_files.exists(info.name):
            self.data_files.put(info.name, file)
        try:
            with self._writing() as connection:
                self._check_room(connection, info, owner, size, megabytes)
                _keep(connection, info, size)
                _hold(connection, info.name, owner, made, shared=shared)
                found = _seen_by(connection, owner, OwnDataRow.name == info.name)[0]
        except DataError:
            if not self.data_holders(info.name):  # nobody keeps it, so nobody would ever remove it
                self.data_files.remove(info.name)
            raise
        register(found.info)
        return found

    def own_info(self, name: str) -> DatasetInfo | None:
        """The record of an own data set, also of one whose samples were removed; None if there never was one."""
        with self._reading() as connection:
            plain = connection.execute(
                select(OwnDataRow.info).where(OwnDataRow.name == storable(name))
            ).scalar()
        return None if plain is None else from_plain(plain)

    def own_data(self, owner: str | None) -> tuple[OwnDataset, ...]:
        """The own data sets that an owner may use, the newest first; what this process knows of them is renewed.

        All that there are for None, who has the server.
        """
        with self._reading() as connection:
            found = _seen_by(connection, None if owner is None else storable(owner))
        for one in found:
            register(one.info)
        return found

    def may_use(self, name: str, owner: str) -> bool:
        """Whether an owner may look into a data set and train on it: any published one, own ones held or shared."""
        if not is_own(name):
            return True
        with self._reading() as connection:
            return bool(_seen_by(connection, storable(owner), OwnDataRow.name == storable(name)))

    def check_data_use(self, name: str, owner: str) -> None:
        """Refuse an own data set whose samples are gone, or that an owner may neither look into nor train on.

        Raises:
            DataMissingError: "own_data_gone".
            DataError: "own_data_private", "own_data_unknown".
        """
        if is_own(name):
            with self._reading() as connection:
                check_use(connection, name, owner)

    def check_run_data(self, run: str, owner: str, kinds: Collection[DataKind]) -> None:
        """Refuse what `check_data_use` does of the data of a run, if they are of one of these kinds."""
        with self._reading() as connection:
            name = connection.execute(select(RunRow.dataset).where(RunRow.id == storable(run))).scalar()
            if name is not None and is_own(name) and dataset_info(name).kind in kinds:
                check_use(connection, name, owner)

    def data_holders(self, name: str) -> tuple[str, ...]:
        """Who holds an own data set, in the order in which they brought it along: for whoever has the server."""
        held = select(DataHolderRow.owner).where(DataHolderRow.name == storable(name))
        with self._reading() as connection:
            return tuple(connection.execute(held.order_by(DataHolderRow.since)).scalars())

    def held_bytes(self, owner: str) -> int:
        """How much the own data sets of an owner take up."""
        with self._reading() as connection:
            return _held(connection, storable(owner))[1]

    def name_own_data(
        self, name: str, *, owner: str, title: str, class_names: Sequence[str], license_note: str
    ) -> DatasetInfo:
        """Call a data set and its classes otherwise from now on, for everybody; its runs stay the same.

        Raises:
            DataError: If this owner may not ("own_data_not_yours"), a name is empty ("own_data_name_empty"), or two
                classes would be called the same ("own_data_class_twice").
        """
        with self._writing() as connection:
            found = _seen_by(connection, storable(owner), OwnDataRow.name == storable(name))
            if not found or not found[0].named:
                raise DataError("own_data_not_yours", received=name)
            info = renamed(found[0].info, title, class_names, license_note)
            changed = update(OwnDataRow).where(OwnDataRow.name == info.name)
            connection.execute(changed.values(info=to_plain(info)))
        register(info)
        return info

    def share_own_data(self, name: str, *, owner: str, shared: bool) -> None:
        """Let everybody use a data set, or those only who brought it along.

        Raises:
            DataError: If this owner did not bring it along ("own_data_not_yours").
        """
        mine = (DataHolderRow.name == storable(name), DataHolderRow.owner == storable(owner))
        with self._writing() as connection:
            if not connection.execute(update(DataHolderRow).where(*mine).values(shared=shared)).rowcount:
                raise DataError("own_data_not_yours", received=name)

    def remove_own_data(self, name: str, *, owner: str) -> bool:
        """Give up a data set; its samples are removed if nobody else holds it, but for the classes of its test set.

        Returns:
            Whether they were.

        Raises:
            DataError: If this owner did not bring it along ("own_data_not_yours"), or runs on it that wait or learn
                would lose it ("own_data_in_use").
        """
        mine = (DataHolderRow.name == storable(name), DataHolderRow.owner == storable(owner))
        others = select(func.count()).where(
            DataHolderRow.name == storable(name), DataHolderRow.owner != storable(owner)
        )
        active = select(func.count()).where(RunRow.dataset == storable(name), RunRow.state.in_(ACTIVE))
        with self._writing() as connection:
            if not connection.execute(delete(DataHolderRow).where(*mine)).rowcount:
                raise DataError("own_data_not_yours", received=name)
            if connection.execute(others).scalar_one():
                return False
            runs = connection.execute(active).scalar_one()
            if runs:
                raise DataError("own_data_in_use", received=name, runs=runs)
            removal = update(OwnDataRow).where(OwnDataRow.name == storable(name)).values(removed=now())
            connection.execute(removal)
            plain = connection.execute(
                select(OwnDataRow.info).where(OwnDataRow.name == storable(name))
            ).scalar_one()
        keep_labels(from_plain(plain), self.data_files)
        self.data_files.remove(name)
        return True

    def _known_data(self) -> tuple[DatasetInfo, ...]:
        with self._reading() as connection:
            return tuple(map(from_plain, connection.execute(select(OwnDataRow.info)).scalars()))

    def _check_room(
        self, connection: Connection, info: DatasetInfo, owner: str, size: int, megabytes: int
    ) -> None:
        if _seen_by(connection, owner, OwnDataRow.name == info.name, DataHolderRow.owner == owner):
            return
        count, held = _held(connection, owner)
        if count >= MOST_SETS:
            raise DataError("own_data_too_many", received=count, limit=MOST_SETS)
        if megabytes and held + size > megabytes * MEGABYTE:
            details = {"received": _megabytes(size), "held": _megabytes(held), "limit": megabytes}
            raise DataError("own_data_quota", **details)


def renamed(info: DatasetInfo, title: str, class_names: Sequence[str], license_note: str) -> DatasetInfo:
    """The record with other words.

    Raises:
        DataError: If a name is empty ("own_data_name_empty"), there are too many or too few ("own_data_class_count"),
            or two classes would be called the same ("own_data_class_twice").
    """
    names = checked_names(tuple(map(as_name, class_names)), info.classes)
    title = as_name(title)
    if not title:
        raise DataError("own_data_name_empty")
    return replace(info, title=title, task=title, class_names=names, license=as_title(license_note))


def check_use(connection: Connection, name: str, owner: str) -> None:
    """Refuse to train on an own data set that is gone, or that the owner may not use.

    Raises:
        DataMissingError: "own_data_gone".
        DataError: "own_data_private", "own_data_unknown".
    """
    if not is_own(name):
        return
    wanted = select(OwnDataRow.info, OwnDataRow.removed).where(OwnDataRow.name == storable(name))
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise DataError("own_data_unknown", received=name)
    info = from_plain(row.info)
    if row.removed is not None:
        raise gone(info)
    if not _seen_by(connection, storable(owner), OwnDataRow.name == storable(name)):
        raise DataError("own_data_private", received=name, title=info.title)


def _keep(connection: Connection, info: DatasetInfo, size: int) -> None:
    back = update(OwnDataRow).where(OwnDataRow.name == info.name, OwnDataRow.removed.is_not(None))
    if connection.execute(back.values(removed=None, info=to_plain(info), size=size)).rowcount:
        return
    there = select(OwnDataRow.name).where(OwnDataRow.name == info.name)
    if connection.execute(there).scalar() is None:
        values = {"name": info.name, "info": to_plain(info), "size": size, "added": now()}
        connection.execute(insert(OwnDataRow).values(values))


def _hold(
    connection: Connection, name: str, owner: str, made: Mapping[str, Any] | None, *, shared: bool
) -> None:
    mine = (DataHolderRow.name == name, DataHolderRow.owner == owner)
    if connection.execute(select(DataHolderRow.name).where(*mine)).scalar() is None:
        values = {"name": name, "owner": owner, "shared": shared, "since": now(), "made": made}
        connection.execute(insert(DataHolderRow).values(values))
    elif made is not None:
        connection.execute(update(DataHolderRow).where(*mine).values(made=made))


def _held(connection: Connection, owner: str) -> tuple[int, int]:
    """How many sets an owner holds, and their bytes."""
    joined = (
        select(func.count(), func.coalesce(func.sum(OwnDataRow.size), 0))
        .join(DataHolderRow, DataHolderRow.name == OwnDataRow.name)
        .where(DataHolderRow.owner == owner)
    )
    count, size = connection.execute(joined).one()
    return int(count), int(size)


def _seen_by(connection: Connection, owner: str | None, *which: Any) -> tuple[OwnDataset, ...]:
    """The sets that an owner may use, the newest first; all of them for None."""
    wanted = (
        select(OwnDataRow, DataHolderRow.owner, DataHolderRow.shared, DataHolderRow.made)
        .join(DataHolderRow, DataHolderRow.name == OwnDataRow.name)
        .where(OwnDataRow.removed.is_(None), *which)
        .order_by(OwnDataRow.added.desc(), OwnDataRow.name, DataHolderRow.since)
    )
    if owner is not None:
        usable = select(DataHolderRow.name).where(or_(DataHolderRow.owner == owner, DataHolderRow.shared))
        wanted = wanted.where(OwnDataRow.name.in_(usable))
    rows = dict[str, list[Any]]()
    for row in connection.execute(wanted):
        rows.setdefault(row.name, []).append(row)
    return tuple(
        OwnDataset(
            info=from_plain(held[0].info),
            size=held[0].size,
            added=held[0].added,
            mine=any(one.owner == owner for one in held),
            named=held[0].owner == owner,
            shared=any(one.shared for one in held),
            made=_made(held, owner),
        )
        for held in rows.values()
    )


def _made(held: Sequence[Any], owner: str | None) -> Mapping[str, Any] | None:
    """How a set was made by this owner, else by the first of those who tell it: all of them for None."""
    own = [one.made for one in held if one.owner == owner]
    told = [one.made for one in held if one.shared or owner is None]
    return next((made for made in (*own, *told) if made is not None), None)


def _megabytes(size: int) -> float:
    return round(size / MEGABYTE, 1)
