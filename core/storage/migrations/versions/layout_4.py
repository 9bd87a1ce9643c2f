"""When a run last came further, and titles as they are found now."""

import sqlalchemy as sa
from alembic import op

from core.plain_text import as_title, folded
from core.storage.migrations import add_missing_column

revision = "4"
down_revision = "3"

_runs = sa.table("runs", *map(sa.column, ("id", "title", "preset", "dataset", "searched")))
_studies = sa.table("studies", *map(sa.column, ("number", "title")))


def upgrade() -> None:
    """Add the column, and bring titles over: older layouts kept them as they came, and searched them so."""
    add_missing_column("runs", sa.Column("progressed", sa.DateTime(timezone=True)))
    connection = op.get_bind()
    for run in connection.execute(sa.select(_runs)).all():
        title = as_title(run.title)
        searched = "\x1f".join(map(folded, (title, run.preset, run.dataset, run.id)))
        if (title, searched) != (run.title, run.searched):
            changed = sa.update(_runs).where(_runs.c.id == run.id)
            connection.execute(changed.values(title=title, searched=searched))
    for study in connection.execute(sa.select(_studies)).all():
        if as_title(study.title) != study.title:
            changed = sa.update(_studies).where(_studies.c.number == study.number)
            connection.execute(changed.values(title=as_title(study.title)))
