"""Folders that may not be read, also where the tests run as root, who may read everything."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests  # noqa: F401 - whose parts nobody may read later, where Python belongs to root

NOBODY = 65_534


@contextmanager
def as_somebody_else() -> Iterator[Path]:
    """Give up root's rights for a while, if there are any; in a folder that belongs to who is left."""
    folder = Path(tempfile.mkdtemp(prefix="tp-rights-"))
    root = os.geteuid() == 0
    try:
        if root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        for each in folder.rglob("*"):
            if each.is_dir() and not each.is_symlink():
                each.chmod(0o700)
        shutil.rmtree(folder)
