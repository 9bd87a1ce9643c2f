"""Classes: who sits in one, what it may train and vote on; runs that share a training, and how long they take."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.storage.migrations import add_missing_column

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Add the columns and the tables."""
    moment = sa.DateTime(timezone=True)
    columns: list[sa.Column[Any]] = [
        sa.Column("classroom", sa.String(6), nullable=False, server_default=""),
        sa.Column("follows", sa.String(32), nullable=False, server_default=""),
        sa.Column("expected", sa.Double()),
    ]
    for column in columns:
        add_missing_column("runs", column)
    op.create_index("runs_by_classroom", "runs", ["classroom", "number"], if_not_exists=True)
    op.create_index("runs_by_leader", "runs", ["follows"], if_not_exists=True)
    op.create_table(
        "classes",
        sa.Column("code", sa.String(6), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened", moment, nullable=False),
        sa.Column("ended", moment),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "class_teachers",
        sa.Column("classroom", sa.String(6), _of_class(), primary_key=True),
        sa.Column("owner", sa.Text(), primary_key=True),
        if_not_exists=True,
    )
    op.create_index("classes_by_teacher", "class_teachers", ["owner"], if_not_exists=True)
    op.create_table(
        "teaching_grants",
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("given", moment, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "seats",
        sa.Column("classroom", sa.String(6), _of_class(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("joined", moment, nullable=False),
        if_not_exists=True,
    )
    op.create_index("seats_by_name", "seats", ["classroom", "folded"], unique=True, if_not_exists=True)
    op.create_index("seats_by_owner", "seats", ["owner", "classroom"], unique=True, if_not_exists=True)
    counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "ballots",
        sa.Column("number", counter, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("classroom", sa.String(6), _of_class(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened", moment, nullable=False),
        sa.Column("revealed", moment),
        sa.Column("ended", moment),
        if_not_exists=True,
    )
    op.create_index("ballots_by_class", "ballots", ["classroom", "number"], if_not_exists=True)
    op.create_table(
        "votes",
        sa.Column("ballot", counter, sa.ForeignKey("ballots.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("seat", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("round", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("moment", moment, nullable=False),
        if_not_exists=True,
    )


def _of_class() -> sa.ForeignKey:
    return sa.ForeignKey("classes.code", ondelete="CASCADE")
