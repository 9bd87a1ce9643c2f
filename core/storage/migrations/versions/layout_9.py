"""How an own data set was made, with whoever brought it along."""

import sqlalchemy as sa

from core.storage.migrations import add_missing_column

revision = "9"
down_revision = "8"


def upgrade() -> None:
    """Add the column: of older sets nobody knows."""
    add_missing_column("own_data_holders", sa.Column("made", sa.Text()))
