"""Groups of worker processes on one computer of which only so many train at a time.

A process is replaced after a run (but see `series`), which takes some tenths of a second. So a group has a few more
processes than trainings at a time: the next run goes to one that rests, and the one before is replaced beside it.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dask

_MARK = "turning-point group "
_SHARE = 2
"""For so many trainings at a time one process rests: those of a study may all end at the same moment."""


@dataclass(frozen=True)
class WorkerGroup:
    """Processes that belong together, and how many of them may have a run at a time."""

    name: str
    limit: int

    @classmethod
    def new(cls, limit: int) -> WorkerGroup:
        """One for so many trainings at a time."""
        return cls(secrets.token_hex(8), limit)

    @classmethod
    def of(cls, address: str, worker: Mapping[str, Any]) -> WorkerGroup:
        """That of a worker, as Dask describes it; one that nobody has put into a group is one by itself."""
        for name, limit in worker.get("resources", {}).items():
            if name.startswith(_MARK):
                return cls(name.removeprefix(_MARK), int(limit))
        return cls(str(worker.get("nanny") or address), 1)

    @property
    def processes(self) -> int:
        """How many it has: those for its trainings, and those that rest.

        Only where a fork server makes them: there one that rests costs some 25 MB, elsewhere what Keras takes.
        """
        if dask.config.get("distributed.worker.multiprocessing-method") != "forkserver":
            return self.limit
        return self.limit + math.ceil(self.limit / _SHARE)

    @property
    def resources(self) -> dict[str, float]:
        """By what its workers say that they belong to it: as Dask's resources, which no task of ours asks for."""
        return {_MARK + self.name: float(self.limit)}
