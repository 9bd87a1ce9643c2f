"""Studies."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables of studies, and find runs by their experiment."""
    op.create_table(
        "studies",
        sa.Column("number", _COUNTER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "study_runs",
        sa.Column("study", _COUNTER, sa.ForeignKey("studies.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("reused", sa.Boolean, nullable=False),
        if_not_exists=True,
    )
    op.create_index("runs_by_digest", "runs", ["digest", "number"], if_not_exists=True)
