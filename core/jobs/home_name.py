"""What the runs of a home folder are claimed under, whatever its computer is called."""

from __future__ import annotations

import logging
import re
import secrets
import socket
from pathlib import Path

_NAME = "engine.name"
_WRITTEN = re.compile(r"[0-9a-f]{16}")

_log = logging.getLogger(__name__)


def home_name(home: Path) -> str:
    """A name that stays with a home folder, ending in ":"; to be asked for by the folder's one engine only.

    By it an engine tells the runs that earlier engines of the same folder have left from those of other folders that
    share a database. The folder's number on its disk is part of the name, so that a copy has another one.
    """
    path = home / _NAME
    try:
        written = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
        if not _WRITTEN.fullmatch(written):
            written = secrets.token_hex(8)
            path.write_text(written, encoding="ascii")
        return f"{written}.{home.stat().st_ino}:"
    except OSError as error:
        # What is claimed under this one is found again by its silence.
        _log.warning("The home folder could not be given a name: %s", error)
        return f"{socket.gethostname()}:{home}:"
