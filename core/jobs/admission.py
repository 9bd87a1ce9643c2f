"""Which workers of a cluster elsewhere get runs, and why others get none.

A worker tells the scheduler what it trains with when it joins (`core.jobs.kit`), so each of its processes is compared
without asking it. Once, and again while something is wrong, it is also asked to look at the database and the artifacts:
it must know a run of ours, see a file that was left here, and be able to leave one.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from asyncio import to_thread
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from distributed import Client

from core.errors import JobError
from core.jobs.kit import ANNOUNCED, Kit, differences
from core.jobs.tasks import probe_task
from core.jobs.worker_groups import WorkerGroup
from core.storage import Store
from core.storage.probe import ProbeFiles

_log = logging.getLogger(__name__)

#: Seconds until a worker that could not be used is asked once more, and that its answer may take.
AGAIN, LONGEST = 10.0, 60.0


@dataclass
class _Asked:
    """What is known of a worker that was asked, or is being asked."""

    run: str
    """Which run it was asked for; "" where there was none yet."""
    at: float = field(default_factory=time.monotonic)
    error: JobError | None = None
    task: asyncio.Task[None] | None = None
    """As long as it has not answered."""


class Admission:
    """Looks at the workers of one engine's cluster; `say` is told who is refused, whenever that changes.

    Workers that are minded by a nanny are known by it, since their processes come and go.
    """

    def __init__(
        self,
        kit: Kit,
        store: Store,
        environment: Mapping[str, str],
        *,
        name: str,
        say: Callable[[Sequence[JobError]], None],
    ) -> None:
        self._kit = kit
        self._store = store
        self._environment = dict(environment)
        self._name = name
        self._say = say
        self._token = secrets.token_hex(16)
        self._left = False  # whether our file is there to be seen
        self._asked: dict[str, _Asked] = {}
        self._joined: dict[str, str] = {}  # what was logged of a worker
        self._refused: dict[str, JobError] = {}

    def is_refused(self, address: str) -> bool:
        """Whether a worker gets nothing, as far as is known."""
        return address in self._refused

    def look(self, known: Mapping[str, Any]) -> None:
        """See who is there, and say whom of them is refused."""
        here = {_who(address, worker) for address, worker in known.items()}
        for gone in self._asked.keys() - here:
            asked = self._asked.pop(gone)
            if asked.task is not None:
                asked.task.cancel()
        self._joined = {who: what for who, what in self._joined.items() if who in here}
        for address, worker in known.items():
            self._greet(address, worker)
        self._judge(known)

    def to_ask(self, known: Mapping[str, Any]) -> Collection[str]:
        """The addresses of those about whom nothing is known, or nothing good."""
        return [address for address, worker in known.items() if self._is_to_be_asked(address, worker)]

    async def ask(self, client: Client, workers: Mapping[str, Any]) -> None:
        """Ask workers that have nothing else to do; their answers are seen with later looks.

        Raises:
            StorageError: If the database or the artifacts do not answer here.
        """
        run = await to_thread(self._newest_run)
        await to_thread(self._leave_probe)
        for address, worker in workers.items():
            before = self._asked.get(_who(address, worker))
            if not run and before is not None and time.monotonic() - before.at < AGAIN:
                continue  # there is nothing more to be asked than before
            asked = self._asked[_who(address, worker)] = _Asked(run)
            asked.task = asyncio.create_task(self._hear(client, address, asked))

    def admits(self, address: str, worker: Mapping[str, Any]) -> bool:
        """Whether a worker may have a run now."""
        asked = self._asked.get(_who(address, worker))
        fits = asked is not None and asked.task is None and asked.error is None and asked.run != ""
        return fits and _misfit(self._kit, address, worker) is None

    def begin(self) -> None:
        """Know nothing of any worker, and wait for no answer any more: there is another scheduler."""
        for asked in self._asked.values():
            if asked.task is not None:
                asked.task.cancel()
        self._asked.clear()

    # What they say

    def _greet(self, address: str, worker: Mapping[str, Any]) -> None:
        theirs = worker.get(ANNOUNCED) or {}
        what = ", ".join(f"{name} {value}" for name, value in theirs.items())
        if self._joined.get(_who(address, worker)) != what:
            self._joined[_who(address, worker)] = what
            _log.info("The worker %s is there: %s.", address, what or "it does not say with what")

    def _judge(self, known: Mapping[str, Any]) -> None:
        refused: dict[str, JobError] = {}
        for address, worker in known.items():
            asked = self._asked.get(_who(address, worker))
            error = _misfit(self._kit, address, worker) or (asked.error if asked is not None else None)
            if error is not None:
                refused[address] = error
        if {one: str(error) for one, error in refused.items()} != {
            one: str(error) for one, error in self._refused.items()
        }:
            for address in refused.keys() - self._refused.keys():
                _log.warning("%s", refused[address])
            groups = {(WorkerGroup.of(at, known[at]).name, one.code): one for at, one in refused.items()}
            self._say(list(groups.values()))  # the processes of a group have it all in common
        self._refused = refused

    # Asking them

    def _is_to_be_asked(self, address: str, worker: Mapping[str, Any]) -> bool:
        if _misfit(self._kit, address, worker) is not None:
            return False  # it may not even know the question
        asked = self._asked.get(_who(address, worker))
        if asked is None:
            return True
        if asked.task is not None:
            return False
        if asked.error is not None:
            return time.monotonic() - asked.at > AGAIN
        return asked.run == ""

    def _newest_run(self) -> str:
        return next((run.id for run in self._store.summaries(limit=1)), "")

    def _leave_probe(self) -> None:
        if not self._left:
            ProbeFiles(self._store.artifacts.root).leave(self._name, self._token.encode())
            self._left = True

    async def _hear(self, client: Client, address: str, asked: _Asked) -> None:
        future = client.submit(
            probe_task,
            asked.run,
            self._name,
            self._token,
            self._environment,
            key=f"probe-{secrets.token_hex(8)}",
            workers=[address],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        answered = False
        try:
            error = await asyncio.wait_for(future.exception(), LONGEST)
            if error is not None:
                reason = str(error) or type(error).__name__
                asked.error = JobError("worker_not_usable", worker=address, reason=reason)
            else:
                code, details = await future.result()
                asked.error = JobError(code, worker=address, **details) if code else None
            answered = not future.cancelled()
        except TimeoutError:
            asked.error, answered = JobError("worker_silent", worker=address, seconds=int(LONGEST)), True
        except OSError as error:
            _log.debug("The worker %s could not be asked: %s", address, error)  # the scheduler is lost
        finally:
            asked.run = asked.run if answered else ""
            asked.at, asked.task = time.monotonic(), None
            future.release()


def _who(address: str, worker: Mapping[str, Any]) -> str:
    return str(worker.get("nanny") or address)


def _misfit(ours: Kit, address: str, worker: Mapping[str, Any]) -> JobError | None:
    """Why a worker cannot train the same as this program does; None if it can."""
    theirs = worker.get(ANNOUNCED)
    if not isinstance(theirs, Mapping):
        return JobError("worker_without_preload", worker=address)
    found = differences(ours, theirs)
    if not found:
        return None
    first = found[0]
    if first.is_library:
        return JobError(
            "worker_other_library", worker=address, name=first.name, theirs=first.theirs, ours=first.ours
        )
    code = "worker_other_data" if first.name == "data" else "worker_other_code"
    return JobError(code, worker=address, theirs=first.theirs, ours=first.ours)
