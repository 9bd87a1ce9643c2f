"""Own data sets, who brought them along, and what classes draw."""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Add the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "own_data",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("info", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added", moment, nullable=False),
        sa.Column("removed", moment),
        if_not_exists=True,
    )
    op.create_table(
        "own_data_holders",
        sa.Column(
            "name", sa.String(40), sa.ForeignKey("own_data.name", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("owner", sa.Text(), primary_key=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("since", moment, nullable=False),
        if_not_exists=True,
    )
    op.create_index("own_data_by_owner", "own_data_holders", ["owner"], if_not_exists=True)
    counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "drawing_collections",
        sa.Column("number", counter, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column(
            "classroom", sa.String(6), sa.ForeignKey("classes.code", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opened", moment, nullable=False),
        sa.Column("ended", moment),
        sa.Column("dataset", sa.String(40), nullable=False),
        if_not_exists=True,
    )
    op.create_index(
        "drawing_collections_by_class", "drawing_collections", ["classroom", "number"], if_not_exists=True
    )
    op.create_table(
        "drawings",
        sa.Column("number", counter, primary_key=True, autoincrement=True),
        sa.Column(
            "collection",
            counter,
            sa.ForeignKey("drawing_collections.number", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Text(), nullable=False),
        sa.Column("moment", moment, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        if_not_exists=True,
    )
    op.create_index("drawings_by_seat", "drawings", ["collection", "seat"], if_not_exists=True)
