"""What is known of own data sets, for whichever command meets the name of one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from core.catalog.own import ask_here
from core.settings import Settings

if TYPE_CHECKING:
    from core.catalog import DatasetInfo


class OwnRecords:
    """Has data sets that nobody knows yet looked up in the store, once one of them is named."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        ask_here(self.find)

    def find(self, name: str) -> DatasetInfo | None:
        """The record of an own data set; None if there is none of that name."""
        from core.storage import open_store  # with SQLAlchemy, for a name that most commands never meet

        with closing(open_store(self._settings)) as store:
            return store.own_info(name)
