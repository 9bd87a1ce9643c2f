"""Lessons: what is covered until it was predicted, what is sealed until it is opened, what was noted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.storage.migrations import add_missing_column

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the columns, and the table of what was written down of comparisons."""
    no = sa.false()
    columns: list[sa.Column[Any]] = [
        sa.Column("lesson", sa.Text(), nullable=False, server_default=""),
        sa.Column("covered", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("prediction", sa.Text()),
        sa.Column("revealed", sa.DateTime(timezone=True)),
        sa.Column("sealed", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("opening", sa.Text()),
        sa.Column("notes", sa.Text()),
    ]
    for column in columns:
        add_missing_column("runs", column)
    op.create_table(
        "comparisons",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("runs", sa.Text(), primary_key=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prediction", sa.Text()),
        sa.Column("notes", sa.Text()),
        if_not_exists=True,
    )
