"""Where Dask's processes keep what they need for the moment: not in the home, which they would make anew if it went."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path


def scratch_folder(home: Path) -> Path:
    """An empty folder of this user's among the temporary files, the same for each engine of a home.

    What an engine that was killed has left in it is removed.

    Raises:
        OSError: If there is no room for temporary files.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"turning-point-{user}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # somebody else's
        return Path(tempfile.mkdtemp(prefix="turning-point-"))
    return folder
