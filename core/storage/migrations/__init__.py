"""How databases of earlier versions become one of this version, by Alembic.

Whoever changes `tables.py` adds a file to `versions` that does the same to a database in use, and raises
`tables.LAYOUT` to its revision. An empty database is made from the tables as they are and needs no migration.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, inspect

from core.storage.tables import LAYOUT

_running = Lock()  # Alembic keeps the migration under way in a global


def stamp(connection: Connection, layout: str) -> None:
    """Write down which layout a database has that no migration has seen."""
    with _running:
        command.stamp(_over(connection), layout)


def upgrade(connection: Connection) -> None:
    """Bring a stamped database to the layout of this version."""
    with _running:
        command.upgrade(_over(connection), LAYOUT)


def is_known(layout: str) -> bool:
    """Whether there is a way from this layout to that of this version."""
    folder = ScriptDirectory(str(Path(__file__).parent))
    return layout in {script.revision for script in folder.walk_revisions()}


def add_missing_column(table: str, column: Column[Any]) -> None:
    """Add a column in a migration where it is not there; SQLite knows no IF NOT EXISTS for it."""
    there = {one["name"] for one in inspect(op.get_bind()).get_columns(table)}
    if column.name not in there:
        op.add_column(table, column)


def _over(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "core.storage:migrations")
    config.attributes["connection"] = connection
    return config
