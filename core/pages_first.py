"""Pages first: while a press is being answered, trainings on the same computer hold still.

They have the lowest priority already. But they keep the processors' caches and the way to memory busy, and what a page
and the browser that draws it need is not there any more when they get a processor back.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_NAME = "pages.first"
_MOMENT = struct.Struct("<d")
_FLAGS = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

LONGEST = 0.5
"""Seconds for which trainings can be asked to hold still at a time, at most."""


class PagesFirst:
    """Until when trainings shall hold still, the same for all processes of a computer that use this home folder.

    The moment stands in a file of the folder, by the computer's monotonic clock. Where the file cannot be read or
    written nobody holds still, and nothing else follows from that. To be used by one thread.
    """

    def __init__(self, home: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = home / _NAME, clock
        self._file: int | None = None

    def hold(self, seconds: float) -> None:
        """Have trainings hold still for so long from now on, at most `LONGEST`."""
        with suppress(OSError):
            file = self._open(_FLAGS | os.O_CREAT)
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, _MOMENT.pack(self._clock() + min(seconds, LONGEST)))

    def left(self) -> float:
        """Seconds for which to hold still from now on; 0 if nobody asks for it."""
        with suppress(OSError, struct.error):
            file = self._open(_FLAGS)
            os.lseek(file, 0, os.SEEK_SET)
            (until,) = _MOMENT.unpack(os.read(file, _MOMENT.size))
            left = float(until) - self._clock()
            # What was written before the computer was started again means nothing now.
            return left if 0 < left <= LONGEST else 0.0
        return 0.0

    def close(self) -> None:
        """Let go of the file; it is opened again when it is needed."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self, flags: int) -> int:
        if self._file is None:
            self._file = os.open(self._path, flags, 0o600)
        return self._file
