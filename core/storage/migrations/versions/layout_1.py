"""Runs and their epochs: the first layout, which databases of that time have already."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing to do: an empty database gets the newest tables at once."""
