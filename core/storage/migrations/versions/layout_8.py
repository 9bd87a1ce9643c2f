"""Indexes for ten thousand runs: of a data set, of a seat, of those that are trained; the studies of a run."""

from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Make the indexes anew."""
    for name in ("runs_by_leader", "runs_by_turn"):
        op.drop_index(name, "runs", if_exists=True)
    for name, table, columns in (
        ("runs_by_leader", "runs", ["follows", "state", "number"]),
        ("runs_by_turn", "runs", ["follows", "turn"]),
        ("runs_by_dataset", "runs", ["dataset", "number"]),
        ("runs_by_seat", "runs", ["classroom", "owner", "state", "number"]),
        ("studies_by_run", "study_runs", ["run"]),
    ):
        op.create_index(name, table, columns, if_not_exists=True)
