"""Take a run home: as a script, a notebook, a page, a table; and its data as a file."""

from core.export.data_file import data_file
from core.export.notebook import notebook
from core.export.page import page
from core.export.spreadsheet import history_csv

__all__ = ["data_file", "history_csv", "notebook", "page"]
