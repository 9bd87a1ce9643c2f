"""From which address a waiting run was asked for."""

import sqlalchemy as sa

from core.storage.migrations import add_missing_column

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the column; runs that wait already were asked for from nowhere known."""
    add_missing_column("runs", sa.Column("address", sa.Text))
