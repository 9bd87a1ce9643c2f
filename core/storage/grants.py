"""Which browsers may open classes, because they have named the passcode of the server."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from core.storage.database import Database
from core.storage.records import now, storable
from core.storage.tables import GrantRow


class Grants(Database):
    """Who may teach; see `Store` for what holds of all methods.

    A grant is sealed with the passcode that was named: with another passcode it is none.
    """

    def grant_teaching(self, owner: str, seal: str) -> None:
        """Let a browser open classes from now on; that it has named the passcode is for the caller to know."""
        with self._writing() as connection:
            connection.execute(delete(GrantRow).where(GrantRow.owner == storable(owner)))
            connection.execute(insert(GrantRow).values(owner=storable(owner), seal=seal, given=now()))

    def withdraw_teaching(self, owner: str) -> None:
        """Take the grant back; the classes that the browser teaches stay its own."""
        with self._writing() as connection:
            connection.execute(delete(GrantRow).where(GrantRow.owner == storable(owner)))

    def teaching_seal(self, owner: str) -> str | None:
        """What seals the grant of a browser; None if it has none."""
        with self._reading() as connection:
            wanted = select(GrantRow.seal).where(GrantRow.owner == storable(owner))
            found: str | None = connection.execute(wanted).scalar()
            return found
