"""Take a run home: as a script, a notebook, a page, a table."""

from core.export.notebook import notebook
from core.export.page import page
from core.export.table import history_csv

__all__ = ["history_csv", "notebook", "page"]
