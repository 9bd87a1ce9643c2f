"""What Alembic runs: the migrations, over the connection and in the transaction that it is given."""

from alembic import context

from core.storage.tables import VersionRow

context.configure(connection=context.config.attributes["connection"], version_table=VersionRow.__tablename__)
context.run_migrations()
